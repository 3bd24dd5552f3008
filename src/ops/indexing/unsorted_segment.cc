// UNSORTED_SEGMENT_PROD, _MAX, _SUM and _MIN: combine the slices that carry the same number.
#include "ops/indexing/unsorted_segment.h"

#include <algorithm>
#include <limits>

#include "ops/context.h"
#include "ops/registry.h"
#include "ops/wrapping.h"

namespace wherry::op {
namespace {

constexpr TypeSet combined_types = one_of(DType::f32, DType::i32);

Status infer_unsorted_segment(InferContext& context) {
  const Shape &data = context.shape(0), &numbers = context.shape(1);
  bool prefix = numbers.rank() <= data.rank();
  for (int k = 0; prefix && k < numbers.rank(); ++k) prefix = numbers[k] == data[k];
  ENSURE(prefix, context.op().name, " of the shape ", data, " got segment numbers of shape ",
         numbers);
  int64_t count = TRY(context.integer(2));
  ENSURE(count >= 0, context.op().name, " cannot have ", count, " segments");
  Shape result = {count};
  for (int k = numbers.rank(); k < data.rank(); ++k) result.push_back(data[k]);
  return context.set_output(0, context.dtype(0), std::move(result));
}

struct Product {
  template <class T>
  static constexpr T start = T(1);
  template <class T>
  static T combine(T a, T b) {
    return wrapping_multiply(a, b);
  }
};
struct Maximum {
  template <class T>
  static constexpr T start = std::numeric_limits<T>::lowest();
  template <class T>
  static T combine(T a, T b) {
    return std::max(a, b);
  }
};
struct Sum {
  template <class T>
  static constexpr T start = T(0);
  template <class T>
  static T combine(T a, T b) {
    return wrapping_add(a, b);
  }
};
struct Minimum {
  template <class T>
  static constexpr T start = std::numeric_limits<T>::max();
  template <class T>
  static T combine(T a, T b) {
    return std::min(a, b);
  }
};

template <class Rule, class T>
Status combine_segments(Call& call) {
  const Shape &data = call.shape(0), &numbers = call.shape(1);
  T* y = call.result<T>(0);
  std::fill_n(y, call.output(0).elements(), Rule::template start<T>);
  int64_t segments = call.output(0).shape()[0], slice = data.product(numbers.rank(), data.rank());
  for (int64_t i = 0; i < numbers.elements(); ++i) {
    int64_t segment = integer_at(call.input(1), i);
    ENSURE_CODE(ErrorCode::invalid_data, segment < segments, call.node().op->name, " of ", segments,
                " segments got the segment number ", segment);
    if (segment < 0) continue;
    const T* x = call.data<T>(0) + i * slice;
    T* to = y + segment * slice;
    for (int64_t k = 0; k < slice; ++k) to[k] = Rule::combine(to[k], x[k]);
  }
  return {};
}

template <class Rule>
Status reference(Call& call) {
  Status status;
  for_type<float, int32_t>(call.dtype(0),
                           [&]<class T>() { status = combine_segments<Rule, T>(call); });
  return status;
}

constexpr AttributesType plain(int tag) { return attributes_type<NoAttributes>({}, tag); }
constinit const AttributesType prod_attributes = plain(118), max_attributes = plain(119),
                               min_attributes = plain(120), sum_attributes = plain(121);

constexpr FixedList<Argument, 8> segment_inputs = {
    {"data", combined_types}, {"segments", DType::i32}, {"count", DType::i32}};

}  // namespace

constinit const OpDef unsorted_segment_family[4] = {
    {.name = "UNSORTED_SEGMENT_PROD",
     .code = 153,
     .attributes = &prod_attributes,
     .inputs = segment_inputs,
     .outputs = {{"y", combined_types}},
     .versions = {{1, "2.10.0"}},
     .infer = infer_unsorted_segment,
     .reference = reference<Product>,
     .doc = "products of the slices that carry the same segment number"},
    {.name = "UNSORTED_SEGMENT_MAX",
     .code = 154,
     .attributes = &max_attributes,
     .inputs = segment_inputs,
     .outputs = {{"y", combined_types}},
     .versions = {{1, "2.10.0"}},
     .infer = infer_unsorted_segment,
     .reference = reference<Maximum>,
     .doc = "maxima of the slices that carry the same segment number"},
    {.name = "UNSORTED_SEGMENT_SUM",
     .code = 155,
     .attributes = &sum_attributes,
     .inputs = segment_inputs,
     .outputs = {{"y", combined_types}},
     .versions = {{1, "2.10.0"}},
     .infer = infer_unsorted_segment,
     .reference = reference<Sum>,
     .doc = "sums of the slices that carry the same segment number"},
    {.name = "UNSORTED_SEGMENT_MIN",
     .code = 157,
     .attributes = &min_attributes,
     .inputs = segment_inputs,
     .outputs = {{"y", combined_types}},
     .versions = {{1, "2.11.0"}},
     .infer = infer_unsorted_segment,
     .reference = reference<Minimum>,
     .doc = "minima of the slices that carry the same segment number"},
};

OpTable unsorted_segment_ops() { return op_table(unsorted_segment_family); }

}  // namespace wherry::op
