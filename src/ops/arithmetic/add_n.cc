// ADD_N: the sum of any number of tensors of one shape.
#include "ops/arithmetic/add_n.h"

#include <algorithm>

#include "ops/context.h"
#include "ops/fixed_point.h"
#include "ops/registry.h"
#include "ops/wrapping.h"

namespace wherry::op {
namespace {

constexpr TypeSet summed_types = one_of(DType::f32, DType::i32);

Status infer_add_n(InferContext& context) {
  for (int i = 1; i < context.input_count(); ++i) {
    ENSURE(context.has_input(i), "ADD_N needs input ", i);
    ENSURE(context.dtype(i) == context.dtype(0) && context.shape(i) == context.shape(0),
           "ADD_N needs tensors of one type and shape, got ", text_of(context.input(0)), " and ",
           text_of(context.input(i)));
  }
  return context.set_output(0, context.dtype(0), context.shape(0));
}

template <class T>
void sum_all(Call& call) {
  std::span<T> y = call.output(0).span<T>();
  std::copy_n(call.data<T>(0), y.size(), y.begin());
  for (int input = 1; input < call.input_count(); ++input) {
    for (size_t i = 0; i < y.size(); ++i) y[i] = wrapping_add(y[i], call.data<T>(input)[i]);
  }
  if constexpr (std::is_floating_point_v<T>) {
    const FloatRange finite = finite_activation_range(Activation::none);
    for (T& sum : y) sum = finite.clamp(sum);
  }
}

Status reference(Call& call) {
  for_type<float, int32_t>(call.dtype(0), [&]<class T>() { sum_all<T>(call); });
  return {};
}

}  // namespace

constinit const AttributesType add_n_attributes = attributes_type<NoAttributes>({}, 82);

constinit const OpDef add_n = {
    .name = "ADD_N",
    .code = 106,
    .attributes = &add_n_attributes,
    .inputs = {{"x", summed_types}, {"more", summed_types, Presence::variadic}},
    .outputs = {{"y", summed_types}},
    .versions = {{1, "1.14.0"}},
    .infer = infer_add_n,
    .reference = reference,
    .doc = "the sum of all inputs, which have one shape"};

OpTable add_n_ops() { return op_table(add_n); }

}  // namespace wherry::op
