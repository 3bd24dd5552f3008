// The readable text form of graphs: for people, logs and golden tests.
//
//   graph main(x: f32[?,4]) -> (y) {
//     w = const f32[2,4] [1, 2, 3, 4, 5, 6, 7, 8]
//     y: f32[?,2] = FULLY_CONNECTED(x, w, -) {fused_activation_function=relu}
//   }
//
// A type is dtype[extents]{scale:zero_point} or {scale:zero_point, ... @axis}; '?' is an unknown
// extent. Options at the struct's own default are left out. '-' is an absent optional input. Names
// that are not plain words are quoted.
#pragma once

#include <string>
#include <string_view>

#include "ir/op_def.h"

namespace wherry {

struct PrintOptions {
  int64_t max_elements = 64;  ///< constants with more print as "#<hash>" and cannot be parsed back
};

std::string print(const Graph& graph, const PrintOptions& options = {});
std::string print(const Model& model, const PrintOptions& options = {});
/// One node as on its line, without the outputs.
std::string print(const Graph& graph, const Node& node);
/// The options that differ from the struct's defaults: "stride_w=2, padding=valid".
std::string print_options(const Attributes& attributes);
/// The value of one option of an options struct: "2", "valid", "[1, 2]".
std::string print_option(const Field& field, const void* attributes);

/// Finds an operator by name.
using FindOp = const OpDef* (*)(std::string_view name);
/// Reads the text form of one or more graphs. `const f32[...] random 7` makes elements in [-1, 1)
/// (or small integers) from a seed. Errors name the line.
Expected<Model> parse_text(std::string_view text, FindOp find_op);

}  // namespace wherry
