// STABLEHLO_ADD, MULTIPLY, MAXIMUM, MINIMUM, AND and SHIFT_LEFT: two tensors of one shape, without
// scales and without broadcasting.
#include "ops/stablehlo/stablehlo_arithmetic.h"

#include "ops/elementwise.h"
#include "ops/registry.h"
#include "ops/wrapping.h"

namespace wherry::op {
namespace {

constexpr TypeSet integer_types = one_of(DType::i8, DType::u8, DType::i16, DType::u16, DType::i32,
                                         DType::u32, DType::i64, DType::u64);
constexpr TypeSet number_types =
    integer_types | one_of(DType::f32, DType::f16, DType::bf16, DType::f64, DType::boolean);
constexpr TypeSet truth_types = integer_types | one_of(DType::boolean);

Status infer_arithmetic_of_one_shape(InferContext& context) {
  TRY(infer_pairs(context, context.dtype(0)));
  ENSURE(context.shape(0) == context.shape(1), context.op().name,
         " needs inputs of one shape, got ", context.shape(0), " and ", context.shape(1));
  return {};
}

struct Add {
  template <class T>
  T operator()(T a, T b) const {
    return wrapping_add(a, b);
  }
};
struct Multiply {
  template <class T>
  T operator()(T a, T b) const {
    return wrapping_multiply(a, b);
  }
};
// NaN wins over every number.
struct Maximum {
  template <class T>
  T operator()(T a, T b) const {
    return a > b || a != a ? a : b;
  }
};
struct Minimum {
  template <class T>
  T operator()(T a, T b) const {
    return a < b || a != a ? a : b;
  }
};
struct And {
  template <class T>
  T operator()(T a, T b) const {
    return static_cast<T>(a & b);
  }
};
/// An amount below 0, or of all bits and more, leaves nothing.
struct ShiftLeft {
  template <class T>
  T operator()(T x, T amount) const {
    if (amount < 0 || static_cast<uint64_t>(amount) >= 8 * sizeof(T)) return 0;
    return static_cast<T>(static_cast<uint64_t>(x) << amount);
  }
};

/// Truths are read as bytes: those of a file may be other than 0 and 1.
template <class F>
void combine_truths(Call& call) {
  map_pairs<uint8_t>(call, [](uint8_t a, uint8_t b) -> uint8_t { return F()(a != 0, b != 0); });
}

template <class F>
Status reference(Call& call) {
  if (call.dtype(0) == DType::boolean) combine_truths<F>(call);
  for_type<float, double, half, bfloat16, int8_t, uint8_t, int16_t, uint16_t, int32_t, uint32_t,
           int64_t, uint64_t>(call.dtype(0), [&]<class T>() { map_pairs<T>(call, F()); });
  return {};
}

template <class F>
Status reference_of_bits(Call& call) {
  DType stored = call.dtype(0) == DType::boolean ? DType::u8 : call.dtype(0);
  for_type<int8_t, uint8_t, int16_t, uint16_t, int32_t, uint32_t, int64_t, uint64_t>(
      stored, [&]<class T>() { map_pairs<T>(call, F()); });
  return {};
}

}  // namespace

constinit const AttributesType stablehlo_shift_left_attributes =
    attributes_type<NoAttributes>({}, 0, 22);

constinit const OpDef stablehlo_arithmetic_family[6] = {
    {.name = "STABLEHLO_ADD",
     .code = 163,
     .inputs = {{"a", number_types}, {"b", number_types}},
     .outputs = {{"y", number_types}},
     .versions = {{1, "2.16.0"}},
     .infer = infer_arithmetic_of_one_shape,
     .reference = reference<Add>,
     .doc = "a + b"},
    {.name = "STABLEHLO_MULTIPLY",
     .code = 165,
     .inputs = {{"a", number_types}, {"b", number_types}},
     .outputs = {{"y", number_types}},
     .versions = {{1, "2.16.0"}},
     .infer = infer_arithmetic_of_one_shape,
     .reference = reference<Multiply>,
     .doc = "a * b"},
    {.name = "STABLEHLO_MAXIMUM",
     .code = 166,
     .inputs = {{"a", number_types}, {"b", number_types}},
     .outputs = {{"y", number_types}},
     .versions = {{1, "2.16.0"}},
     .infer = infer_arithmetic_of_one_shape,
     .reference = reference<Maximum>,
     .doc = "the larger of a and b"},
    {.name = "STABLEHLO_MINIMUM",
     .code = 181,
     .inputs = {{"a", number_types}, {"b", number_types}},
     .outputs = {{"y", number_types}},
     .versions = {{1, "2.16.0"}},
     .infer = infer_arithmetic_of_one_shape,
     .reference = reference<Minimum>,
     .doc = "the smaller of a and b"},
    {.name = "STABLEHLO_AND",
     .code = 176,
     .inputs = {{"a", truth_types}, {"b", truth_types}},
     .outputs = {{"y", truth_types}},
     .versions = {{1, "2.17.0"}},
     .infer = infer_arithmetic_of_one_shape,
     .reference = reference_of_bits<And>,
     .doc = "the bits that a and b share"},
    {.name = "STABLEHLO_SHIFT_LEFT",
     .code = 207,
     .attributes = &stablehlo_shift_left_attributes,
     .inputs = {{"x", integer_types}, {"amount", integer_types}},
     .outputs = {{"y", integer_types}},
     .versions = {{1, "2.17.0"}},
     .infer = infer_arithmetic_of_one_shape,
     .reference = reference_of_bits<ShiftLeft>,
     .doc = "x shifted to the left"},
};

OpTable stablehlo_arithmetic_ops() { return op_table(stablehlo_arithmetic_family); }

}  // namespace wherry::op
