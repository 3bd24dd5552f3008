// SQUARED_DIFFERENCE: (a - b) squared.
#include "ops/arithmetic/squared_difference.h"

#include "ops/arithmetic/binary.h"
#include "ops/registry.h"
#include "ops/wrapping.h"

namespace wherry::op {
namespace {

constexpr TypeSet squared_types = one_of(DType::f32, DType::i32, DType::i8);

Status infer_squared_difference(InferContext& context) {
  TRY(infer_pairs(context, context.dtype(0)));
  return context.dtype(0) == DType::i8 ? check_scales(context, 2) : Status();
}

template <class T>
T square_of_difference(T a, T b) {
  T difference = wrapping_subtract(a, b);
  return wrapping_multiply(difference, difference);
}

void squares_of_bytes(Call& call) {
  const TensorType& out = *call.output(0).type;
  const CommonScale common(*call.input(0).type, *call.input(1).type, 7);
  const FixedMultiplier factor =
      fixed_multiplier(common.scale() * common.scale() / static_cast<double>(out.scale()));
  map_pairs<int8_t>(call, [&](int8_t left, int8_t right) {
    int32_t square = square_of_difference(common.left(left), common.right(right));
    return static_cast<int8_t>(
        std::clamp<int64_t>(int64_t{multiply(square, factor)} + out.zero_point(), -128, 127));
  });
}

Status reference(Call& call) {
  if (call.dtype(0) == DType::i8) squares_of_bytes(call);
  for_type<float, int32_t>(call.dtype(0),
                           [&]<class T>() { map_pairs<T>(call, square_of_difference<T>); });
  return {};
}

}  // namespace

constinit const AttributesType squared_difference_attributes =
    attributes_type<NoAttributes>({}, 76);

constinit const OpDef squared_difference = {.name = "SQUARED_DIFFERENCE",
                                            .code = 99,
                                            .attributes = &squared_difference_attributes,
                                            .inputs = {{"a", squared_types}, {"b", squared_types}},
                                            .outputs = {{"y", squared_types}},
                                            .versions = {{1, "1.13.1"}, {2, "2.5.0", DType::i8}},
                                            .infer = infer_squared_difference,
                                            .reference = reference,
                                            .quantization = {.rule = QuantizationRule::calibrated},
                                            .doc = "(a - b) squared, broadcast"};

OpTable squared_difference_ops() { return op_table(squared_difference); }

}  // namespace wherry::op
