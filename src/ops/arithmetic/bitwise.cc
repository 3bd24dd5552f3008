// BITWISE_XOR and RIGHT_SHIFT: integers as rows of bits.
#include "ops/arithmetic/bitwise.h"

#include <algorithm>

#include "ops/elementwise.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet bit_types =
    one_of(DType::i8, DType::u8, DType::i16, DType::u16, DType::i32, DType::u32);

Status infer_bitwise(InferContext& context) { return infer_pairs(context, context.dtype(0)); }

struct Xor {
  template <class T>
  T operator()(T a, T b) const {
    return static_cast<T>(a ^ b);
  }
};

/// Amounts are clamped to what the type has bits for; negative numbers stay negative.
struct ShiftRight {
  template <class T>
  T operator()(T x, T amount) const {
    constexpr T last = 8 * sizeof(T) - 1;
    return static_cast<T>(x >> std::clamp<T>(amount, 0, last));
  }
};

template <class F>
Status reference(Call& call) {
  for_type<int8_t, uint8_t, int16_t, uint16_t, int32_t, uint32_t>(
      call.dtype(0), [&]<class T>() { map_pairs<T>(call, F()); });
  return {};
}

}  // namespace

constinit const AttributesType bitwise_xor_attributes = attributes_type<NoAttributes>({}, 125);
constinit const AttributesType right_shift_attributes = attributes_type<NoAttributes>({}, 126);

constinit const OpDef bitwise_family[2] = {
    {.name = "BITWISE_XOR",
     .code = 160,
     .attributes = &bitwise_xor_attributes,
     .inputs = {{"a", bit_types}, {"b", bit_types}},
     .outputs = {{"y", bit_types}},
     .versions = {{1, "2.13.0"}},
     .infer = infer_bitwise,
     .reference = reference<Xor>,
     .doc = "the bits in which a and b differ, broadcast"},
    {.name = "RIGHT_SHIFT",
     .code = 161,
     .attributes = &right_shift_attributes,
     .inputs = {{"x", bit_types}, {"amount", bit_types}},
     .outputs = {{"y", bit_types}},
     .versions = {{1, "2.13.0"}},
     .infer = infer_bitwise,
     .reference = reference<ShiftRight>,
     .doc = "x shifted to the right, the sign kept, broadcast"},
};

OpTable bitwise_ops() { return op_table(bitwise_family); }

}  // namespace wherry::op
