// LSTM cells in int8: their scales, their states, and what they compute.
#include "quantize/lstm.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ops/evaluate.h"
#include "ops/parsed_test.h"
#include "passes/editor.h"

namespace wherry::quantize {
namespace {

struct Form {
  std::string_view options = "";
  bool peepholes = false;
  /// What the states are tiled of: "zeros" (a constant), "made" (like a column of the data), or
  /// nothing.
  std::string_view states_from = "made";
  std::string_view column_of = "x";  ///< or "twice", which has the same batch
  int column = 0;
};

/// Three cells over five steps of two numbers.
Model lstm_model(const Form& form = {}) {
  std::string text = "graph main(x: f32[1,5,2]) -> (y) {\n";
  for (int gate = 0; gate < 4; ++gate) {
    text += cat("  w", gate, " = const f32[3,2] random ", gate + 1, "\n  r", gate,
                " = const f32[3,3] random ", gate + 5, "\n  b", gate, " = const f32[3] random ",
                gate + 9, "\n");
  }
  text += "  p = const f32[3] [1, -1, 1]\n  zeros = const f32[1,1] [0]\n";
  text += R"(  times = const i32[2] [1,3]
  ones = const i32[3] [1,1,1]
)";
  if (form.column_of == "twice") text += "  twice: f32[1,10,2] = CONCATENATION(x, x) {axis=1}\n";
  text += cat("  first = const i32[3] [0,0,", form.column, "]\n  last = const i32[3] [0,1,",
              form.column + 1, "]\n  column: f32[1,1] = STRIDED_SLICE(", form.column_of,
              ", first, last, ones) ");
  text += R"({begin_mask=1, end_mask=1, shrink_axis_mask=2}
  made: f32[1,1] = ZEROS_LIKE(column)
)";
  for (std::string state : {"h", "c"})
    text += form.states_from.empty()
                ? cat("  ", state, " = variable f32[1,3]\n")
                : cat("  ", state, ": f32[1,3] = TILE(", form.states_from, ", times)\n");
  text += cat("  s: f32[1,5,3] = UNIDIRECTIONAL_SEQUENCE_LSTM(x, w0, w1, w2, w3, r0, r1, r2, r3, ",
              form.peepholes ? "p, p, p" : "-, -, -", ", b0, b1, b2, b3, -, -, h, c) ",
              "{fused_activation_function=tanh", form.options, "}\n  y: f32[1,5,3] = ABS(s)\n}\n");
  Model model = test::parsed(text);
  for (Value& value : model.main().values)
    value.is_variable = value.is_variable || value.name == "h" || value.name == "c";
  return model;
}

std::vector<float> numbers(int seed) {
  std::vector<float> x(10);
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = 2 * std::sin(static_cast<float>(i * 7 + 3) * static_cast<float>(seed + 1));
  return x;
}

Tensor sample(int seed) { return Tensor::of<float>({1, 5, 2}, numbers(seed)); }

Model quantized(const Model& source, Warnings& warnings) {
  Model model = source;
  auto calibration = calibrate(model, 20, 1, [](size_t i) -> Expected<std::vector<Tensor>> {
    std::vector<Tensor> tensors;
    tensors.push_back(sample(static_cast<int>(i)));
    return tensors;
  });
  EXPECT_TRUE(calibration) << calibration.error().text();
  Status status = to_int8(model, *calibration, {}, warnings);
  EXPECT_TRUE(status) << status.error().text();
  GraphEditor(model, 0).finish();
  return model;
}

std::vector<float> run(Evaluator& evaluator, int seed) {
  Tensor x = sample(seed);
  TensorView view = x.view();
  auto outputs = evaluator.run({&view, 1});
  EXPECT_TRUE(outputs) << outputs.error().text();
  auto elements = (*outputs)[0].view().span<const float>();
  return {elements.begin(), elements.end()};
}

void expect_close(const Model& source, const Model& model) {
  Evaluator exact(source), rounded(model);
  for (int seed : {40, 41, 40}) {
    std::vector<float> expected = run(exact, seed), got = run(rounded, seed);
    for (size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(got[i], expected[i], 0.03f) << "seed " << seed << " element " << i;
  }
}

const Node* find(const Model& model, std::string_view op) {
  for (const Node& node : model.graphs[0].nodes) {
    if (node.op->name == op) return &node;
  }
  return nullptr;
}

TEST(Int8Lstm, ComputesWhatTheFloatFormDoesRunAfterRun) {
  Model source = lstm_model();
  Warnings warnings;
  Model model = quantized(source, warnings);
  EXPECT_EQ(warnings, Warnings());
  const Node* lstm = find(model, "UNIDIRECTIONAL_SEQUENCE_LSTM");
  ASSERT_TRUE(lstm);
  const Graph& graph = model.main();
  EXPECT_EQ(graph.value(lstm->inputs[0]).type.dtype, DType::i8);
  EXPECT_EQ(graph.value(lstm->inputs[12]).type.dtype, DType::i32);
  EXPECT_EQ(graph.value(output_state_of(*lstm)).type.quantization,
            graph.value(lstm->outputs[0]).type.quantization);
  EXPECT_EQ(graph.value(cell_state_of(*lstm)).type.dtype, DType::i16);
  expect_close(source, model);
}

TEST(Int8Lstm, ZerosAreMadeOfTheDataWhereTheyWere) {
  Warnings warnings;
  Model model = quantized(lstm_model(), warnings);
  EXPECT_FALSE(find(model, "ZEROS_LIKE"));
  EXPECT_FALSE(find(model, "DEQUANTIZE")->inputs[0] == find(model, "STRIDED_SLICE")->outputs[0]);
  for (const Node& node : model.main().nodes) {
    if (node.op->name == "TILE") {
      EXPECT_FALSE(model.main().value(node.inputs[0]).constant);
    }
  }
}

TEST(Int8Lstm, ZerosMayBeMadeOfOtherDataOfTheSameBatch) {
  Model source = lstm_model({.column_of = "twice"});
  EXPECT_TRUE(has_int8_lstm_form(source.main(), *find(source, "UNIDIRECTIONAL_SEQUENCE_LSTM")));
  Warnings warnings;
  expect_close(source, quantized(source, warnings));
  Model second = lstm_model({.column_of = "twice", .column = 1});
  EXPECT_FALSE(has_int8_lstm_form(second.main(), *find(second, "UNIDIRECTIONAL_SEQUENCE_LSTM")));
}

TEST(Int8Lstm, ConstantZerosStayConstant) {
  Model source = lstm_model({.states_from = "zeros"});
  Warnings warnings;
  Model model = quantized(source, warnings);
  EXPECT_TRUE(model.main().value(find(model, "TILE")->inputs[0]).constant);
  expect_close(source, model);
}

TEST(Int8Lstm, StatesThatNobodySetsAreKeptFromRunToRun) {
  Model source = lstm_model({.states_from = ""});
  Warnings warnings;
  Model model = quantized(source, warnings);
  EXPECT_FALSE(find(model, "TILE"));
  EXPECT_EQ(
      model.main().value(cell_state_of(*find(model, "UNIDIRECTIONAL_SEQUENCE_LSTM"))).type.dtype,
      DType::i16);
  expect_close(source, model);
}

TEST(Int8Lstm, WithPeepholesStaysFloatAndItsStatesAreStillSet) {
  Model source = lstm_model({.peepholes = true});
  EXPECT_FALSE(has_int8_lstm_form(source.main(), *find(source, "UNIDIRECTIONAL_SEQUENCE_LSTM")));
  Warnings warnings;
  Model model = quantized(source, warnings);
  EXPECT_EQ(model.main().value(find(model, "TILE")->outputs[0]).is_variable, true);
  expect_close(source, model);
}

TEST(Int8Lstm, TimeMayBeTheFirstAxis) {
  Model source = lstm_model({.options = ", time_major=true"});
  const Node& lstm = *find(source, "UNIDIRECTIONAL_SEQUENCE_LSTM");
  Model batch_first = lstm_model();
  Tensor x = sample(3), turned = Tensor::of<float>({5, 1, 2}, numbers(3));
  EXPECT_EQ(cell_states(source.main(), lstm, turned.view()),
            cell_states(batch_first.main(), *find(batch_first, "UNIDIRECTIONAL_SEQUENCE_LSTM"),
                        x.view()));
}

TEST(Int8Lstm, TheCellStateTakesTheFinestPowerOfTwoThatHoldsIt) {
  EXPECT_EQ(cell_exponent({-0.25f, 0.5f}), -15);
  EXPECT_EQ(cell_exponent({-1.5f, 0.5f}), -14);
  EXPECT_EQ(cell_exponent({0, 63}), -9);
  EXPECT_EQ(cell_exponent({-65, 0}), std::nullopt);
}

}  // namespace
}  // namespace wherry::quantize
