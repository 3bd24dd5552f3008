// NumPy's .npy and .npz files.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/mapped_file.h"
#include "ir/tensor.h"

namespace wherry {

/// One array. Fixed-length byte strings ("|S5") become string tensors with trailing zeros removed,
/// Fortran order is turned round, big-endian data swapped. Errors: malformed, unsupported
/// (objects).
Expected<Tensor> parse_npy(const SharedBytes& file);
/// All arrays of an archive, in its order, names without ".npy".
Expected<std::vector<std::pair<std::string, Tensor>>> parse_npz(const SharedBytes& file);

/// The bytes of a .npy file; bfloat16 is widened to float32, strings become "|S<longest>".
Expected<std::vector<std::byte>> npy_bytes(const TensorView& tensor);
/// The bytes of an .npz file with stored entries.
Expected<std::vector<std::byte>> npz_bytes(
    const std::vector<std::pair<std::string, TensorView>>& arrays);

}  // namespace wherry
