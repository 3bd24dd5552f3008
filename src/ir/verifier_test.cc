// Tests of well-formedness: one broken graph per rule.
#include "ir/verifier.h"

#include <gtest/gtest.h>

#include "ir/op_def.h"

namespace wherry {
namespace {

constinit const OpDef plain = {.name = "PLAIN"};

struct Body {
  int32_t body_subgraph_index = 0;
  bool operator==(const Body&) const = default;
};
constexpr Field body_fields[] = {field<&Body::body_subgraph_index>("body_subgraph_index", 0)};
constinit const AttributesType body_attributes = attributes_type<Body>(body_fields, 0);
constinit const OpDef caller = {.name = "CALLER", .attributes = &body_attributes};

Value value_of(std::string name, TensorType type = {DType::f32, {2}, {}, {}}) {
  return {.name = std::move(name), .type = std::move(type)};
}

/// x -> node -> y.
Model model_of_one_node() {
  Model model;
  Graph& graph = model.graphs.emplace_back();
  graph.values = {value_of("x"), value_of("y")};
  graph.nodes.push_back({.op = &plain, .inputs = {0}, .outputs = {1}});
  graph.inputs = {0};
  graph.outputs = {1};
  return model;
}

std::string problem(const Model& model) {
  Status status = verify(model);
  return status ? "no error" : status.error().text();
}

void expect_problem(const Model& model, std::string_view words) {
  EXPECT_NE(problem(model).find(words), std::string::npos) << problem(model);
}

TEST(Verifier, AcceptsAChainOfNodes) { EXPECT_EQ(problem(model_of_one_node()), "no error"); }

TEST(Verifier, RejectsAModelWithoutGraphs) { expect_problem(Model(), "no subgraphs"); }

TEST(Verifier, RejectsValuesThatDoNotExist) {
  Model input = model_of_one_node(), output = model_of_one_node(), node = model_of_one_node();
  input.main().inputs = {7};
  expect_problem(input, "a graph input has the value number 7");
  output.main().outputs = {-1};
  expect_problem(output, "a graph output has the value number -1");
  node.main().nodes[0].inputs = {-2};
  expect_problem(node, "an input has the value number -2");
}

TEST(Verifier, AcceptsAbsentOptionalInputs) {
  Model model = model_of_one_node();
  model.main().nodes[0].inputs.push_back(no_value);
  EXPECT_EQ(problem(model), "no error");
}

TEST(Verifier, RejectsASecondProducer) {
  Model model = model_of_one_node();
  model.main().nodes.push_back(model.main().nodes[0]);
  expect_problem(model, "the output 'y' is computed twice");
}

TEST(Verifier, RejectsNodesOutOfOrder) {
  Model model = model_of_one_node();
  model.main().values.push_back(value_of("z"));
  model.main().nodes.insert(model.main().nodes.begin(),
                            {.op = &plain, .inputs = {1}, .outputs = {2}});
  expect_problem(model, "the input 'y' is read before it is computed");
}

TEST(Verifier, RejectsOutputsThatAreNeverComputed) {
  Model model = model_of_one_node();
  model.main().nodes.clear();
  expect_problem(model, "the graph output 'y' is never computed");
}

TEST(Verifier, RejectsWritingInputsAndConstants) {
  Model model = model_of_one_node();
  model.main().nodes[0] = {.op = &plain, .inputs = {}, .outputs = {0}};
  expect_problem(model, "the output 'x' is a graph input");
  model = model_of_one_node();
  model.main().value(1).constant = Constant::of(std::vector<float>{1, 2});
  expect_problem(model, "the output 'y' is a constant");
}

TEST(Verifier, AcceptsANodeThatSetsAVariableBeforeItIsRead) {
  Model model = model_of_one_node();
  model.main().value(1).is_variable = true;
  EXPECT_EQ(problem(model), "no error");
}

TEST(Verifier, RejectsAValueThatIsInputAndOutput) {
  Model model = model_of_one_node();
  model.main().nodes[0].inputs = {0, 1};
  model.main().value(1).is_variable = true;
  expect_problem(model, "the value 'y' is both input and output");
}

TEST(Verifier, RejectsAnInputListedTwice) {
  Model model = model_of_one_node();
  model.main().inputs = {0, 0};
  expect_problem(model, "the graph input 'x' is listed twice");
}

TEST(Verifier, RejectsConstantsOfTheWrongSize) {
  Model model = model_of_one_node();
  Value constant = value_of("c");
  constant.constant = Constant::of(std::vector<float>{1, 2, 3});
  model.main().values.push_back(constant);
  expect_problem(model, "the constant 'c' has 12 bytes, its type f32[2] needs 8");
  model.main().values.back().type.dtype = DType::string;
  EXPECT_EQ(problem(model), "no error");
}

TEST(Verifier, ScalesFitTheAxis) {
  Model model = model_of_one_node();
  TensorType& type = model.main().value(0).type;
  type = {DType::i8, {4, 3}, {}, Quantization()};
  type.quantization->scales = {0.5f, 0.25f, 1};
  type.quantization->axis = 1;
  EXPECT_EQ(problem(model), "no error");
  type.quantization->axis = 0;
  expect_problem(model, "there are 3 scales along axis 0 of a tensor of shape [4, 3]");
  type.quantization->axis = 2;
  expect_problem(model, "there are 3 scales along axis 2");
}

TEST(Verifier, AStrayAxisWithOneScaleOrOneAxisSaysNothing) {
  Model model = model_of_one_node();
  TensorType& type = model.main().value(0).type;
  type = {DType::i32, {4}, {}, Quantization(0.5f, 0)};
  type.quantization->axis = 3;
  EXPECT_EQ(problem(model), "no error");
  type.quantization->scales = {1, 2, 3, 4};
  EXPECT_EQ(problem(model), "no error");
}

TEST(Verifier, RejectsScalesAndZeroPointsThatMeanNothing) {
  Model model = model_of_one_node();
  TensorType& type = model.main().value(0).type;
  type = {DType::i8, {4}, {}, Quantization(0.5f, 128)};
  expect_problem(model, "the zero point 128 does not fit the type i8");
  type.quantization = Quantization(-1.0f, 0);
  expect_problem(model, "the scale -1 is no size of a step");
  type.quantization->scales = {NAN};
  expect_problem(model, "the scale nan");
  type.quantization = Quantization(1.0f, 0);
  type.quantization->zero_points = {0, 0};
  expect_problem(model, "there are 2 zero points for 1 scales");
}

TEST(Verifier, RejectsBlocksOfScalesThatDoNotExist) {
  Model model = model_of_one_node();
  TensorType& type = model.main().value(0).type;
  type.quantization = Quantization();
  type.quantization->blockwise = BlockwiseQuantization{.scales = 9, .block_size = 32};
  expect_problem(model, "the tensor of block scales has the value number 9");
}

/// Graph k calls graph calls[k].
Model model_of_calls(const std::vector<int32_t>& calls) {
  Model model;
  for (int32_t called : calls) {
    Graph& graph = model.graphs.emplace_back();
    if (called < 0) continue;
    graph.nodes.push_back(
        {.op = &caller, .attributes = Attributes::of(body_attributes, Body{called})});
  }
  return model;
}

TEST(Verifier, AcceptsGraphsThatCallEachOtherWithoutACircle) {
  EXPECT_EQ(problem(model_of_calls({1, 2, -1})), "no error");
}

TEST(Verifier, RejectsGraphsThatCallThemselves) {
  expect_problem(model_of_calls({0}), "subgraph 0 calls itself");
  expect_problem(model_of_calls({1, 2, 1}), "subgraph 1 calls itself");
}

TEST(Verifier, RejectsCallsOfGraphsThatDoNotExist) {
  expect_problem(model_of_calls({3}), "the operator CALLER names subgraph 3 of 1");
}

TEST(Verifier, SignaturesNameInputsAndOutputsOfTheirGraph) {
  Model model = model_of_one_node();
  model.signatures.push_back({.inputs = {{"in", 0}}, .outputs = {{"out", 1}}});
  EXPECT_EQ(problem(model), "no error");
  model.signatures[0].inputs[0].value = 1;
  expect_problem(model, "its input 'in' is value 1, which is no input of the graph");
  model.signatures[0].inputs = {{"in", 0}, {"in", 0}};
  expect_problem(model, "it has two inputs called 'in'");
  model.signatures[0].graph = 4;
  expect_problem(model, "it names subgraph 4 of 1");
}

TEST(Verifier, RejectsTwoSignaturesOfOneName) {
  Model model = model_of_one_node();
  model.signatures.resize(2);
  expect_problem(model, "there are two signatures called 'serving_default'");
}

}  // namespace
}  // namespace wherry
