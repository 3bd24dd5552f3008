// Writes how the elements of a tensor stand for real numbers.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include "ir/tensor_type.h"

namespace wherry::tflite {

flatbuffers::uoffset_t write_quantization(flatbuffers::FlatBufferBuilder& builder,
                                          const Quantization& quantization);

}  // namespace wherry::tflite
