// Writes how the elements of a tensor stand for real numbers.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include "ir/tensor_type.h"
#include "tflite/shared_vectors.h"

namespace wherry::tflite {

flatbuffers::uoffset_t write_quantization(flatbuffers::FlatBufferBuilder& builder,
                                          SharedVectors& vectors, const Quantization& quantization);

}  // namespace wherry::tflite
