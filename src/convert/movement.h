// Moves the inputs and the small weights of a model a little, as roundings do.
#pragma once

#include "ir/model.h"
#include "ir/tensor.h"
#include "wherry/converter.h"

namespace wherry {

/// How far numbers are moved to see what roundings do, and how many times as far those of a format
/// may move an output.
struct Movement {
  float share = 0;
  double times = 0;
};

/// Each of many layers adds its own roundings, and one of float16's weights is worth 2^12 of
/// float32's; but outputs that are nearly 0 or 1 do not move at all until the movement is as large
/// as the roundings. dynamic rounds what comes in, so that smaller movements would be lost.
/// Nothing for int8, where calibration matters more.
std::vector<Movement> movements_of(Format format);

/// Each number a little away, some up and some down: which ones, the pattern decides.
Expected<Tensor> moved_a_little(const Tensor& input, float share, uint32_t pattern);

/// The model with its biases and small weights moved so. An input that is small beside what is
/// added to it, as pictures are before they are centred, would not tell what the layers round.
Model with_moved_weights(const Model& model, float share, uint32_t pattern);

}  // namespace wherry
