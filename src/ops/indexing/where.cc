// WHERE: the positions of elements that are not zero.
#include "ops/indexing/where.h"

#include "ops/context.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr TypeSet tested_types =
    one_of(DType::boolean, DType::f32, DType::i32, DType::u32, DType::i64, DType::i8, DType::u8);

Status infer_where(InferContext& context) {
  context.set_output_unknown(0, DType::i64);
  return {};
}

template <class T>
std::vector<int64_t> nonzero(const TensorView& x) {
  std::vector<int64_t> found;
  int64_t elements = x.elements();
  for (int64_t i = 0; i < elements; ++i) {
    if (x.as<const T>()[i] != T{}) found.push_back(i);
  }
  return found;
}

Status reference(Call& call) {
  std::vector<int64_t> found;
  for_type<float, int32_t, uint32_t, int64_t, int8_t, uint8_t>(
      call.dtype(0) == DType::boolean ? DType::u8 : call.dtype(0),
      [&]<class T>() { found = nonzero<T>(call.input(0)); });
  const Shape& shape = call.shape(0);
  TRY(call.resize(0, {static_cast<int64_t>(found.size()), shape.rank()}));
  int64_t* y = call.result<int64_t>(0);
  for (int64_t flat : found) {
    for (int axis = shape.rank(); axis-- > 0; flat /= shape[axis]) y[axis] = flat % shape[axis];
    y += shape.rank();
  }
  return {};
}

bool is_not_bool(const Graph& graph, const Node& node) {
  return !input_is<0, DType::boolean>(graph, node);
}

}  // namespace

constinit const AttributesType where_attributes = attributes_type<NoAttributes>({}, 85);

constinit const OpDef where = {.name = "WHERE",
                               .code = 109,
                               .attributes = &where_attributes,
                               .inputs = {{"x", tested_types}},
                               .outputs = {{"y", DType::i64}},
                               .versions = {{1, "1.14.0"}, {2, "2.8.0", {}, is_not_bool}},
                               .infer = infer_where,
                               .reference = reference,
                               .quantization = {.rule = QuantizationRule::plain_output},
                               .doc = "the positions of elements that are not zero, one per row"};

OpTable where_ops() { return op_table(where); }

}  // namespace wherry::op
