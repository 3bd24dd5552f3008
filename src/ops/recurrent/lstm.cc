// LSTM: one time step of an LSTM cell, in its full and its basic form.
#include "ops/recurrent/lstm.h"

#include "ops/recurrent/lstm_basic.h"
#include "ops/recurrent/lstm_integer.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

using namespace recurrent;

constexpr Field lstm_fields[] = {
    field<&Lstm::fused_activation_function>("fused_activation_function", 0),
    field<&Lstm::cell_clip>("cell_clip", 1), field<&Lstm::proj_clip>("proj_clip", 2),
    field<&Lstm::kernel_type>("kernel_type", 3),
    field<&Lstm::asymmetric_quantize_inputs>("asymmetric_quantize_inputs", 4)};

LstmInputs inputs_of(int input_count) { return {.norms = input_count == 24 ? 20 : -1}; }

LstmRules rules_of(const Lstm& options) {
  return {options.fused_activation_function, options.cell_clip, options.proj_clip,
          options.asymmetric_quantize_inputs};
}

Status infer_lstm(InferContext& context) {
  const auto& options = context.attributes<Lstm>();
  if (options.kernel_type == LstmKernel::basic) return infer_basic_lstm(context);
  ENSURE(context.input_count() == 20 || context.input_count() == 24,
         "LSTM needs 20 or 24 inputs, got ", context.input_count());
  Shape shape = context.shape(0);
  ENSURE(shape.rank() == 2, "LSTM needs data of two axes, got the shape ", shape);
  LstmInputs inputs = inputs_of(context.input_count());
  LstmSizes sizes =
      TRY(check_lstm(context, inputs, SequenceLayout::of(shape, true), rules_of(options)));
  if (context.dtype(0) == DType::i8) TRY(check_integer_lstm(context, inputs, rules_of(options)));
  shape[1] = sizes.outputs;
  return context.set_output(0, context.dtype(0), std::move(shape));
}

Status reference(Call& call) {
  const auto& options = call.attributes<Lstm>();
  if (options.kernel_type == LstmKernel::basic) return run_basic_lstm(call);
  SequenceLayout layout = SequenceLayout::of(call.shape(0), true);
  LstmInputs inputs = inputs_of(call.input_count());
  if (call.dtype(0) == DType::i8)
    return run_integer_lstm(call, inputs, rules_of(options), layout, true);
  run_lstm(call, inputs, rules_of(options), layout, false,
           {call.result<float>(0), call.output(0).shape().back(), 0});
  return {};
}

bool is_basic(const Graph&, const Node& node) {
  return node.attributes.as<Lstm>().kernel_type == LstmKernel::basic;
}
bool is_hybrid(const Graph& graph, const Node& node) {
  return !is_basic(graph, node) && is_hybrid_lstm(graph, node, 4);
}
bool is_asymmetric(const Graph& graph, const Node& node) {
  return is_hybrid(graph, node) && node.attributes.as<Lstm>().asymmetric_quantize_inputs;
}

int64_t macs(const InferContext& context) {
  int64_t batch = context.shape(0)[0];
  if (context.attributes<Lstm>().kernel_type == LstmKernel::basic)
    return batch * context.shape(2).elements();
  return lstm_macs(context, inputs_of(context.input_count()), batch);
}

constexpr TypeSet data_types = one_of(DType::f32, DType::i8, DType::u8);
constexpr TypeSet operand_types = data_types | one_of(DType::i16, DType::i32);

}  // namespace

constinit const AttributesType lstm_attributes = attributes_type<Lstm>(lstm_fields, 14);

constinit const OpDef lstm = {
    .name = "LSTM",
    .code = 16,
    .attributes = &lstm_attributes,
    .inputs = {{"x", data_types}, {"parameters_and_states", operand_types, Presence::variadic}},
    .outputs = {{"y", data_types},
                {"state", one_of(DType::f32, DType::i16), Presence::optional},
                {"joined", one_of(DType::f32, DType::u8), Presence::optional},
                {"sums", one_of(DType::f32, DType::i16), Presence::optional}},
    .versions = {{1, "1.7.0"},
                 {2, "1.10.0", {}, is_basic},
                 {3, "1.14.0", {}, is_hybrid},
                 {4, "2.3.0", {}, is_asymmetric}},
    .infer = infer_lstm,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::calibrated, .hybrid = true},
    .macs = macs,
    .effects = Effects::stateful,
    .doc =
        "one step of an LSTM cell; full: with state in variables and the inputs of "
        "UNIDIRECTIONAL_SEQUENCE_LSTM, basic: with state in plain tensors"};

OpTable lstm_ops() { return op_table(lstm); }

}  // namespace wherry::op
