// The IDX format of MNIST, plain or gzip-compressed.
#pragma once

#include "base/mapped_file.h"
#include "ir/tensor.h"

namespace wherry {

/// True when the bytes are an IDX file, or a gzip file (which is taken to hold one).
bool is_idx(std::span<const std::byte> bytes);
/// The array, big-endian data swapped. Errors: malformed, unsupported, too_large.
Expected<Tensor> parse_idx(std::span<const std::byte> bytes);

}  // namespace wherry
