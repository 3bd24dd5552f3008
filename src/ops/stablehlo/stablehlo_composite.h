// STABLEHLO_COMPOSITE: a named operation that brings its own definition as a graph.
#pragma once

#include "ir/op_def.h"

namespace wherry {

enum class CompositeFormat : int8_t { flexbuffers = 0 };
template <>
struct EnumNames<CompositeFormat> {
  static constexpr std::string_view names[] = {"flexbuffers"};
};

namespace op {

struct StablehloComposite {
  std::string name;
  int32_t decomposition_subgraph_index = 0;
  Bytes composite_attributes;  ///< a FlexBuffer map
  CompositeFormat composite_attributes_format = CompositeFormat::flexbuffers;
  int32_t version = 0;
  bool operator==(const StablehloComposite&) const = default;
};
extern const AttributesType stablehlo_composite_attributes;
extern const OpDef stablehlo_composite;

}  // namespace op
}  // namespace wherry
