// QUANTIZE: floats as quantised numbers, or quantised numbers in another scale or type.
#include "ops/quantization/quantize.h"

#include <cmath>

#include "ops/fixed_point.h"
#include "ops/quantization/channels.h"
#include "ops/registry.h"
#include "ops/requantization.h"
#include "ops/wrapping.h"

namespace wherry::op {
namespace {

constexpr TypeSet packed_types = one_of(DType::i4, DType::u4, DType::i2);
constexpr TypeSet from_types = one_of(DType::f32, DType::i32) | quantized_types | packed_types;
constexpr TypeSet to_types = one_of(DType::i32) | quantized_types | packed_types;

Status infer_quantize(InferContext& context) {
  const TensorType &x = context.input(0), &y = context.declared(0);
  TRY(context.set_output(0, y.dtype, x.shape));
  TRY(check_slices("the output of QUANTIZE", y, x.shape));
  if (x.dtype == DType::f32) return {};
  TRY(check_one_scale("input 0 of QUANTIZE", x));
  return check_one_scale("the output of QUANTIZE", y);
}

template <class T>
void quantize_floats(const TensorView& x, T* y, const TensorType& type) {
  const IntegerRange range = full_range(type.dtype);
  for_each_slice(type, x.shape(), [&](int64_t first, int64_t count, float scale, int32_t zero) {
    for (int64_t i = first; i < first + count; ++i) {
      int64_t steps = round_to<int32_t>(std::round(x.as<const float>()[i] / scale));
      y[i] = static_cast<T>(std::clamp<int64_t>(steps + zero, range.min, range.max));
    }
  });
}

template <class In, class T>
void requantize(const TensorView& x, T* y, const TensorType& type) {
  const IntegerRange range = full_range(type.dtype);
  const FixedMultiplier factor =
      fixed_multiplier(static_cast<double>(x.type->scale()) / static_cast<double>(type.scale()));
  const int32_t zero = x.type->zero_point();
  for (int64_t i = 0; i < x.elements(); ++i) {
    int32_t steps = wrapping_subtract<int32_t>(x.as<const In>()[i], zero);
    y[i] = static_cast<T>(std::clamp<int64_t>(int64_t{multiply(steps, factor)} + type.zero_point(),
                                              range.min, range.max));
  }
}

template <class T>
void quantize_into(const TensorView& x, T* y, const TensorType& type) {
  if (x.dtype() == DType::f32) {
    quantize_floats(x, y, type);
  } else if (packed_types.contains(x.dtype())) {
    std::vector<int8_t> unpacked = unpack_sub_byte(x);
    requantize<int8_t>({x.type, reinterpret_cast<std::byte*>(unpacked.data()), unpacked.size()}, y,
                       type);
  } else {
    for_type<int8_t, uint8_t, int16_t, int32_t>(x.dtype(),
                                                [&]<class In>() { requantize<In>(x, y, type); });
  }
}

Status reference(Call& call) {
  const TensorView &x = call.input(0), &y = call.output(0);
  if (packed_types.contains(y.dtype())) {
    std::vector<int8_t> unpacked(static_cast<size_t>(y.elements()));
    quantize_into(x, unpacked.data(), *y.type);
    pack_sub_byte(unpacked, y);
    return {};
  }
  for_type<int8_t, uint8_t, int16_t, int32_t>(
      y.dtype(), [&]<class T>() { quantize_into(x, y.as<T>(), *y.type); });
  return {};
}

bool is_per_channel(const Graph& graph, const Node& node) {
  if (node.outputs.empty() || node.outputs[0] == no_value) return false;
  const TensorType& y = graph.value(node.outputs[0]).type;
  return y.quantized() && y.quantization->scales.size() > 1;
}

}  // namespace

constinit const AttributesType quantize_attributes = attributes_type<NoAttributes>({}, 89);

constinit const OpDef quantize = {.name = "QUANTIZE",
                                  .code = 114,
                                  .attributes = &quantize_attributes,
                                  .inputs = {{"x", from_types}},
                                  .outputs = {{"y", to_types}},
                                  .versions = {{1, "1.14.0"},
                                               {2, "1.15.0", DType::i16},
                                               {3, "2.7.0", {}, is_per_channel},
                                               {4, "2.21.0", DType::i4},
                                               {5, "2.21.0", DType::u4},
                                               {6, "2.21.0", DType::i2}},
                                  .infer = infer_quantize,
                                  .reference = reference,
                                  .doc = "x in the type and scale of the output"};

OpTable quantize_ops() { return op_table(quantize); }

}  // namespace wherry::op
