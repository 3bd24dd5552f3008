// SEGMENT_SUM: sums of neighbouring slices that carry the same number.
#include "ops/indexing/segment_sum.h"

#include <algorithm>

#include "ops/context.h"
#include "ops/registry.h"
#include "ops/wrapping.h"

namespace wherry::op {
namespace {

constexpr TypeSet summed_types = one_of(DType::f32, DType::i32);

Status infer_segment_sum(InferContext& context) {
  Shape result = context.shape(0);
  ENSURE(result.rank() >= 1 && context.shape(1) == Shape({result[0]}), "SEGMENT_SUM of the shape ",
         result, " needs one segment number per slice, got the shape ", context.shape(1));
  std::vector<int64_t> numbers = TRY(context.integers(1));
  int64_t previous = -1;
  for (int64_t number : numbers) {
    bool follows = number == previous + 1 || (number == previous && number >= 0);
    ENSURE_CODE(ErrorCode::invalid_data, follows,
                "SEGMENT_SUM needs segment numbers that count up from 0, got ", number, " after ",
                previous);
    previous = number;
  }
  result[0] = previous + 1;
  return context.set_output(0, context.dtype(0), std::move(result));
}

template <class T>
void sum_segments(Call& call) {
  T* y = call.result<T>(0);
  std::fill_n(y, call.output(0).elements(), T{});
  int64_t slice = call.shape(0).product(1, call.shape(0).rank());
  for (int64_t i = 0; i < call.shape(0)[0]; ++i) {
    int64_t to = integer_at(call.input(1), i) * slice;
    const T* x = call.data<T>(0) + i * slice;
    for (int64_t k = 0; k < slice; ++k) y[to + k] = wrapping_add(y[to + k], x[k]);
  }
}

Status reference(Call& call) {
  for_type<float, int32_t>(call.dtype(0), [&]<class T>() { sum_segments<T>(call); });
  return {};
}

}  // namespace

constinit const AttributesType segment_sum_attributes = attributes_type<NoAttributes>({}, 100);

constinit const OpDef segment_sum = {
    .name = "SEGMENT_SUM",
    .code = 125,
    .attributes = &segment_sum_attributes,
    .inputs = {{"data", summed_types}, {"segments", DType::i32}},
    .outputs = {{"y", summed_types}},
    .versions = {{1, "2.2.0"}},
    .infer = infer_segment_sum,
    .reference = reference,
    .doc = "sums of neighbouring slices that carry the same segment number"};

OpTable segment_sum_ops() { return op_table(segment_sum); }

}  // namespace wherry::op
