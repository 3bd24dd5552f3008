// BIDIRECTIONAL_SEQUENCE_RNN: a sequence through two plain recurrent cells, one against time.
#include "ops/recurrent/bidirectional_sequence_rnn.h"

#include "ops/recurrent/rnn_cell.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

using namespace recurrent;
using Options = BidirectionalSequenceRnn;

constexpr Field rnn_fields[] = {
    field<&Options::time_major>("time_major", 0),
    field<&Options::fused_activation_function>("fused_activation_function", 1),
    field<&Options::merge_outputs>("merge_outputs", 2),
    field<&Options::asymmetric_quantize_inputs>("asymmetric_quantize_inputs", 3)};

constexpr int aux_input = 9, forward_aux_weights = 10, backward_aux_weights = 11;

struct Directions {
  RnnInputs forward, backward;
};

template <class Context>
Directions directions_of(const Context& context) {
  Directions result;
  result.backward = {.data_weights = 5, .recurrent_weights = 6, .bias = 7, .state = 8};
  if (context.has_input(forward_aux_weights) || context.has_input(backward_aux_weights)) {
    result.forward.aux = result.backward.aux = aux_input;
    result.forward.aux_weights = forward_aux_weights;
    result.backward.aux_weights = backward_aux_weights;
  } else if (context.has_input(aux_input)) {
    result.backward.data = aux_input;
  }
  return result;
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

Status infer_rnn(InferContext& context) {
  const auto& options = context.attributes<Options>();
  int outputs = options.merge_outputs ? 1 : 2;
  ENSURE(context.input_count() == 12 && context.output_count() == outputs, context.op().name,
         " needs 12 inputs and ", outputs, " outputs, got ", context.input_count(), " and ",
         context.output_count());
  Shape shape = context.shape(0);
  ENSURE(shape.rank() == 3, context.op().name, " needs data of three axes, got the shape ", shape);
  SequenceLayout layout = SequenceLayout::of(shape, options.time_major);
  Directions directions = directions_of(context);
  TRY(check_aux(context, directions));
  int64_t forward = TRY(check_rnn(context, directions.forward, layout));
  int64_t backward = TRY(check_rnn(context, directions.backward, layout));
  shape[2] = forward + (options.merge_outputs ? backward : 0);
  TRY(context.set_output(0, DType::f32, shape));
  if (options.merge_outputs) return {};
  shape[2] = backward;
  return context.set_output(1, DType::f32, shape);
}

Status reference(Call& call) {
  const auto& options = call.attributes<Options>();
  SequenceLayout layout = SequenceLayout::of(call.shape(0), options.time_major);
  Directions directions = directions_of(call);
  RnnRules rules{options.fused_activation_function, options.asymmetric_quantize_inputs};
  int second = options.merge_outputs ? 0 : 1;
  RnnOutput forward{call.result<float>(0), call.output(0).shape()[2], 0};
  RnnOutput backward{call.result<float>(second), call.output(second).shape()[2], 0};
  if (options.merge_outputs) backward.first = call.shape(1)[0];
  // With int8 weights and time-major data the stock kernel runs through the sequence once for each
  // of its time steps, going on from the state it has reached; its results are the expected ones.
  bool repeats = options.time_major && call.dtype(1) != DType::f32;
  for (int64_t pass = 0; pass < (repeats ? layout.time : 1); ++pass) {
    run_rnn(call, directions.forward, rules, layout, false, forward);
    run_rnn(call, directions.backward, rules, layout, true, backward);
  }
  return {};
}

bool is_asymmetric(const Graph& graph, const Node& node) {
  return is_hybrid_rnn(graph, node) && node.attributes.as<Options>().asymmetric_quantize_inputs;
}

int64_t macs(const InferContext& context) {
  Directions directions = directions_of(context);
  int64_t vectors = context.shape(0)[0] * context.shape(0)[1];
  return rnn_macs(context, directions.forward, vectors) +
         rnn_macs(context, directions.backward, vectors);
}

constexpr TypeSet weight_types = one_of(DType::f32, DType::i8, DType::u8);

}  // namespace

constinit const AttributesType bidirectional_sequence_rnn_attributes =
    attributes_type<BidirectionalSequenceRnn>(rnn_fields, 70);

constinit const OpDef bidirectional_sequence_rnn = {
    .name = "BIDIRECTIONAL_SEQUENCE_RNN",
    .code = 46,
    .attributes = &bidirectional_sequence_rnn_attributes,
    .inputs = {{"x", DType::f32}, {"parameters_and_states", weight_types, Presence::variadic}},
    .outputs = {{"forward", DType::f32}, {"backward", DType::f32, Presence::optional}},
    .versions = {{1, "1.14.0"}, {2, "1.14.0", {}, is_hybrid_rnn}, {3, "2.3.0", {}, is_asymmetric}},
    .infer = infer_rnn,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::none, .weights = 1, .hybrid = true},
    .macs = macs,
    .effects = Effects::stateful,
    .doc = "a sequence through two plain recurrent cells, one of them against time"};

OpTable bidirectional_sequence_rnn_ops() { return op_table(bidirectional_sequence_rnn); }

}  // namespace wherry::op
