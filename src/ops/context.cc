// Argument checks around infer, and the small accessors of both contexts.
#include "ops/context.h"

#include "ops/environment.h"
#include "ops/opaque.h"
#include "ops/stated_types.h"

namespace wherry {

int64_t integer_at(const TensorView& view, int64_t i) {
  switch (view.dtype()) {
    case DType::i8:
      return view.as<int8_t>()[i];
    case DType::u8:
      return view.as<uint8_t>()[i];
    case DType::boolean:
      return view.as<uint8_t>()[i] != 0;
    case DType::i16:
      return view.as<int16_t>()[i];
    case DType::u16:
      return view.as<uint16_t>()[i];
    case DType::i32:
      return view.as<int32_t>()[i];
    case DType::u32:
      return view.as<uint32_t>()[i];
    case DType::i64:
      return view.as<int64_t>()[i];
    case DType::u64:
      return static_cast<int64_t>(view.as<uint64_t>()[i]);
    default:
      CHECK(false && "integer_at needs an integer tensor");
  }
}

namespace {

std::vector<int64_t> all_integers(const TensorView& view) {
  std::vector<int64_t> result(static_cast<size_t>(view.elements()));
  for (size_t i = 0; i < result.size(); ++i) result[i] = integer_at(view, static_cast<int64_t>(i));
  return result;
}

constexpr TypeSet integer_types =
    one_of(DType::i8, DType::u8, DType::boolean, DType::i16, DType::u16, DType::i32, DType::u32,
           DType::i64, DType::u64);

/// The layout of string tensors has 32-bit offsets.
constexpr int64_t max_strings = int64_t{1} << 29;

}  // namespace

Expected<TensorView> InferContext::value(int i) const {
  ENSURE(has_input(i), op().name, " needs input ", i);
  ENSURE_CODE(ErrorCode::needs_values, is_known(i), op().name, " needs the values of input ", i,
              " to know its shape");
  return inputs_[static_cast<size_t>(i)];
}

Expected<std::vector<int64_t>> InferContext::integers(int i) const {
  TensorView view = TRY(value(i));
  ENSURE(integer_types.contains(view.dtype()), op().name, " needs integers as input ", i, ", got ",
         view.dtype());
  return all_integers(view);
}

Expected<int64_t> InferContext::integer(int i) const {
  std::vector<int64_t> all = TRY(integers(i));
  ENSURE(all.size() == 1, op().name, " needs one number as input ", i, ", got a tensor of ",
         all.size(), " elements");
  return all[0];
}

Status InferContext::set_output(int i, DType dtype, Shape shape) {
  ENSURE(i < output_count(), op().name, " needs ", i + 1, " outputs, the node has ",
         output_count());
  int64_t elements = TRY(shape.checked_elements());
  TRY(byte_size(dtype, elements));
  ENSURE_CODE(ErrorCode::too_large, dtype != DType::string || elements <= max_strings, op().name,
              " would give ", elements, " strings");
  TensorType& output = outputs_[static_cast<size_t>(i)];
  output.dtype = dtype;
  output.shape = std::move(shape);
  states_[static_cast<size_t>(i)] = State::known;
  return {};
}

void InferContext::set_output_unknown(int i, DType dtype) {
  outputs_[static_cast<size_t>(i)].dtype = dtype;
  states_[static_cast<size_t>(i)] = State::unknown;
}

std::vector<int64_t> Call::integers(int i) const { return all_integers(input(i)); }

Expected<TensorView> Call::constant(ValueId id) const {
  ENSURE(id >= 0 && static_cast<size_t>(id) < graph_.values.size(), "the value ", id,
         " does not exist");
  const Value& value = graph_.value(id);
  ENSURE(value.constant && !value.sparsity, quoted(value.name), " must be a constant");
  TRY(dense_constant(value));
  std::span<const std::byte> bytes = value.constant.bytes();
  return TensorView{&value.type, const_cast<std::byte*>(bytes.data()), bytes.size()};
}

const TensorType* Call::intermediate(int i) const {
  if (static_cast<size_t>(i) >= node_.intermediates.size()) return nullptr;
  return &graph_.value(node_.intermediates[static_cast<size_t>(i)]).type;
}

Status Call::resize(int i, const Shape& shape) {
  int64_t bytes = TRY(byte_size(output(i).dtype(), TRY(shape.checked_elements())));
  return allocate_(owner_, *this, i, shape, static_cast<size_t>(bytes));
}

Status Call::set_bytes(int i, const Shape& shape, std::span<const std::byte> bytes) {
  TRY(shape.checked_elements());
  TRY(allocate_(owner_, *this, i, shape, bytes.size()));
  std::copy(bytes.begin(), bytes.end(), output(i).data);
  return {};
}

namespace {

Status check_inputs(const InferContext& context) {
  const OpDef& op = context.op();
  size_t given = static_cast<size_t>(context.input_count());
  while (given > op.inputs.size() && !context.has_input(static_cast<int>(given) - 1)) --given;
  bool variadic =
      op.inputs.size() && op.inputs[op.inputs.size() - 1].presence == Presence::variadic;
  ENSURE(variadic || given <= op.inputs.size(), op.name, " takes at most ", op.inputs.size(),
         " inputs, got ", given);
  for (size_t i = 0; i < std::max(given, op.inputs.size()); ++i) {
    const Argument& argument = op.inputs[std::min(i, op.inputs.size() - 1)];
    bool present = context.has_input(static_cast<int>(i));
    ENSURE(present || argument.presence != Presence::required, op.name, " needs input ", i, " (",
           argument.name, ")");
    if (!present) continue;
    DType dtype = context.dtype(static_cast<int>(i));
    ENSURE_CODE(ErrorCode::unsupported, argument.types.contains(dtype), op.name,
                " does not support input ", i, " (", argument.name, ") of type ", dtype,
                "; supported: ", names_of(argument.types));
  }
  return {};
}

/// What infer functions rely on when they look at declared outputs.
Status check_output_count(const InferContext& context) {
  const OpDef& op = context.op();
  size_t given = static_cast<size_t>(context.output_count());
  for (size_t i = given; i < op.outputs.size(); ++i)
    ENSURE(op.outputs[i].presence != Presence::required, op.name, " gives output ", i, " (",
           op.outputs[i].name, "), the model has ", given, " outputs of it");
  return {};
}

Status check_outputs(const InferContext& context, const std::vector<TensorType>& declared) {
  const OpDef& op = context.op();
  for (size_t i = 0; i < declared.size(); ++i) {
    ENSURE(context.state(static_cast<int>(i)) != InferContext::State::unset, op.name,
           " has no output ", i);
    DType stated = context.outputs()[i].dtype;
    ENSURE(stated == declared[i].dtype, op.name, " gives ", stated, " as output ", i,
           ", the model declares ", declared[i].dtype);
    if (op.outputs.size() == 0) continue;
    const Argument& argument = op.outputs[std::min(i, op.outputs.size() - 1)];
    ENSURE_CODE(ErrorCode::unsupported, argument.types.contains(stated), op.name,
                " does not support output ", i, " of type ", stated,
                "; supported: ", names_of(argument.types));
  }
  return {};
}

}  // namespace

Status infer_stated(InferContext& context) {
  const OpDef& op = context.op();
  ENSURE_CODE(ErrorCode::unsupported, op.infer, "the operator ", op.name, " is not supported");
  TRY(check_inputs(context));
  TRY(check_output_count(context));
  return op.infer(context);
}

Status infer(InferContext& context) {
  std::vector<TensorType> declared = context.outputs();
  TRY(infer_stated(context));
  return check_outputs(context, declared);
}

std::string place_of(const Graph& graph, const Node& node) {
  size_t index = static_cast<size_t>(&node - graph.nodes.data());
  std::string place =
      index < graph.nodes.size() ? cat("node ", index, " (") : std::string("node (");
  append(place, op::name_of(node));
  if (!node.outputs.empty() && node.outputs[0] != no_value) {
    place += cat(", output ", quoted(graph.value(node.outputs[0]).name));
  }
  place += ")";
  if (!node.origin.layer.empty())
    place += cat(", layer ", quoted(node.origin.layer), " (", node.origin.class_name, ")");
  return place;
}

}  // namespace wherry
