// CUMSUM: running sums along an axis.
#include "ops/reduction/cumsum.h"

#include "ops/context.h"
#include "ops/registry.h"
#include "ops/wrapping.h"

namespace wherry::op {
namespace {

constexpr Field cumsum_fields[] = {field<&Cumsum::exclusive>("exclusive", 0),
                                   field<&Cumsum::reverse>("reverse", 1)};

constexpr TypeSet summed_types = one_of(DType::f32, DType::i32, DType::i64);

Expected<int> checked_axis(int64_t axis, int rank) {
  return resolve_axis(axis, rank, "axis of CUMSUM");
}

Status infer_cumsum(InferContext& context) {
  ENSURE(context.shape(1).elements() == 1, "CUMSUM needs one axis, got a tensor of shape ",
         context.shape(1));
  if (context.is_known(1)) TRY(checked_axis(TRY(context.integer(1)), context.shape(0).rank()));
  return context.set_output(0, context.dtype(0), context.shape(0));
}

/// Rows of elements that lie `inner` apart; `inner` such rows lie side by side.
template <class T>
void sum_rows(Call& call, int axis) {
  const auto& options = call.attributes<Cumsum>();
  const Shape& shape = call.shape(0);
  const int64_t inner = shape.product(axis + 1, shape.rank()), along = shape[axis];
  const int64_t step = options.reverse ? -inner : inner;
  for (int64_t row = 0, rows = along ? shape.elements() / along : 0; row < rows; ++row) {
    int64_t at = row / inner * inner * along + row % inner;
    if (options.reverse) at += (along - 1) * inner;
    T sum = 0;
    for (int64_t k = 0; k < along; ++k, at += step) {
      T next = wrapping_add(sum, call.data<T>(0)[at]);
      call.result<T>(0)[at] = options.exclusive ? sum : next;
      sum = next;
    }
  }
}

Status reference(Call& call) {
  int axis = TRY(checked_axis(call.integers(1)[0], call.shape(0).rank()));
  for_type<float, int32_t, int64_t>(call.dtype(0), [&]<class T>() { sum_rows<T>(call, axis); });
  return {};
}

}  // namespace

constinit const AttributesType cumsum_attributes = attributes_type<Cumsum>(cumsum_fields, 102);

constinit const OpDef cumsum = {.name = "CUMSUM",
                                .code = 128,
                                .attributes = &cumsum_attributes,
                                .inputs = {{"x", summed_types}, {"axis", DType::i32}},
                                .outputs = {{"y", summed_types}},
                                .versions = {{1, "2.4.0"}},
                                .infer = infer_cumsum,
                                .reference = reference,
                                .doc = "running sums along an axis"};

OpTable cumsum_ops() { return op_table(cumsum); }

}  // namespace wherry::op
