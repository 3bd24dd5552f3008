// What operators on single elements share: the shape rule, the checks of scales, the loops over one
// and over two broadcast inputs.
#pragma once

#include "ops/broadcast.h"
#include "ops/context.h"

namespace wherry {

/// Output 0 has the element type and shape of input 0.
Status infer_elementwise(InferContext& context);
/// As above; int8, uint8 and int16 tensors need scales on both sides, int16 the zero point 0.
Status infer_rescaled(InferContext& context);
/// One scale for each of the first `inputs` inputs and for output 0.
Status check_scales(const InferContext& context, int inputs);
/// The zero point 0 for the same tensors.
Status check_zero_points_are_zero(const InferContext& context, int inputs);

/// Both inputs have one element type; output 0 has type `result` and the joint shape.
Status infer_pairs(InferContext& context, DType result);

/// y[i] = f(x[i])
template <class In, class Out = In, class F>
void map_elements(Call& call, F&& f) {
  const In* x = call.data<In>(0);
  Out* y = call.result<Out>(0);
  for (int64_t i = 0, count = call.output(0).elements(); i < count; ++i) y[i] = f(x[i]);
}

/// y[i] = f(x[i]) in float32 when the elements are f32 or f16; false when they are not.
template <class F>
bool map_floats(Call& call, F&& f) {
  return for_type<float, half>(call.dtype(0), [&]<class T>() {
    map_elements<T>(call, [&](T x) { return T(f(static_cast<float>(x))); });
  });
}

/// y[i] = f(a[i], b[i]), both inputs broadcast to the shape of the output.
template <class A, class Out = A, class B = A, class F>
void map_pairs(Call& call, F&& f) {
  const A* a = call.data<A>(0);
  const B* b = call.data<B>(1);
  Out* y = call.result<Out>(0);
  BroadcastWalk<2> walk(call.output(0).shape(), {&call.shape(0), &call.shape(1)});
  walk.runs([&](std::array<int64_t, 2> from, const std::array<int64_t, 2>& step, int64_t first,
                int64_t count) {
    for (int64_t i = 0; i < count; ++i)
      y[first + i] = f(a[from[0] + i * step[0]], b[from[1] + i * step[1]]);
  });
}

/// As map_floats, on two broadcast inputs.
template <class F>
bool map_float_pairs(Call& call, F&& f) {
  return for_type<float, half>(call.dtype(0), [&]<class T>() {
    map_pairs<T>(call,
                 [&](T a, T b) { return T(f(static_cast<float>(a), static_cast<float>(b))); });
  });
}

}  // namespace wherry
