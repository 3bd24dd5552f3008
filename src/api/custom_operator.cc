// Lets a user's operator be planned and run like a built-in one.
#include "api/internals.h"
#include "ops/opaque.h"

namespace wherry {
namespace v1 {
namespace {

CustomTensor public_tensor(const TensorView& view) {
  if (!view.type) return {.present = false};
  return {.type = public_type(view.dtype()),
          .shape = view.shape().dims(),
          .quantization = public_quantization(*view.type),
          .data = {view.data, view.data ? view.bytes : 0}};
}

std::span<const std::byte> options_of(const Node& node) {
  return std::as_bytes(std::span(node.attributes.as<op::Custom>().options));
}

Status infer_custom(InferContext& context) {
  const auto& definition = static_cast<const CustomOpDef&>(context.op());
  std::vector<CustomTensor> inputs, outputs;
  for (int i = 0; i < context.input_count(); ++i) {
    if (!context.has_input(i)) {
      inputs.push_back({.present = false});
      continue;
    }
    TensorView view{&context.input(i), nullptr, 0};
    if (context.is_known(i)) view = TRY(context.value(i));
    inputs.push_back(public_tensor(view));
  }
  for (int i = 0; i < context.output_count(); ++i)
    outputs.push_back(public_tensor({&context.declared(i), nullptr, 0}));
  TRY(definition.custom_operator->prepare(inputs, outputs, options_of(context.node())));
  for (int i = 0; i < context.output_count(); ++i) {
    const CustomTensor& output = outputs[static_cast<size_t>(i)];
    TRY(context.set_output(i, static_cast<DType>(output.type), Shape(output.shape)));
  }
  return {};
}

Status run_custom(Call& call) {
  const auto& definition = static_cast<const CustomOpDef&>(*call.node().op);
  std::vector<CustomTensor> inputs, outputs;
  for (const TensorView& input : call.inputs()) inputs.push_back(public_tensor(input));
  for (size_t i = 0; i < call.node().outputs.size(); ++i)
    outputs.push_back(public_tensor(call.output(static_cast<int>(i))));
  return definition.custom_operator->run(inputs, outputs, options_of(call.node()));
}

}  // namespace

CustomOpDef::CustomOpDef(std::shared_ptr<const CustomOperator> custom)
    : OpDef{.code = wherry::custom_code,
            .attributes = &op::custom_attributes,
            .inputs = {{"inputs", any_type, Presence::variadic}},
            .outputs = {{"outputs", any_type, Presence::variadic}},
            .infer = infer_custom,
            .reference = run_custom,
            .effects = Effects::stateful,
            .doc = "a custom operator of the program"},
      custom_operator(std::move(custom)),
      custom_name(custom_operator->name()) {
  name = custom_name;
}

}  // namespace v1
}  // namespace wherry
