// UNIDIRECTIONAL_SEQUENCE_LSTM: a whole sequence through one LSTM cell.
#include "ops/recurrent/unidirectional_sequence_lstm.h"

#include "ops/recurrent/lstm_integer.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

using namespace recurrent;

constexpr Field lstm_fields[] = {
    field<&UnidirectionalSequenceLstm::fused_activation_function>("fused_activation_function", 0),
    field<&UnidirectionalSequenceLstm::cell_clip>("cell_clip", 1),
    field<&UnidirectionalSequenceLstm::proj_clip>("proj_clip", 2),
    field<&UnidirectionalSequenceLstm::time_major>("time_major", 3),
    field<&UnidirectionalSequenceLstm::asymmetric_quantize_inputs>("asymmetric_quantize_inputs", 4),
    field<&UnidirectionalSequenceLstm::diagonal_recurrent_tensors>("diagonal_recurrent_tensors",
                                                                   5)};

LstmInputs inputs_of(int input_count) {
  return {.norms = input_count == 24 ? 20 : -1, .diagonal = true};
}

LstmRules rules_of(const UnidirectionalSequenceLstm& options) {
  return {options.fused_activation_function, options.cell_clip, options.proj_clip,
          options.asymmetric_quantize_inputs};
}

Status infer_lstm(InferContext& context) {
  ENSURE(context.input_count() == 20 || context.input_count() == 24, context.op().name,
         " needs 20 or 24 inputs, got ", context.input_count());
  Shape shape = context.shape(0);
  ENSURE(shape.rank() == 3, context.op().name, " needs data of three axes, got the shape ", shape);
  const auto& options = context.attributes<UnidirectionalSequenceLstm>();
  SequenceLayout layout = SequenceLayout::of(shape, options.time_major);
  LstmInputs inputs = inputs_of(context.input_count());
  LstmSizes sizes = TRY(check_lstm(context, inputs, layout, rules_of(options)));
  if (context.dtype(0) == DType::i8) TRY(check_integer_lstm(context, inputs, rules_of(options)));
  shape[2] = sizes.outputs;
  return context.set_output(0, context.dtype(0), std::move(shape));
}

Status reference(Call& call) {
  const auto& options = call.attributes<UnidirectionalSequenceLstm>();
  SequenceLayout layout = SequenceLayout::of(call.shape(0), options.time_major);
  LstmInputs inputs = inputs_of(call.input_count());
  if (call.dtype(0) == DType::i8)
    return run_integer_lstm(call, inputs, rules_of(options), layout, options.time_major);
  run_lstm(call, inputs, rules_of(options), layout, false,
           {call.result<float>(0), call.output(0).shape().back(), 0});
  return {};
}

bool is_hybrid(const Graph& graph, const Node& node) { return is_hybrid_lstm(graph, node, 4); }
bool is_asymmetric(const Graph& graph, const Node& node) {
  return is_hybrid(graph, node) &&
         node.attributes.as<UnidirectionalSequenceLstm>().asymmetric_quantize_inputs;
}
bool is_diagonal(const Graph&, const Node& node) {
  return node.attributes.as<UnidirectionalSequenceLstm>().diagonal_recurrent_tensors;
}

int64_t macs(const InferContext& context) {
  return lstm_macs(context, inputs_of(context.input_count()),
                   context.shape(0)[0] * context.shape(0)[1]);
}

constexpr TypeSet data_types = one_of(DType::f32, DType::i8);
constexpr TypeSet weight_types = one_of(DType::f32, DType::i8, DType::u8);

}  // namespace

constinit const AttributesType unidirectional_sequence_lstm_attributes =
    attributes_type<UnidirectionalSequenceLstm>(lstm_fields, 71);

constinit const OpDef unidirectional_sequence_lstm = {
    .name = "UNIDIRECTIONAL_SEQUENCE_LSTM",
    .code = 44,
    .attributes = &unidirectional_sequence_lstm_attributes,
    .inputs = {{"x", data_types},
               {"input_to_input_weights", weight_types, Presence::optional},
               {"input_to_forget_weights", weight_types},
               {"input_to_cell_weights", weight_types},
               {"input_to_output_weights", weight_types},
               {"parameters_and_states", weight_types | one_of(DType::i16, DType::i32),
                Presence::variadic}},
    .outputs = {{"y", data_types}},
    .versions = {{1, "1.13.1"},
                 {2, "1.14.0", {}, is_hybrid},
                 {3, "2.3.0", {}, is_asymmetric},
                 {4, "2.12.0", {}, is_diagonal}},
    .infer = infer_lstm,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::none, .hybrid = true},
    .macs = macs,
    .effects = Effects::stateful,
    .doc =
        "a sequence through an LSTM cell, with optional peepholes, projection, layer "
        "normalisation and coupled input and forget gates"};

OpTable unidirectional_sequence_lstm_ops() { return op_table(unidirectional_sequence_lstm); }

}  // namespace wherry::op
