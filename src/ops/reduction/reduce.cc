// REDUCE_MAX, REDUCE_MIN, REDUCE_ANY and REDUCE_ALL.
#include "ops/reduction/reduce.h"

#include <limits>

#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet ordered_types =
    one_of(DType::f32, DType::i32, DType::i64, DType::boolean) | quantized_types;

template <class T, class F>
void reduce(Call& call, const Reduction& reduction, T start, F&& f) {
  const T* x = call.data<T>(0);
  T* y = call.result<T>(0);
  std::fill_n(y, reduction.kept.elements(), start);
  for_each_reduced(call.shape(0), reduction,
                   [&](int64_t to, int64_t from) { y[to] = f(y[to], x[from]); });
}

template <bool any>
Status reference_logic(Call& call) {
  Reduction reduction = TRY(reduction_of(call.shape(0), call.integers(1)));
  reduce<uint8_t>(call, reduction, any ? 0 : 1,
                  [](uint8_t kept, uint8_t x) -> uint8_t { return any ? kept || x : kept && x; });
  return {};
}

template <bool larger>
Status reference_extremum(Call& call) {
  if (call.dtype(0) == DType::boolean) return reference_logic<larger>(call);
  Reduction reduction = TRY(reduction_of(call.shape(0), call.integers(1)));
  for_type<float, int32_t, int64_t, int8_t, uint8_t, int16_t>(call.dtype(0), [&]<class T>() {
    using Limits = std::numeric_limits<T>;
    T start = larger ? Limits::lowest() : Limits::max();
    if constexpr (Limits::has_infinity) start = larger ? -Limits::infinity() : Limits::infinity();
    reduce<T>(call, reduction, start,
              [](T kept, T x) { return (larger ? x > kept : x < kept) ? x : kept; });
  });
  return {};
}

constexpr QuantizationFacts facts = {.rule = QuantizationRule::same_as_input, .int16 = true};

}  // namespace

constinit const OpDef reduce_family[4] = {
    {.name = "REDUCE_MAX",
     .code = 82,
     .attributes = &reducer_attributes,
     .inputs = {{"x", ordered_types}, {"axes", axes_types}},
     .outputs = {{"y", ordered_types}},
     .versions = {{1, "1.11.0"}, {2, "1.14.0", DType::i8}, {3, "2.5.0", DType::i16}},
     .infer = infer_reduction,
     .reference = reference_extremum<true>,
     .quantization = facts,
     .doc = "the largest element along axes"},
    {.name = "REDUCE_MIN",
     .code = 89,
     .attributes = &reducer_attributes,
     .inputs = {{"x", ordered_types}, {"axes", axes_types}},
     .outputs = {{"y", ordered_types}},
     .versions = {{1, "1.11.0"}, {2, "1.14.0", DType::i8}, {3, "2.5.0", DType::i16}},
     .infer = infer_reduction,
     .reference = reference_extremum<false>,
     .quantization = facts,
     .doc = "the smallest element along axes"},
    {.name = "REDUCE_ANY",
     .code = 91,
     .attributes = &reducer_attributes,
     .inputs = {{"x", DType::boolean}, {"axes", axes_types}},
     .outputs = {{"y", DType::boolean}},
     .versions = {{1, "1.11.0"}},
     .infer = infer_reduction,
     .reference = reference_logic<true>,
     .doc = "whether any element along axes is true"},
    {.name = "REDUCE_ALL",
     .code = 140,
     .attributes = &reducer_attributes,
     .inputs = {{"x", DType::boolean}, {"axes", axes_types}},
     .outputs = {{"y", DType::boolean}},
     .versions = {{1, "2.6.0"}},
     .infer = infer_reduction,
     .reference = reference_logic<false>,
     .doc = "whether all elements along axes are true"},
};

OpTable reduce_ops() { return op_table(reduce_family); }

}  // namespace wherry::op
