// What operators that reduce axes share: the option, the axes, the shape, the walk over elements.
#pragma once

#include "ops/broadcast.h"
#include "ops/context.h"

namespace wherry::op {

struct Reducer {
  bool keep_dims = false;  ///< reduced axes stay with extent 1
  bool operator==(const Reducer&) const = default;
};
extern const AttributesType reducer_attributes;

inline constexpr TypeSet axes_types = one_of(DType::i32, DType::i64);

/// Inputs: x, and the axes to reduce (any number of them, whatever their shape). Output: the type
/// of x.
Status infer_reduction(InferContext& context);

/// The shape of x with extent 1 along the reduced axes, and how many elements make one result.
struct Reduction {
  Shape kept;
  int64_t count = 1;
};
Expected<Reduction> reduction_of(const Shape& x, const std::vector<int64_t>& axes);

/// f(result index, element index) for each element of x in order.
template <class F>
void for_each_reduced(const Shape& x, const Reduction& reduction, F&& f) {
  BroadcastWalk<1>(x, {&reduction.kept}).elements([&](int64_t from, std::array<int64_t, 1> to) {
    f(to[0], from);
  });
}

}  // namespace wherry::op
