// BIDIRECTIONAL_SEQUENCE_LSTM: a sequence through two LSTM cells, one of them against time.
#include "ops/recurrent/bidirectional_sequence_lstm.h"

#include "ops/recurrent/lstm_cell.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

using namespace recurrent;

constexpr Field lstm_fields[] = {
    field<&BidirectionalSequenceLstm::fused_activation_function>("fused_activation_function", 0),
    field<&BidirectionalSequenceLstm::cell_clip>("cell_clip", 1),
    field<&BidirectionalSequenceLstm::proj_clip>("proj_clip", 2),
    field<&BidirectionalSequenceLstm::merge_outputs>("merge_outputs", 3),
    field<&BidirectionalSequenceLstm::time_major>("time_major", 4, 1),
    field<&BidirectionalSequenceLstm::asymmetric_quantize_inputs>("asymmetric_quantize_inputs", 5)};

constexpr int aux_input = 39, first_aux_weight = 40;

struct Directions {
  LstmInputs forward, backward;
};

/// `aux`: the auxiliary data is there; `linked`: its weights too.
Directions directions_of(bool aux, bool linked) {
  LstmInputs forward{.output_state = 35, .cell_state = 36, .norms = -1};
  LstmInputs backward{.data_weights = 18,
                      .recurrent_weights = 22,
                      .peepholes = 26,
                      .biases = 29,
                      .projection = 33,
                      .projection_bias = 34,
                      .output_state = 37,
                      .cell_state = 38,
                      .norms = -1};
  if (linked) {
    forward.aux = backward.aux = aux_input;
    forward.aux_weights = first_aux_weight;
    backward.aux_weights = first_aux_weight + 4;
  } else if (aux) {
    backward.data = aux_input;
  }
  return {forward, backward};
}

template <class Context>
Directions directions_of(const Context& context) {
  bool linked = false;
  for (int i = first_aux_weight; i < 48; ++i) linked |= context.has_input(i);
  return directions_of(context.has_input(aux_input), linked);
}

LstmRules rules_of(const BidirectionalSequenceLstm& options) {
  return {options.fused_activation_function, options.cell_clip, options.proj_clip,
          options.asymmetric_quantize_inputs};
}

Status check_aux(const InferContext& context, const Directions& directions) {
  bool linked = directions.forward.aux >= 0;
  ENSURE(context.has_input(aux_input) || !linked, context.op().name,
         " has auxiliary weights but no auxiliary data");
  if (!context.has_input(aux_input)) return {};
  Shape expected = context.shape(0);
  const Shape& aux = context.shape(aux_input);
  if (linked && aux.rank() == 3) expected[2] = aux[2];
  return check_operand(context, aux_input, DType::f32, expected, "auxiliary data");
}

Status infer_lstm(InferContext& context) {
  const auto& options = context.attributes<BidirectionalSequenceLstm>();
  int outputs = options.merge_outputs ? 1 : 2;
  ENSURE(context.input_count() == 48 && context.output_count() == outputs, context.op().name,
         " needs 48 inputs and ", outputs, " outputs, got ", context.input_count(), " and ",
         context.output_count());
  Shape shape = context.shape(0);
  ENSURE(shape.rank() == 3, context.op().name, " needs data of three axes, got the shape ", shape);
  SequenceLayout layout = SequenceLayout::of(shape, options.time_major);
  Directions directions = directions_of(context);
  TRY(check_aux(context, directions));
  LstmSizes forward = TRY(check_lstm(context, directions.forward, layout, rules_of(options)));
  LstmSizes backward = TRY(check_lstm(context, directions.backward, layout, rules_of(options)));
  shape[2] = forward.outputs + (options.merge_outputs ? backward.outputs : 0);
  TRY(context.set_output(0, DType::f32, shape));
  if (options.merge_outputs) return {};
  shape[2] = backward.outputs;
  return context.set_output(1, DType::f32, shape);
}

Status reference(Call& call) {
  const auto& options = call.attributes<BidirectionalSequenceLstm>();
  SequenceLayout layout = SequenceLayout::of(call.shape(0), options.time_major);
  Directions directions = directions_of(call);
  int second = options.merge_outputs ? 0 : 1;
  LstmOutput forward{call.result<float>(0), call.output(0).shape()[2], 0};
  LstmOutput backward{call.result<float>(second), call.output(second).shape()[2], 0};
  if (options.merge_outputs)
    backward.first = call.shape(directions.forward.recurrent_weights + output_gate)[1];
  run_lstm(call, directions.forward, rules_of(options), layout, false, forward);
  run_lstm(call, directions.backward, rules_of(options), layout, true, backward);
  return {};
}

bool is_hybrid(const Graph& graph, const Node& node) { return is_hybrid_lstm(graph, node, 4); }
bool is_asymmetric(const Graph& graph, const Node& node) {
  return is_hybrid(graph, node) &&
         node.attributes.as<BidirectionalSequenceLstm>().asymmetric_quantize_inputs;
}

int64_t macs(const InferContext& context) {
  Directions directions = directions_of(context);
  int64_t vectors = context.shape(0)[0] * context.shape(0)[1];
  return lstm_macs(context, directions.forward, vectors) +
         lstm_macs(context, directions.backward, vectors);
}

constexpr TypeSet weight_types = one_of(DType::f32, DType::i8, DType::u8);

}  // namespace

constinit const AttributesType bidirectional_sequence_lstm_attributes =
    attributes_type<BidirectionalSequenceLstm>(lstm_fields, 69);

constinit const OpDef bidirectional_sequence_lstm = {
    .name = "BIDIRECTIONAL_SEQUENCE_LSTM",
    .code = 52,
    .attributes = &bidirectional_sequence_lstm_attributes,
    .inputs = {{"x", DType::f32}, {"parameters_and_states", weight_types, Presence::variadic}},
    .outputs = {{"forward", DType::f32}, {"backward", DType::f32, Presence::optional}},
    .versions = {{1, "1.14.0"}, {2, "1.14.0", {}, is_hybrid}, {3, "1.14.0", {}, is_asymmetric}},
    .infer = infer_lstm,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::none, .hybrid = true},
    .macs = macs,
    .effects = Effects::stateful,
    .doc =
        "a sequence through two LSTM cells, one of them against time, with optional peepholes, "
        "projection, auxiliary data and coupled input and forget gates"};

OpTable bidirectional_sequence_lstm_ops() { return op_table(bidirectional_sequence_lstm); }

}  // namespace wherry::op
