// SELECT and SELECT_V2: elements of one tensor or another, by a condition.
#include "ops/comparison/select.h"

#include "ops/broadcast.h"
#include "ops/context.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr TypeSet selected_types =
    one_of(DType::f32, DType::f16, DType::bf16, DType::f64, DType::boolean, DType::i8, DType::u8,
           DType::i16, DType::u16, DType::i32, DType::u32, DType::i64, DType::u64);

/// Stored numbers are moved as they are, whatever their scales, as in the stock runtime.
Status check_types(const InferContext& context) {
  const TensorType &a = context.input(1), &b = context.input(2);
  ENSURE(a.dtype == b.dtype, context.op().name, " needs a and b of one type, got ", a.dtype,
         " and ", b.dtype);
  return {};
}

Status infer_select(InferContext& context) {
  TRY(check_types(context));
  const Shape &condition = context.shape(0), &a = context.shape(1), &b = context.shape(2);
  bool by_row = condition.rank() == 1 && a.rank() >= 1 && condition[0] == a[0];
  ENSURE(a == b && (condition == a || condition.rank() == 0 || by_row),
         "SELECT needs a and b of one shape, and a condition of that shape, a scalar or one per "
         "row, got the shapes ",
         condition, ", ", a, " and ", b);
  return context.set_output(0, context.dtype(1), a);
}

Status infer_select_v2(InferContext& context) {
  TRY(check_types(context));
  Shape joint = TRY(broadcast_shape(context.shape(1), context.shape(2)));
  return context.set_output(0, context.dtype(1), TRY(broadcast_shape(context.shape(0), joint)));
}

/// A condition along the first axis of SELECT as a shape that broadcasts.
Shape condition_shape(const Call& call) {
  Shape shape = call.shape(0);
  bool by_row = call.node().op == &select && shape.rank() == 1;
  if (by_row) shape.resize(call.shape(1).rank());
  return shape;
}

Status reference(Call& call) {
  const auto* condition = call.data<uint8_t>(0);
  const Shape shape = condition_shape(call);
  BroadcastWalk<3> walk(call.output(0).shape(), {&shape, &call.shape(1), &call.shape(2)});
  for_width(call.output(0).dtype(), [&]<class T>() {
    const T *a = call.data<T>(1), *b = call.data<T>(2);
    T* y = call.result<T>(0);
    walk.elements([&](int64_t i, std::array<int64_t, 3> from) {
      y[i] = condition[from[0]] ? a[from[1]] : b[from[2]];
    });
  });
  return {};
}

bool has_rank_5(const Graph& graph, const Node& node) {
  return rank_above<0, 4>(graph, node) || rank_above<1, 4>(graph, node) ||
         rank_above<2, 4>(graph, node);
}

constexpr QuantizationFacts facts = {.rule = QuantizationRule::same_as_input, .int16 = true};

}  // namespace

constinit const AttributesType select_attributes = attributes_type<NoAttributes>({}, 47);
constinit const AttributesType select_v2_attributes = attributes_type<NoAttributes>({}, 98);

constinit const OpDef select_family[2] = {
    {.name = "SELECT",
     .code = 64,
     .attributes = &select_attributes,
     .inputs = {{"condition", DType::boolean}, {"a", selected_types}, {"b", selected_types}},
     .outputs = {{"y", selected_types}},
     .versions = {{1, "1.14.0"},
                  {2, "1.14.0", DType::i8},
                  {3, "2.12.0", {}, has_rank_5},
                  {4, "2.12.0", DType::u32}},
     .infer = infer_select,
     .reference = reference,
     .quantization = facts,
     .doc = "elements of a where the condition is true, else of b"},
    {.name = "SELECT_V2",
     .code = 123,
     .attributes = &select_v2_attributes,
     .inputs = {{"condition", DType::boolean}, {"a", selected_types}, {"b", selected_types}},
     .outputs = {{"y", selected_types}},
     .versions = {{1, "2.2.0"}, {2, "2.12.0", DType::u32}},
     .infer = infer_select_v2,
     .reference = reference,
     .quantization = facts,
     .doc = "elements of a where the condition is true, else of b; all three broadcast"},
};

OpTable select_ops() { return op_table(select_family); }

}  // namespace wherry::op
