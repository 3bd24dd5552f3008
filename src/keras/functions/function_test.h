// Models of inputs and one function, imported and run: the harness of the function tests.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "keras/import.h"
#include "ops/evaluate.h"

namespace wherry::keras::test {

/// An input, with an open batch axis unless it says otherwise.
struct Fed {
  Shape shape;
  std::vector<float> elements;
  DType dtype = DType::f32;
  bool has_fixed_batch = false;
};

/// A function of Keras 2 as its node is written, "x0", "x1", ... being the inputs:
/// R"(["x0", 0, 0, {"axis": 1}])".
struct Older {
  std::string function, node;
  int results = 1;
};
/// An operation of Keras 3: class, configuration, and the list of its arguments, where "$x0" stands
/// for an input.
struct Newer {
  std::string class_name, config, arguments;
  int results = 1;
};

using Outputs = Expected<std::vector<Tensor>>;
Outputs run(const Older& function, const std::vector<Fed>& inputs);
Outputs run(const Newer& function, const std::vector<Fed>& inputs);
/// A TensorFlowOpLayer of the inputs, with this node and these constants.
Outputs run_node(const std::string& node_def, const std::string& constants,
                 const std::vector<Fed>& inputs);

/// Elements as numbers, whatever their type.
std::vector<double> numbers(const Tensor& tensor);
void expect_result(const Outputs& outputs, const Shape& shape, const std::vector<double>& expected,
                   size_t i = 0);
/// The message of a failed run, or "no error".
std::string problem(const Outputs& outputs);

}  // namespace wherry::keras::test
