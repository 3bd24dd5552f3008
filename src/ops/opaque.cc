// The stand-in for operators without a definition.
#include "ops/opaque.h"

namespace wherry::op {

constexpr Field custom_fields[] = {field<&Custom::custom_code>("custom_code", -1),
                                   field<&Custom::options>("options", -1)};
constinit const AttributesType custom_attributes = attributes_type<Custom>(custom_fields, 0);

constinit const OpDef opaque = {.name = "CUSTOM",
                                .attributes = &custom_attributes,
                                .inputs = {{"inputs", any_type, Presence::variadic}},
                                .outputs = {{"outputs", any_type, Presence::variadic}},
                                .versions = {{1}},
                                .effects = Effects::stateful,
                                .doc = "an operator this program has no definition for"};

std::string name_of(const Node& node) {
  if (node.op != &opaque || node.attributes.type() != &custom_attributes)
    return std::string(node.op->name);
  const auto& custom = node.attributes.as<Custom>();
  if (custom.code == Custom::custom_code_number) return custom.custom_code;
  return cat("CODE_", custom.code);
}

}  // namespace wherry::op
