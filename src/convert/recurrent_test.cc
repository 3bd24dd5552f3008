// Recurrent layers in every form against what Keras computed, run after run, at two batches.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/mapped_file.h"
#include "convert/convert.h"
#include "data/npy.h"
#include "ops/evaluate.h"
#include "tflite/reader.h"

namespace wherry {
namespace {

const std::string folder = std::string(WHERRY_SOURCE_DIR) + "/tests/data/keras/recurrent/";
constexpr RecurrentForm forms[] = {RecurrentForm::automatic, RecurrentForm::unroll,
                                   RecurrentForm::loop};

Model converted(const std::string& name, const ConvertOptions& options) {
  auto conversion = convert_keras(folder + name + ".keras", "", options);
  EXPECT_TRUE(conversion) << conversion.error().text();
  if (!conversion) return {};
  auto model = tflite::read(share(std::move(conversion->bytes)));
  EXPECT_TRUE(model) << model.error().text();
  return model ? std::move(*model) : Model();
}

const Tensor& array(const std::vector<std::pair<std::string, Tensor>>& arrays,
                    const std::string& name) {
  for (const auto& [key, tensor] : arrays) {
    if (key == name) return tensor;
  }
  ADD_FAILURE() << "no array " << name;
  return arrays[0].second;
}

/// Runs both recorded calls on one evaluator; the largest difference.
float difference(const std::string& name, const Model& model) {
  auto file = map_file(folder + name + ".npz");
  EXPECT_TRUE(file);
  auto arrays = parse_npz(*file);
  EXPECT_TRUE(arrays);
  Evaluator evaluator(model);
  float worst = 0;
  for (std::string call : {"0", "1"}) {
    TensorView x = const_cast<Tensor&>(array(*arrays, "in" + call)).view();
    TensorView expected = const_cast<Tensor&>(array(*arrays, "out" + call)).view();
    auto results = evaluator.run({&x, 1});
    EXPECT_TRUE(results) << name << ": " << results.error().text();
    if (!results) return INFINITY;
    TensorView y = (*results)[0].view();
    EXPECT_EQ(y.shape(), expected.shape()) << name;
    if (y.shape() != expected.shape()) return INFINITY;
    for (int64_t i = 0; i < y.elements(); ++i)
      worst = std::max(worst, std::abs(y.as<float>()[i] - expected.as<float>()[i]));
  }
  return worst;
}

int count(const Model& model, std::string_view op) {
  return static_cast<int>(std::count_if(model.main().nodes.begin(), model.main().nodes.end(),
                                        [&](const Node& node) { return node.op->name == op; }));
}

TEST(RecurrentLayers, ComputeWhatKerasComputesInEveryForm) {
  for (std::string name : {"lstm_stack", "gru_masked", "cells_long", "convolution", "gru_stateful",
                           "steps_rnn", "lstm_time_major"}) {
    for (RecurrentForm form : forms) {
      ConvertOptions options{.format = Format::float32};
      options.recurrent = form;
      EXPECT_LT(difference(name, converted(name, options)), 2e-6f)
          << name << ", form " << static_cast<int>(form);
    }
  }
}

TEST(RecurrentLayers, AreOneOperatorWhereThatIsExact) {
  Model model = converted("lstm_stack", {.format = Format::float32});
  EXPECT_EQ(count(model, "UNIDIRECTIONAL_SEQUENCE_LSTM"), 2);
  EXPECT_EQ(count(model, "WHILE"), 0);
  Model masked = converted("gru_masked", {.format = Format::float32});
  EXPECT_EQ(count(masked, "WHILE"), 0);
  EXPECT_GT(count(masked, "SELECT_V2"), 0);
}

TEST(RecurrentLayers, TakeTimeFirstAsTheOperatorDoes) {
  Model model = converted("lstm_time_major", {.format = Format::float32});
  EXPECT_EQ(count(model, "UNIDIRECTIONAL_SEQUENCE_LSTM"), 3);
  EXPECT_EQ(count(model, "TRANSPOSE"), 0);
}

TEST(RecurrentLayers, OfAStackShareTheirZeros) {
  for (std::string name : {"lstm_stack", "lstm_time_major"}) {
    EXPECT_EQ(count(converted(name, {.format = Format::float32}), "ZEROS_LIKE"), 1) << name;
  }
  ConvertOptions fixed{.format = Format::float32, .batch = 2};
  EXPECT_EQ(count(converted("lstm_stack", fixed), "ZEROS_LIKE"), 1);
}

TEST(RecurrentLayers, AreReportedWithTheirFormAndItsReason) {
  auto forms_of = [](const std::string& name, const ConvertOptions& options) {
    auto conversion = convert_keras(folder + name + ".keras", "", options);
    EXPECT_TRUE(conversion) << conversion.error().text();
    return conversion ? conversion->report.recurrent : std::vector<std::string>();
  };
  ConvertOptions options{.format = Format::float32};
  std::vector<std::string> fused = forms_of("lstm_stack", options);
  ASSERT_EQ(fused.size(), 2u);
  EXPECT_NE(fused[0].find("(LSTM): one operator"), std::string::npos) << fused[0];
  std::vector<std::string> masked = forms_of("gru_masked", options);
  ASSERT_FALSE(masked.empty());
  EXPECT_NE(masked[0].find("unrolled, "), std::string::npos) << masked[0];
  EXPECT_NE(masked[0].find("(the operator has no masks)"), std::string::npos) << masked[0];
  options.recurrent = RecurrentForm::loop;
  EXPECT_NE(forms_of("lstm_stack", options)[0].find("a WHILE loop"), std::string::npos);
}

TEST(RecurrentLayers, LoopWhenStepsAreMany) {
  Model model = converted("cells_long", {.format = Format::float32});
  EXPECT_EQ(count(model, "UNIDIRECTIONAL_SEQUENCE_LSTM"), 1);
  EXPECT_EQ(count(model, "WHILE"), 1);
}

TEST(RecurrentLayers, DoNotGrowVariablesBesideFloat16Weights) {
  Model open = converted("lstm_stack", {.format = Format::float16});
  EXPECT_EQ(count(open, "UNIDIRECTIONAL_SEQUENCE_LSTM"), 0);
  Model fixed = converted("lstm_stack", {.format = Format::float16, .batch = 1});
  EXPECT_EQ(count(fixed, "UNIDIRECTIONAL_SEQUENCE_LSTM"), 2);
}

TEST(RecurrentLayers, SetTheirStatesByWhatEachRunReads) {
  // Stock runtimes compute what follows from constants once, when they load a file.
  Model model = converted("lstm_stack", {.format = Format::float32, .batch = 1});
  for (const Node& node : model.main().nodes) {
    if (node.op->name == "TILE") {
      EXPECT_FALSE(model.main().value(node.inputs[0]).constant);
    }
  }
  EXPECT_EQ(count(model, "TILE"), 4);
}

TEST(RecurrentLayers, DoNotGrowVariablesBesideIntegers) {
  ConvertOptions options{.format = Format::int8};
  options.calibrate = folder + "lstm_stack.npz";
  EXPECT_EQ(count(converted("lstm_stack", options), "UNIDIRECTIONAL_SEQUENCE_LSTM"), 0);
}

TEST(RecurrentLayers, AreInt8AsOneOperatorWhereTheBatchIsFixed) {
  ConvertOptions options{.format = Format::int8, .batch = 1};
  options.calibrate = folder + "lstm_stack.npz";
  Model model = converted("lstm_stack", options);
  EXPECT_EQ(count(model, "UNIDIRECTIONAL_SEQUENCE_LSTM"), 2);
  for (const Node& node : model.main().nodes) {
    if (node.op->name != "UNIDIRECTIONAL_SEQUENCE_LSTM") continue;
    EXPECT_EQ(model.main().value(node.outputs[0]).type.dtype, DType::i8);
  }
}

}  // namespace
}  // namespace wherry
