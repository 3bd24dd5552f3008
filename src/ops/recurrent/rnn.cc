// RNN: one time step of a plain recurrent cell.
#include "ops/recurrent/rnn.h"

#include "ops/recurrent/rnn_cell.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

using namespace recurrent;

constexpr Field rnn_fields[] = {
    field<&Rnn::fused_activation_function>("fused_activation_function", 0),
    field<&Rnn::asymmetric_quantize_inputs>("asymmetric_quantize_inputs", 1)};

Status infer_rnn(InferContext& context) {
  const Shape& shape = context.shape(0);
  ENSURE(shape.rank() == 2, "RNN needs data of two axes, got the shape ", shape);
  int64_t units = TRY(check_rnn(context, {}, SequenceLayout::of(shape, true)));
  return context.set_output(0, DType::f32, {shape[0], units});
}

Status reference(Call& call) {
  const auto& options = call.attributes<Rnn>();
  run_rnn(call, {}, {options.fused_activation_function, options.asymmetric_quantize_inputs},
          SequenceLayout::of(call.shape(0), true), false,
          {call.result<float>(0), call.output(0).shape()[1], 0});
  return {};
}

bool is_asymmetric(const Graph& graph, const Node& node) {
  return is_hybrid_rnn(graph, node) && node.attributes.as<Rnn>().asymmetric_quantize_inputs;
}

int64_t macs(const InferContext& context) { return rnn_macs(context, {}, context.shape(0)[0]); }

constexpr TypeSet weight_types = one_of(DType::f32, DType::i8, DType::u8);

}  // namespace

constinit const AttributesType rnn_attributes = attributes_type<Rnn>(rnn_fields, 7);

constinit const OpDef rnn = {
    .name = "RNN",
    .code = 24,
    .attributes = &rnn_attributes,
    .inputs = {{"x", DType::f32},
               {"weights", weight_types},
               {"recurrent_weights", weight_types},
               {"bias", DType::f32},
               {"state", DType::f32}},
    .outputs = {{"y", DType::f32}},
    .versions = {{1, "1.5.0"}, {2, "1.14.0", {}, is_hybrid_rnn}, {3, "2.3.0", {}, is_asymmetric}},
    .infer = infer_rnn,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::none, .weights = 1, .hybrid = true},
    .macs = macs,
    .effects = Effects::stateful,
    .doc = "one step of activation(weights x + recurrent_weights y + bias)"};

OpTable rnn_ops() { return op_table(rnn); }

}  // namespace wherry::op
