// A node as its file declares it: what an operator can be asked about before anything ran.
#pragma once

#include "ops/context.h"

namespace wherry {

/// Inputs and outputs with their declared types, and the values of constants.
class DeclaredNode {
 public:
  DeclaredNode(const Model& model, const Graph& graph, const Node& node);
  /// To infer with. Lives no longer than this.
  InferContext context() const;

 private:
  TensorView operand_of(const Value& value);

  const Model& model_;
  const Graph& graph_;
  const Node& node_;
  std::vector<TensorView> operands_;
  std::vector<TensorType> declared_;
  std::vector<Constant> held_;
};

}  // namespace wherry
