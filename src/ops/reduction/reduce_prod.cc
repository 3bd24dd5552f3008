// REDUCE_PROD: the product along axes.
#include "ops/reduction/reduce_prod.h"

#include <algorithm>

#include "ops/elementwise.h"
#include "ops/fixed_point.h"
#include "ops/registry.h"
#include "ops/wrapping.h"

namespace wherry::op {
namespace {

constexpr TypeSet product_types =
    one_of(DType::f32, DType::i32, DType::i64, DType::u8, DType::i8, DType::i16);

Status infer_reduce_prod(InferContext& context) {
  TRY(infer_reduction(context));
  if (context.dtype(0) == DType::u8) {
    ENSURE_CODE(ErrorCode::unsupported, !context.input(0).quantized(),
                "REDUCE_PROD of u8 is for plain numbers, got ", text_of(context.input(0)));
    return {};
  }
  if (!quantized_types.contains(context.dtype(0))) return {};
  TRY(check_scales(context, 1));
  return context.dtype(0) == DType::i16 ? check_zero_points_are_zero(context, 1) : Status();
}

template <class T>
void product_of_numbers(Call& call, const Reduction& reduction) {
  const T* x = call.data<T>(0);
  T* y = call.result<T>(0);
  std::fill_n(y, reduction.kept.elements(), T{1});
  for_each_reduced(call.shape(0), reduction,
                   [&](int64_t to, int64_t from) { y[to] = wrapping_multiply(y[to], x[from]); });
}

/// Each of n factors is scaled by x.scale / y.scale^(1/n), so that products stay near the stored
/// range on the way.
template <class T>
void product_quantized(Call& call, const Reduction& reduction) {
  const TensorType &in = *call.input(0).type, &out = *call.output(0).type;
  const IntegerRange range = full_range(out.dtype);
  const double root = 1.0 / static_cast<double>(std::max<int64_t>(reduction.count, 1));
  const FixedMultiplier factor = fixed_multiplier(static_cast<double>(in.scale()) /
                                                  std::pow(static_cast<double>(out.scale()), root));
  std::vector<int64_t> products(static_cast<size_t>(reduction.kept.elements()), 0);
  std::vector<bool> started(products.size(), false);
  const T* x = call.data<T>(0);
  for_each_reduced(call.shape(0), reduction, [&](int64_t to, int64_t from) {
    auto i = static_cast<size_t>(to);
    int64_t next = x[from] - in.zero_point();
    products[i] = started[i] ? multiply(products[i] * next, factor) : next;
    started[i] = true;
  });
  for (size_t i = 0; i < products.size(); ++i) {
    int64_t scaled = started[i] ? multiply(products[i], factor)
                                : round_to<int32_t>(1.0 / static_cast<double>(out.scale()));
    call.result<T>(0)[i] =
        static_cast<T>(std::clamp<int64_t>(scaled + out.zero_point(), range.min, range.max));
  }
}

Status reference(Call& call) {
  Reduction reduction = TRY(reduction_of(call.shape(0), call.integers(1)));
  for_type<float, uint8_t, int32_t, int64_t>(
      call.dtype(0), [&]<class T>() { product_of_numbers<T>(call, reduction); });
  for_type<int8_t, int16_t>(call.dtype(0),
                            [&]<class T>() { product_quantized<T>(call, reduction); });
  return {};
}

}  // namespace

constinit const OpDef reduce_prod = {
    .name = "REDUCE_PROD",
    .code = 81,
    .attributes = &reducer_attributes,
    .inputs = {{"x", product_types}, {"axes", axes_types}},
    .outputs = {{"y", product_types}},
    .versions = {{1, "1.11.0"}, {2, "2.6.0", one_of(DType::i8, DType::i16)}},
    .infer = infer_reduce_prod,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::calibrated, .int16 = true},
    .doc = "the product along axes"};

OpTable reduce_prod_ops() { return op_table(reduce_prod); }

}  // namespace wherry::op
