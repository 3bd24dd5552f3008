// What a function is to the importer: the record that each file of src/keras/functions fills in,
// for what Keras 2 stores as TFOpLambda and TensorFlowOpLayer and Keras 3 as operations.
#pragma once

#include <span>
#include <string_view>

#include "ir/op_def.h"

namespace wherry::keras {

class FunctionCall;
struct Results;

struct FunctionDef {
  /// Names in Keras 2, as TensorFlow exports them: "math.add". Those with another "compat.v1." or
  /// "compat.v2." in front are found as well.
  FixedList<std::string_view, 8> older;
  /// Classes in Keras 3: "Add".
  FixedList<std::string_view, 4> newer;
  Expected<Results> (*import)(FunctionCall& call) = nullptr;
  std::string_view op = {};  ///< for families: the operator
  double number = 0;         ///< for families: what else tells the rows apart
  std::string_view doc = {};
};

/// What one file of src/keras/functions contributes: x.cc defines `FunctionTable x_functions()`.
struct FunctionTable {
  const FunctionDef* first;
  size_t count;
};
template <size_t N>
constexpr FunctionTable function_table(const FunctionDef (&functions)[N]) {
  return {functions, N};
}

/// All definitions, in the order of the files.
std::span<const FunctionDef* const> all_functions();
/// By the name in Keras 2, or the class in Keras 3; null when there is none.
const FunctionDef* find_older_function(std::string_view name);
const FunctionDef* find_newer_function(std::string_view class_name);

}  // namespace wherry::keras
