// The library as its users see it: loading, running, names, resizing, errors.
#include "wherry/interpreter.h"

#include <gtest/gtest.h>

#include <array>

#include "ir/text.h"
#include "ops/opaque.h"
#include "ops/registry.h"
#include "tflite/writer.h"
#include "wherry/custom_operator.h"
#include "wherry/data.h"

namespace wherry::v1 {
namespace {

/// The bytes of the .tflite file of a graph in text form.
std::vector<std::byte> file_of(std::string_view text, std::vector<Signature> signatures = {}) {
  auto model = parse_text(text, find_op_named);
  EXPECT_TRUE(model) << model.error().text();
  model->signatures = std::move(signatures);
  auto written = tflite::write(*model);
  EXPECT_TRUE(written) << written.error().text();
  return written->bytes();
}

constexpr std::string_view clamp = R"(graph main(x: f32[?,3]) -> (y) {
  y: f32[?,3] = RELU6(x)
})";

Interpreter interpreter_of(std::string_view text, const InterpreterOptions& options = {}) {
  auto interpreter = Interpreter::create(Model::load(file_of(text)), options);
  EXPECT_TRUE(interpreter) << interpreter.error().text();
  return *interpreter;
}

TEST(Interpreter, RunsWhatItIsGiven) {
  Interpreter interpreter = interpreter_of(clamp);
  interpreter.input<float>(0) = std::array{-1.0f, 2.0f, 9.0f};
  Status status = interpreter.run();
  ASSERT_TRUE(status) << status.error().text();
  auto y = interpreter.output<float>("y");
  EXPECT_EQ(std::vector<float>(y.begin(), y.end()), (std::vector<float>{0, 2, 6}));
}

TEST(Interpreter, InputsKeepTheirContentsFromRunToRun) {
  Interpreter interpreter = interpreter_of(clamp);
  interpreter.input<float>("x") = std::array{1.0f, 2.0f, 3.0f};
  for (int turn = 0; turn < 3; ++turn) ASSERT_TRUE(interpreter.run());
  EXPECT_EQ(interpreter.output<float>(0)[2], 3.0f);
}

TEST(Interpreter, MemoryOfInputsIsAligned) {
  Interpreter interpreter = interpreter_of(clamp);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(interpreter.input<float>(0).data()) % 64, 0u);
}

TEST(Interpreter, ArraysForSeveralInputsAreResizedTogether) {
  Interpreter interpreter = interpreter_of(R"(graph main(a: f32[?,1], b: f32[?,1]) -> (y) {
  y: f32[?,2] = CONCATENATION(a, b) {axis=1}
})");
  std::array<float, 3> values = {1, 2, 3};
  auto bytes = std::as_bytes(std::span(values));
  Array array{"", ElementType::float32, {3, 1}, {bytes.begin(), bytes.end()}};
  Status status = feed(interpreter, {{0, array}, {1, array}});
  ASSERT_TRUE(status) << status.error().text();
  ASSERT_TRUE(interpreter.run());
  EXPECT_EQ(interpreter.output<float>(0)[5], 3.0f);
}

TEST(Interpreter, PlansAnewAfterAResize) {
  Interpreter interpreter = interpreter_of(clamp);
  ASSERT_TRUE(interpreter.prepare());
  EXPECT_TRUE(interpreter.prepared());
  ASSERT_TRUE(interpreter.resize(0, std::array<int64_t, 2>{2, 3}));
  EXPECT_FALSE(interpreter.prepared());
  EXPECT_EQ(interpreter.input_info(0).shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(interpreter.input_info(0).shape_signature, (std::vector<int64_t>{-1, 3}));
  interpreter.input<float>(0) = std::array{1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 7.0f};
  ASSERT_TRUE(interpreter.run());
  EXPECT_EQ(interpreter.output_info(0).shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(interpreter.output<float>(0)[5], 6.0f);
  EXPECT_FALSE(interpreter.resize(0, std::array<int64_t, 1>{-4}));
  EXPECT_FALSE(interpreter.resize(7, std::array<int64_t, 1>{4}));
}

TEST(Interpreter, EmptyInputsGiveEmptyOutputs) {
  Interpreter interpreter = interpreter_of(clamp);
  ASSERT_TRUE(interpreter.resize(0, std::array<int64_t, 2>{0, 3}));
  ASSERT_TRUE(interpreter.run());
  EXPECT_TRUE(interpreter.output<float>(0).empty());
  EXPECT_EQ(interpreter.output_info(0).shape, (std::vector<int64_t>{0, 3}));
}

TEST(Interpreter, ReportsAWrongNumberOfElementsAtTheNextRun) {
  Interpreter interpreter = interpreter_of(clamp);
  interpreter.input<float>(0) = std::array{1.0f, 2.0f};
  Status status = interpreter.run();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::usage);
  EXPECT_TRUE(interpreter.run());
}

TEST(Interpreter, ReportsAWrongTypeAtTheNextRun) {
  Interpreter interpreter = interpreter_of(clamp);
  interpreter.input<int8_t>(0) = std::vector<int8_t>{};
  Status status = interpreter.run();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message,
            "the input 'x' holds elements of float32, it was written as int8");
}

TEST(Interpreter, WhatIsWrongIsReportedOnceAndByName) {
  Interpreter interpreter = interpreter_of(clamp);
  interpreter.input<float>("nosuch") = std::array{1.0f};
  Status status = interpreter.run();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "there is no input 'nosuch'");
  EXPECT_TRUE(interpreter.run());
  interpreter.input<float>("x") = std::array{1.0f};
  status = interpreter.run();
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("'x' takes 3 elements [1,3]"), std::string::npos)
      << status.error().message;
  EXPECT_TRUE(interpreter.run());
}

TEST(Interpreter, SuggestsTheNameThatWasMeant) {
  Interpreter interpreter = interpreter_of(R"(graph main(image: f32[2]) -> (scores) {
    scores: f32[2] = RELU(image)
  })");
  auto index = interpreter.input_index("imgae");
  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().advice, "did you mean 'image'?");
}

TEST(Interpreter, SetsAndReadsQuantisedTensorsAsRealNumbers) {
  Interpreter interpreter = interpreter_of(R"(graph main(x: i8[4]{0.5:10}) -> (y) {
    y: i8[4]{0.5:10} = RELU(x)
  })");
  ASSERT_TRUE(interpreter.set_input(0, std::array{-1.0f, 0.76f, 2.5f, 1000.0f}));
  EXPECT_EQ(interpreter.input<int8_t>(0)[0], 8);
  ASSERT_TRUE(interpreter.run());
  auto real = interpreter.output_as_float(0);
  ASSERT_TRUE(real);
  EXPECT_EQ(*real, (std::vector<float>{0, 1, 2.5f, 58.5f}));
  EXPECT_FALSE(interpreter.set_input(0, std::array{1.0f}));
}

TEST(Interpreter, StringsGoInAndOut) {
  Interpreter interpreter = interpreter_of(R"(graph main(x: string[2,1]) -> (y) {
    s = const i32[1] [2]
    y: string[2] = RESHAPE(x, s)
  })");
  ASSERT_TRUE(interpreter.set_strings(0, std::vector<std::string>{"one", ""}));
  Status status = interpreter.run();
  ASSERT_TRUE(status) << status.error().text();
  auto strings = interpreter.output_strings(0);
  ASSERT_TRUE(strings);
  EXPECT_EQ(*strings, (std::vector<std::string>{"one", ""}));
  EXPECT_FALSE(interpreter.set_strings(0, std::vector<std::string>{"three", "strings", "given"}));
}

TEST(Interpreter, SignaturesNameInputsAndOutputs) {
  std::string_view text = R"(graph main(a: f32[1], b: f32[1]) -> (c, d) {
    c: f32[1] = RELU(a)
    d: f32[1] = RELU6(b)
  })";
  Signature signature{.key = "serve",
                      .graph = 0,
                      .inputs = {{"second", 1}, {"first", 0}},
                      .outputs = {{"sixth", 3}, {"plain", 2}}};
  auto model = Model::load(file_of(text, {signature}));
  ASSERT_TRUE(model) << model.error().text();
  auto interpreter = Interpreter::create(*model);
  ASSERT_TRUE(interpreter);
  auto runner = interpreter->signature("serve");
  ASSERT_TRUE(runner) << runner.error().text();
  EXPECT_EQ(runner->input_name(0), "second");
  runner->input<float>("first") = std::array{8.0f};
  runner->input<float>("second") = std::array{9.0f};
  ASSERT_TRUE(runner->run());
  EXPECT_EQ(runner->output<float>("plain")[0], 8.0f);
  EXPECT_EQ(runner->output<float>("sixth")[0], 6.0f);
  EXPECT_EQ(interpreter->output<float>("plain")[0], 8.0f);  // of the graph, by signature name
  auto none = interpreter->signature("srve");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().advice, "its signatures are [serve]");
}

TEST(Interpreter, OneModelServesSeveralInterpreters) {
  auto model = Model::load(file_of(clamp));
  ASSERT_TRUE(model);
  auto a = Interpreter::create(*model), b = Interpreter::create(*model, {.threads = 2});
  ASSERT_TRUE(a && b);
  a->input<float>(0) = std::array{1.0f, 1.0f, 1.0f};
  b->input<float>(0) = std::array{2.0f, 2.0f, 2.0f};
  ASSERT_TRUE(a->run() && b->run());
  EXPECT_EQ(a->output<float>(0)[0], 1.0f);
  EXPECT_EQ(b->output<float>(0)[0], 2.0f);
}

TEST(Interpreter, LoadsFromMemoryOfAnyAlignment) {
  std::vector<std::byte> file = file_of(R"(graph main(x: f32[1,4]) -> (y) {
    w = const f32[2,4] [1, 2, 3, 4, 5, 6, 7, 8]
    y: f32[1,2] = FULLY_CONNECTED(x, w, -)
  })");
  for (size_t shift = 0; shift < 8; ++shift) {
    auto memory = std::make_shared<std::vector<std::byte>>(file.size() + shift);
    std::copy(file.begin(), file.end(), memory->begin() + static_cast<ptrdiff_t>(shift));
    auto model = Model::load(std::span(*memory).subspan(shift), memory);
    for (Kernels kernels : {Kernels::fast, Kernels::reference}) {
      auto interpreter = Interpreter::create(model, {.kernels = kernels});
      ASSERT_TRUE(interpreter) << interpreter.error().text();
      interpreter->input<float>(0) = std::array{1.0f, 1.0f, 1.0f, 1.0f};
      ASSERT_TRUE(interpreter->run());
      EXPECT_EQ(interpreter->output<float>(0)[1], 26.0f);
    }
  }
}

TEST(Interpreter, ListsAllThatIsNotSupported) {
  auto text = parse_text(R"(graph main(x: i32[2]) -> (z) {
    y: i32[2] = RELU(x)
    z: i32[2] = RELU6(y)
  })",
                         find_op_named);
  ASSERT_TRUE(text);
  auto written = tflite::write(*text);
  auto interpreter = Interpreter::create(Model::load(written->bytes()));
  ASSERT_FALSE(interpreter);
  const Error& error = interpreter.error();
  EXPECT_EQ(error.code, ErrorCode::unsupported);
  ASSERT_EQ(error.details.size(), 4u);  // input and output of both
  EXPECT_EQ(error.details[0].where, "node 0 (RELU, output 'y')");
  EXPECT_EQ(error.details[0].message, "RELU does not support input 0 (x) of type i32");
  EXPECT_EQ(error.details[0].received, "version 1, inputs 'x' i32[2]; outputs 'y' i32[2]");
  EXPECT_EQ(error.details[0].advice, "supported types are f32, f16, u8, i16, i8");
}

class Doubler final : public CustomOperator {
 public:
  std::string name() const override { return "Doubler"; }
  Status prepare(std::span<const CustomTensor> inputs, std::span<CustomTensor> outputs,
                 std::span<const std::byte>) const override {
    outputs[0].shape = inputs[0].shape;
    return {};
  }
  Status run(std::span<const CustomTensor> inputs, std::span<CustomTensor> outputs,
             std::span<const std::byte> options) const override {
    float factor = 2.0f * static_cast<float>(options.size() + 1);
    for (size_t i = 0; i < inputs[0].data.size() / 4; ++i)
      outputs[0].as<float>()[i] = factor * inputs[0].as<float>()[i];
    return {};
  }
};

/// A model with the custom operator "Doubler", which no list of operators knows.
std::vector<std::byte> doubler_file() {
  static const OpDef definition = {.name = "Doubler",
                                   .attributes = &op::custom_attributes,
                                   .inputs = {{"inputs", any_type, Presence::variadic}},
                                   .outputs = {{"outputs", any_type, Presence::variadic}},
                                   .versions = {{1}}};
  wherry::Model model;
  Graph& graph = model.graphs.emplace_back();
  TensorType type{DType::f32, {2}, {}, {}};
  graph.inputs = {graph.add({.name = "x", .type = type})};
  graph.outputs = {graph.add({.name = "y", .type = type})};
  graph.nodes.push_back(
      {.op = &definition,
       .attributes = Attributes::of(op::custom_attributes,
                                    op::Custom{.custom_code = "Doubler", .options = {7}}),
       .inputs = graph.inputs,
       .outputs = graph.outputs});
  auto written = tflite::write(model);
  EXPECT_TRUE(written) << written.error().text();
  return written->bytes();
}

TEST(Interpreter, RunsCustomOperatorsOfTheProgram) {
  auto model = Model::load(doubler_file(), {.custom_operators = {std::make_shared<Doubler>()}});
  ASSERT_TRUE(model) << model.error().text();
  auto interpreter = Interpreter::create(*model);
  ASSERT_TRUE(interpreter) << interpreter.error().text();
  interpreter->input<float>(0) = std::array{1.0f, 2.0f};
  ASSERT_TRUE(interpreter->run());
  EXPECT_EQ(interpreter->output<float>(0)[1], 8.0f);
  ASSERT_TRUE(interpreter->resize(0, std::array<int64_t, 1>{3}));
  ASSERT_TRUE(interpreter->run());
  EXPECT_EQ(interpreter->output<float>(0).size(), 3u);
}

TEST(Interpreter, ACustomOperatorWithoutDefinitionIsNamed) {
  auto interpreter = Interpreter::create(Model::load(doubler_file()));
  ASSERT_FALSE(interpreter);
  EXPECT_EQ(interpreter.error().details.at(0).message,
            "the custom operator Doubler is not supported");
}

TEST(Interpreter, ExplainsPlanMemoryAndTime) {
  Interpreter interpreter = interpreter_of(R"(graph main(x: f32[1,16]) -> (z) {
    s = const i32[2] [4, 4]
    y: f32[1,16] = RELU(x)
    v: f32[4,4] = RESHAPE(y, s)
    z: f32[4,4] = RELU(v)
  })");
  interpreter.set_profiling(true);
  ASSERT_TRUE(interpreter.run());
  std::vector<NodePlan> plan = interpreter.plan();
  ASSERT_EQ(plan.size(), 3u);
  EXPECT_EQ(plan[1].fate, "view");
  EXPECT_EQ(plan[2].op, "RELU");
  ASSERT_EQ(interpreter.profile().size(), 2u);  // the view takes no step
  EXPECT_EQ(interpreter.profile()[1].node, 2);
  MemoryPlan memory = interpreter.memory();
  EXPECT_EQ(memory.peak_bytes, 2 * 64);  // the input, and one place for all results
  EXPECT_EQ(memory.arena_bytes, memory.peak_bytes);
}

TEST(Interpreter, AllTensorsCanBeReadWhenTheyArePreserved) {
  Interpreter interpreter = interpreter_of(R"(graph main(x: f32[2]) -> (z) {
    y: f32[2] = RELU6(x)
    z: f32[2] = RELU(y)
  })",
                                           {.preserve_tensors = true});
  interpreter.input<float>(0) = std::array{9.0f, -1.0f};
  ASSERT_TRUE(interpreter.run());
  auto bytes = interpreter.tensor_bytes(1);
  ASSERT_EQ(bytes.size(), 8u);
  EXPECT_EQ(reinterpret_cast<const float*>(bytes.data())[0], 6.0f);
  EXPECT_EQ(interpreter.tensor_info(1).name, "y");
}

TEST(Model, DescribesGraphsTensorsAndNodes) {
  auto model = Model::load(file_of(R"(graph main(x: f32[?,4]) -> (y) {
    w = const f32[2,4] [1, 2, 3, 4, 5, 6, 7, 8]
    y: f32[?,2] = FULLY_CONNECTED(x, w, -) {fused_activation_function=relu}
  })"));
  ASSERT_TRUE(model) << model.error().text();
  GraphInfo graph = model->graph(0);
  ASSERT_EQ(graph.nodes.size(), 1u);
  EXPECT_EQ(graph.nodes[0].op, "FULLY_CONNECTED");
  EXPECT_TRUE(graph.nodes[0].is_supported);
  EXPECT_EQ(graph.nodes[0].options[0].name, "fused_activation_function");
  EXPECT_EQ(graph.nodes[0].options[0].value, "relu");
  const TensorInfo& x = graph.tensors[static_cast<size_t>(graph.inputs[0])];
  EXPECT_EQ(x.shape, (std::vector<int64_t>{1, 4}));
  EXPECT_EQ(x.shape_signature, (std::vector<int64_t>{-1, 4}));
  EXPECT_EQ(x.bytes, 16);
  EXPECT_TRUE(model->graph(1).nodes.empty());
}

TEST(Model, RefusesWhatIsNoModel) {
  auto model = Model::load(std::vector<std::byte>(100));
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::malformed);
  EXPECT_EQ(Model::load("/nowhere/at/all.tflite").error().code, ErrorCode::cannot_read);
}

}  // namespace
}  // namespace wherry::v1
