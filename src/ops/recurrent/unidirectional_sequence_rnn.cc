// UNIDIRECTIONAL_SEQUENCE_RNN: a whole sequence through one plain recurrent cell.
#include "ops/recurrent/unidirectional_sequence_rnn.h"

#include "ops/recurrent/rnn_cell.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

using namespace recurrent;
using Options = UnidirectionalSequenceRnn;

constexpr Field rnn_fields[] = {
    field<&Options::time_major>("time_major", 0),
    field<&Options::fused_activation_function>("fused_activation_function", 1),
    field<&Options::asymmetric_quantize_inputs>("asymmetric_quantize_inputs", 2)};

Status infer_rnn(InferContext& context) {
  Shape shape = context.shape(0);
  ENSURE(shape.rank() == 3, context.op().name, " needs data of three axes, got the shape ", shape);
  SequenceLayout layout = SequenceLayout::of(shape, context.attributes<Options>().time_major);
  shape[2] = TRY(check_rnn(context, {}, layout));
  return context.set_output(0, DType::f32, std::move(shape));
}

Status reference(Call& call) {
  const auto& options = call.attributes<Options>();
  run_rnn(call, {}, {options.fused_activation_function, options.asymmetric_quantize_inputs},
          SequenceLayout::of(call.shape(0), options.time_major), false,
          {call.result<float>(0), call.output(0).shape()[2], 0});
  return {};
}

bool is_asymmetric(const Graph& graph, const Node& node) {
  return is_hybrid_rnn(graph, node) && node.attributes.as<Options>().asymmetric_quantize_inputs;
}

int64_t macs(const InferContext& context) {
  return rnn_macs(context, {}, context.shape(0)[0] * context.shape(0)[1]);
}

constexpr TypeSet weight_types = one_of(DType::f32, DType::i8, DType::u8);

}  // namespace

constinit const AttributesType unidirectional_sequence_rnn_attributes =
    attributes_type<UnidirectionalSequenceRnn>(rnn_fields, 31);

constinit const OpDef unidirectional_sequence_rnn = {
    .name = "UNIDIRECTIONAL_SEQUENCE_RNN",
    .code = 35,
    .attributes = &unidirectional_sequence_rnn_attributes,
    .inputs = {{"x", DType::f32},
               {"weights", weight_types},
               {"recurrent_weights", weight_types},
               {"bias", DType::f32},
               {"state", DType::f32}},
    .outputs = {{"y", DType::f32}},
    .versions = {{1, "1.14.0"}, {2, "1.14.0", {}, is_hybrid_rnn}, {3, "2.3.0", {}, is_asymmetric}},
    .infer = infer_rnn,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::none, .hybrid = true},
    .macs = macs,
    .effects = Effects::stateful,
    .doc = "a sequence through y = activation(weights x + recurrent_weights y + bias)"};

OpTable unidirectional_sequence_rnn_ops() { return op_table(unidirectional_sequence_rnn); }

}  // namespace wherry::op
