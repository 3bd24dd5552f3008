// What all recurrent operators share: how a sequence lies in memory, and what a state must be.
#pragma once

#include <cmath>

#include "ops/context.h"

namespace wherry::recurrent {

/// Where the vectors of [batch, time, depth], [time, batch, depth] or [batch, depth] stand.
struct SequenceLayout {
  int64_t batch = 0, time = 1, depth = 0;
  int64_t batch_step = 1, time_step = 1;  ///< between neighbours, in vectors
  /// The number of the vector of sequence b at time t.
  int64_t vector(int64_t b, int64_t t) const { return b * batch_step + t * time_step; }
  static SequenceLayout of(const Shape& shape, bool time_major) {
    if (shape.rank() == 2) return {shape[0], 1, shape[1], 1, 1};
    if (time_major) return {shape[1], shape[0], shape[2], 1, shape[1]};
    return {shape[0], shape[1], shape[2], shape[1], 1};
  }
};

/// Input i holds a state: a variable of the graph of this type with so many elements, in any shape.
Status check_state(const InferContext& context, int i, DType dtype, int64_t elements);

/// Input i has this type and shape; `what` names it in messages.
Status check_operand(const InferContext& context, int i, TypeSet types, const Shape& shape,
                     std::string_view what);

/// An activation between steps; unlike those fused into other operators it may be tanh.
float activated(Activation activation, float x);

inline float logistic(float x) { return 1.0f / (1.0f + std::exp(-x)); }

}  // namespace wherry::recurrent
