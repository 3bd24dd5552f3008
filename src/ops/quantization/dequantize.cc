// DEQUANTIZE: quantised numbers and short floats as float32.
#include "ops/quantization/dequantize.h"

#include <cmath>
#include <limits>

#include "base/halves.h"
#include "ops/elementwise.h"
#include "ops/quantization/channels.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr TypeSet packed_types = one_of(DType::i4, DType::u4, DType::i2);
constexpr TypeSet short_floats = one_of(DType::f16, DType::f8e4m3, DType::f8e5m2);
constexpr TypeSet from_types =
    one_of(DType::i8, DType::u8, DType::i16, DType::u16) | packed_types | short_floats;

Status infer_dequantize(InferContext& context) {
  TRY(context.set_output(0, DType::f32, context.shape(0)));
  if (short_floats.contains(context.dtype(0))) return {};
  return check_slices("input 0 of DEQUANTIZE", context.input(0), context.shape(0));
}

/// 4 bits of exponent, 3 of mantissa, no infinity.
float from_e4m3(uint8_t bits) {
  int exponent = bits >> 3 & 15, mantissa = bits & 7;
  float magnitude = (bits & 0x7f) == 0x7f ? std::numeric_limits<float>::quiet_NaN()
                    : exponent == 0       ? std::ldexp(static_cast<float>(mantissa), -9)
                                    : std::ldexp(static_cast<float>(8 + mantissa), exponent - 10);
  return bits & 0x80 ? -magnitude : magnitude;
}

/// The upper half of a float16.
float from_e5m2(uint8_t bits) { return half_to_float(static_cast<uint16_t>(bits << 8)); }

template <class T>
void dequantize_integers(const TensorType& type, const T* x, float* y) {
  for_each_slice(type, type.shape, [&](int64_t first, int64_t count, float scale, int32_t zero) {
    for (int64_t i = first; i < first + count; ++i)
      y[i] = static_cast<float>(static_cast<double>(scale) * (x[i] - zero));
  });
}

Status reference(Call& call) {
  const TensorView& x = call.input(0);
  float* y = call.result<float>(0);
  if (packed_types.contains(x.dtype()))
    dequantize_integers(*x.type, unpack_sub_byte(x).data(), y);
  else if (x.dtype() == DType::f16)
    halves_to_floats({x.data, x.bytes}, std::as_writable_bytes(std::span(y, x.bytes / 2)));
  else if (x.dtype() == DType::f8e4m3)
    map_elements<uint8_t, float>(call, from_e4m3);
  else if (x.dtype() == DType::f8e5m2)
    map_elements<uint8_t, float>(call, from_e5m2);
  else
    for_type<int8_t, uint8_t, int16_t, uint16_t>(
        x.dtype(), [&]<class T>() { dequantize_integers(*x.type, x.as<const T>(), y); });
  return {};
}

bool is_per_channel(const Graph& graph, const Node& node) {
  const TensorType* type = input_type(graph, node, 0);
  return type && type->quantized() && type->quantization->scales.size() > 1;
}

}  // namespace

constinit const AttributesType dequantize_attributes = attributes_type<NoAttributes>({}, 38);

constinit const OpDef dequantize = {
    .name = "DEQUANTIZE",
    .code = 6,
    .attributes = &dequantize_attributes,
    .inputs = {{"x", from_types}},
    .outputs = {{"y", DType::f32}},
    .versions = {{1, "1.13.1"},
                 {2, "1.14.0", DType::i8},
                 {3, "1.15.0", one_of(DType::i16, DType::f16)},
                 {5, "2.7.0", {}, is_per_channel},
                 {6, "2.18.0", DType::i4},
                 {7, "2.21.0", DType::i2},
                 {8, "2.22.0", DType::u4},
                 {9, "2.23.0", one_of(DType::u16, DType::f8e4m3, DType::f8e5m2)}},
    .infer = infer_dequantize,
    .reference = reference,
    .doc = "(x - zero point) * scale, or a short float, as float32"};

OpTable dequantize_ops() { return op_table(dequantize); }

}  // namespace wherry::op
