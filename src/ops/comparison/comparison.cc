// EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER and GREATER_EQUAL. Quantised tensors are compared in
// steps of 1/256, as in the stock runtime: finer differences count as equal.
#include "ops/comparison/comparison.h"

#include "ir/truth.h"
#include "ops/elementwise.h"
#include "ops/registry.h"
#include "ops/requantization.h"

namespace wherry::op {
namespace {

constexpr TypeSet ordered_types =
    one_of(DType::f32, DType::f16, DType::i16, DType::i32, DType::i64, DType::u8, DType::i8);
constexpr TypeSet less_types = ordered_types | one_of(DType::bf16);
constexpr TypeSet equal_types = ordered_types | one_of(DType::boolean, DType::string);

/// Whether real values are compared, not what is stored: those of 8-bit tensors with a scale, and
/// of int16 ones for equality (the stock runtime orders int16 as stored).
bool compares_scaled(const OpDef& op, const TensorType& a, const TensorType& b) {
  if (a.dtype == DType::i16)
    return (op.code == equal.code || op.code == not_equal.code) && a.quantized() && b.quantized();
  return (a.dtype == DType::i8 || a.dtype == DType::u8) && (a.quantized() || b.quantized());
}

Status infer_comparison(InferContext& context) {
  TRY(infer_pairs(context, DType::boolean));
  if (!compares_scaled(context.op(), context.input(0), context.input(1))) return {};
  for (int i = 0; i < 2; ++i)
    TRY(check_one_scale(cat("input ", i, " of ", context.op().name), context.input(i)));
  return {};
}

/// Stored numbers of 8 or 16 bits in steps of 1/256.
class Steps {
 public:
  explicit Steps(const TensorType& type)
      : zero_(type.zero_point()), factor_(fixed_multiplier(static_cast<double>(type.scale()))) {}
  int32_t operator()(int32_t stored) const { return multiply((stored - zero_) * 256, factor_); }

 private:
  int32_t zero_;
  FixedMultiplier factor_;
};

template <class T, class F>
void compare_scaled(Call& call, F compare) {
  const TensorType &a = *call.input(0).type, &b = *call.input(1).type;
  if (a.scale() >= 1 || b.scale() >= 1) {  // where 32 bits may not hold the steps
    map_pairs<T, bool>(call, [&](T x, T y) {
      return compare(static_cast<double>(x - a.zero_point()) * static_cast<double>(a.scale()),
                     static_cast<double>(y - b.zero_point()) * static_cast<double>(b.scale()));
    });
    return;
  }
  const Steps left(a), right(b);
  map_pairs<T, bool>(call, [&](T x, T y) { return compare(left(x), right(y)); });
}

template <class F>
Status compare_strings(Call& call, F compare) {
  std::vector<std::string_view> a = TRY(strings_of(call.input(0))),
                                b = TRY(strings_of(call.input(1)));
  bool* y = call.result<bool>(0);
  BroadcastWalk<2>(call.output(0).shape(), {&call.shape(0), &call.shape(1)})
      .elements([&](int64_t i, std::array<int64_t, 2> from) {
        y[i] = compare(a[static_cast<size_t>(from[0])], b[static_cast<size_t>(from[1])]);
      });
  return {};
}

template <class F>
Status compare_all(Call& call, F compare) {
  if (call.dtype(0) == DType::string) return compare_strings(call, compare);
  if (compares_scaled(*call.node().op, *call.input(0).type, *call.input(1).type)) {
    for_type<int8_t, uint8_t, int16_t>(call.dtype(0),
                                       [&]<class T>() { compare_scaled<T>(call, compare); });
    return {};
  }
  for_type<float, half, bfloat16, int16_t, int32_t, int64_t, uint8_t, int8_t, Truth>(
      call.dtype(0), [&]<class T>() { map_pairs<T, bool>(call, compare); });
  return {};
}

enum class Relation { equal, not_equal, less, less_equal, greater, greater_equal };

template <Relation relation>
Status reference(Call& call) {
  return compare_all(call, [](const auto& a, const auto& b) {
    switch (relation) {
      case Relation::equal:
        return a == b;
      case Relation::not_equal:
        return a != b;
      case Relation::less:
        return a < b;
      case Relation::less_equal:
        return a <= b;
      case Relation::greater:
        return a > b;
      case Relation::greater_equal:
        return a >= b;
    }
  });
}

constexpr QuantizationFacts facts = {.rule = QuantizationRule::plain_output};

}  // namespace

constinit const AttributesType comparison_attributes[6] = {
    attributes_type<NoAttributes>({}, 53), attributes_type<NoAttributes>({}, 54),
    attributes_type<NoAttributes>({}, 41), attributes_type<NoAttributes>({}, 46),
    attributes_type<NoAttributes>({}, 44), attributes_type<NoAttributes>({}, 45)};

constinit const OpDef comparison_family[6] = {
    {.name = "EQUAL",
     .code = 71,
     .attributes = &comparison_attributes[0],
     .inputs = {{"a", equal_types}, {"b", equal_types}},
     .outputs = {{"y", DType::boolean}},
     .versions = {{1, "1.14.0"},
                  {2, "1.14.0", DType::i8},
                  {3, "2.3.0", DType::string},
                  {5, "2.21.0", DType::i16}},
     .infer = infer_comparison,
     .reference = reference<Relation::equal>,
     .quantization = facts,
     .doc = "whether a == b, broadcast"},
    {.name = "NOT_EQUAL",
     .code = 72,
     .attributes = &comparison_attributes[1],
     .inputs = {{"a", equal_types}, {"b", equal_types}},
     .outputs = {{"y", DType::boolean}},
     .versions = {{1, "1.14.0"},
                  {2, "1.14.0", DType::i8},
                  {3, "2.3.0", DType::string},
                  {4, "2.21.0", DType::i16}},
     .infer = infer_comparison,
     .reference = reference<Relation::not_equal>,
     .quantization = facts,
     .doc = "whether a != b, broadcast"},
    {.name = "LESS",
     .code = 58,
     .attributes = &comparison_attributes[2],
     .inputs = {{"a", less_types}, {"b", less_types}},
     .outputs = {{"y", DType::boolean}},
     .versions = {{1, "1.14.0"}, {2, "1.14.0", DType::i8}, {3, "2.13.0", DType::i16}},
     .infer = infer_comparison,
     .reference = reference<Relation::less>,
     .quantization = facts,
     .doc = "whether a < b, broadcast"},
    {.name = "LESS_EQUAL",
     .code = 63,
     .attributes = &comparison_attributes[3],
     .inputs = {{"a", ordered_types}, {"b", ordered_types}},
     .outputs = {{"y", DType::boolean}},
     .versions = {{1, "1.14.0"}, {2, "1.14.0", DType::i8}},
     .infer = infer_comparison,
     .reference = reference<Relation::less_equal>,
     .quantization = facts,
     .doc = "whether a <= b, broadcast"},
    {.name = "GREATER",
     .code = 61,
     .attributes = &comparison_attributes[4],
     .inputs = {{"a", ordered_types}, {"b", ordered_types}},
     .outputs = {{"y", DType::boolean}},
     .versions = {{1, "1.14.0"}, {2, "1.14.0", DType::i8}},
     .infer = infer_comparison,
     .reference = reference<Relation::greater>,
     .quantization = facts,
     .doc = "whether a > b, broadcast"},
    {.name = "GREATER_EQUAL",
     .code = 62,
     .attributes = &comparison_attributes[5],
     .inputs = {{"a", ordered_types}, {"b", ordered_types}},
     .outputs = {{"y", DType::boolean}},
     .versions = {{1, "1.14.0"}, {2, "1.14.0", DType::i8}, {3, "2.13.0", DType::i16}},
     .infer = infer_comparison,
     .reference = reference<Relation::greater_equal>,
     .quantization = facts,
     .doc = "whether a >= b, broadcast"},
};

OpTable comparison_ops() { return op_table(comparison_family); }

}  // namespace wherry::op
