// docs/operators.md: one row for each operator definition.
#include "ir/text.h"
#include "ops/registry.h"
#include "ops/tensorflow_names.h"
#include "tables.h"

namespace wherry::docgen {
namespace {

constexpr std::string_view head =
    "# Operators\n"
    "Made from the definitions in `src/ops` by `docgen operators`; not edited by hand.\n\n"
    "- **Inputs, outputs**: name and element types; `?` may be absent, `...` any number of them.\n"
    "- **Options**: as in the .tflite schema, with the default of a node built here.\n"
    "- **Versions**: what is written to a file, and the first TensorFlow Lite release that runs "
    "it;\n"
    "  a condition on element types, or on how the operator is used. The highest that holds is\n"
    "  written.\n"
    "- **Quantisation**: how the int8 form of a float operator gets its output scale, which input\n"
    "  is weights (one scale for the tensor, or one for each channel along an axis), `16x8` for\n"
    "  int16 activations with int8 weights, `dynamic` for float activations with int8 weights.\n\n";

std::string types_text(TypeSet types) { return types == any_type ? "any" : names_of(types); }

std::string argument_text(const Argument& argument) {
  std::string_view mark = argument.presence == Presence::optional   ? "?"
                          : argument.presence == Presence::variadic ? "..."
                                                                    : "";
  return cat("`", argument.name, mark, "`: ", types_text(argument.types));
}

std::string arguments_text(const FixedList<Argument, 8>& arguments) {
  std::vector<std::string> parts;
  for (const Argument& argument : arguments) parts.push_back(argument_text(argument));
  return parts.empty() ? "-" : joined(parts, "<br>");
}

std::string option_text(const Field& field, const void* defaults) {
  std::string choices;
  for (std::string_view name : field.names) choices += cat(choices.empty() ? " (" : ", ", name);
  if (!choices.empty()) choices += ")";
  std::string value = print_option(field, defaults);
  return cat("`", field.name, "` = ", value.empty() ? "\"\"" : value, choices);
}

std::string options_text(const OpDef& op) {
  if (op.code == custom_code) return "see the first column";
  std::shared_ptr<void> defaults = op.attributes->make();
  std::vector<std::string> parts;
  for (const Field& field : op.attributes->fields)
    parts.push_back(option_text(field, defaults.get()));
  return parts.empty() ? "-" : joined(parts, "<br>");
}

std::string versions_text(const OpDef& op) {
  std::vector<std::string> parts;
  for (const VersionRule& rule : op.versions) {
    std::string part = cat(rule.version);
    if (!rule.runtime.empty()) part += cat(" since ", rule.runtime);
    if (!rule.types.empty()) part += cat(": ", types_text(rule.types));
    if (rule.when) part += rule.types.empty() ? ": by use" : " or by use";
    parts.push_back(std::move(part));
  }
  return joined(parts, "<br>");
}

std::string fixed_text(std::string_view type, const FixedScale& fixed) {
  if (fixed.scale == 0) return {};
  return cat(" ", type, " ", fixed.scale, " : ", fixed.zero_point);
}

std::string rule_text(const QuantizationFacts& facts) {
  switch (facts.rule) {
    case QuantizationRule::none:
      return {};
    case QuantizationRule::calibrated:
      return "calibrated";
    case QuantizationRule::same_as_input:
      return "same as input";
    case QuantizationRule::fixed_output:
      return "fixed" + fixed_text("i8", facts.fixed_i8) + fixed_text("i16", facts.fixed_i16);
    case QuantizationRule::plain_output:
      return "output stays plain";
  }
  return {};
}

std::string quantization_text(const OpDef& op) {
  const QuantizationFacts& facts = op.quantization;
  std::vector<std::string> parts;
  if (std::string rule = rule_text(facts); !rule.empty()) parts.push_back(rule);
  if (facts.weights >= 0) {
    std::string axis = facts.channel_axis >= 0 ? cat(", channels along ", facts.channel_axis) : "";
    parts.push_back(cat("weights: input ", facts.weights, axis));
  }
  if (facts.int16) parts.push_back("16x8");
  if (facts.hybrid) parts.push_back("dynamic");
  return parts.empty() ? "-" : joined(parts, "<br>");
}

/// '|' ends a cell.
std::string cell(std::string_view text) {
  std::string out;
  for (char c : text) out += c == '|' ? "\\|" : std::string(1, c);
  return out;
}

std::string row(const OpDef& op) {
  std::string_view effects = op.effects == Effects::stateful ? " (stateful)"
                             : op.effects == Effects::random ? " (random)"
                                                             : "";
  std::string out;
  for (const std::string& text :
       {cat("**", op.name, "**", effects, "<br>", op.doc),
        op.code == custom_code ? std::string("custom") : cat(op.code), arguments_text(op.inputs),
        arguments_text(op.outputs), options_text(op), versions_text(op), quantization_text(op)})
    out += cat("| ", cell(text), " ");
  return out + "|\n";
}

}  // namespace

std::string operators() {
  std::string out(head);
  out += cat(all_ops().size(), " operators.\n\n");
  out += "| operator | code | inputs | outputs | options | versions | quantisation |\n";
  out += "| --- | --: | --- | --- | --- | --- | --- |\n";
  for (const OpDef* op : all_ops()) out += row(*op);
  out += "\nCustom operators with these names of TensorFlow are read as the builtin operator:\n\n";
  out += "| name | operator |\n| --- | --- |\n";
  for (const auto& [tensorflow, builtin] : tensorflow_names())
    out += cat("| ", tensorflow, " | ", builtin, " |\n");
  return out;
}

}  // namespace wherry::docgen
