// RANGE: the numbers from start to limit in steps of delta.
#include "ops/shape/range.h"

#include <cmath>

#include "ops/context.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet number_types = one_of(DType::f32, DType::i32, DType::i64);

/// Refuses steps of 0 and steps away from the limit, as the runtime does.
template <class T>
Expected<int64_t> steps_of(T start, T limit, T delta) {
  ENSURE(delta != 0 && start == start && limit == limit && delta == delta, "RANGE from ", start,
         " to ", limit, " cannot go in steps of ", delta);
  ENSURE((start <= limit && delta > 0) || (start >= limit && delta < 0), "RANGE cannot get from ",
         start, " to ", limit, " in steps of ", delta);
  if constexpr (std::is_floating_point_v<T>) {
    double count = std::ceil(std::abs((limit - start) / delta));
    ENSURE_CODE(ErrorCode::too_large, count <= static_cast<double>(max_bytes), "RANGE from ", start,
                " to ", limit, " in steps of ", delta, " is too long");
    return static_cast<int64_t>(count);
  } else {
    uint64_t distance = delta > 0 ? static_cast<uint64_t>(limit) - static_cast<uint64_t>(start)
                                  : static_cast<uint64_t>(start) - static_cast<uint64_t>(limit);
    uint64_t step = delta > 0 ? static_cast<uint64_t>(delta) : -static_cast<uint64_t>(delta);
    uint64_t count = distance == 0 ? 0 : (distance - 1) / step + 1;
    ENSURE_CODE(ErrorCode::too_large, count <= static_cast<uint64_t>(max_bytes), "RANGE from ",
                start, " to ", limit, " in steps of ", delta, " is too long");
    return static_cast<int64_t>(count);
  }
}

Status infer_range(InferContext& context) {
  for (int i = 0; i < 3; ++i) {
    ENSURE(context.shape(i).elements() == 1 && context.dtype(i) == context.dtype(0),
           "RANGE needs three numbers of one type, got ", text_of(context.input(i)));
  }
  TensorView start = TRY(context.value(0)), limit = TRY(context.value(1)),
             delta = TRY(context.value(2));
  Expected<int64_t> count = int64_t{0};
  for_type<float, int32_t, int64_t>(context.dtype(0), [&]<class T>() {
    count = steps_of(*start.as<T>(), *limit.as<T>(), *delta.as<T>());
  });
  return context.set_output(0, context.dtype(0), {TRY(std::move(count))});
}

/// Floats are summed up step by step, as the runtime does.
template <class T>
void write_range(Call& call) {
  T value = *call.data<T>(0), delta = *call.data<T>(2);
  T* y = call.result<T>(0);
  for (int64_t i = 0; i < call.output(0).elements(); ++i) {
    y[i] = value;
    if constexpr (std::is_floating_point_v<T>)
      value += delta;
    else
      value = static_cast<T>(static_cast<uint64_t>(value) + static_cast<uint64_t>(delta));
  }
}

Status reference(Call& call) {
  for_type<float, int32_t, int64_t>(call.dtype(0), [&]<class T>() { write_range<T>(call); });
  return {};
}

}  // namespace

constinit const AttributesType range_attributes = attributes_type<NoAttributes>({}, 73);

constinit const OpDef range = {
    .name = "RANGE",
    .code = 96,
    .attributes = &range_attributes,
    .inputs = {{"start", number_types}, {"limit", number_types}, {"delta", number_types}},
    .outputs = {{"y", number_types}},
    .versions = {{1, "1.13.0"}, {2, "2.14.0", DType::i64}},
    .infer = infer_range,
    .reference = reference,
    .doc = "the numbers from start to limit, left out, in steps of delta"};

OpTable range_ops() { return op_table(range); }

}  // namespace wherry::op
