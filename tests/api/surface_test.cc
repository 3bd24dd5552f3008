// What a program that uses the library can do, seen through include/wherry alone.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>

#include "wherry/custom_operator.h"
#include "wherry/interpreter.h"

namespace {

using namespace wherry;

const std::string models = WHERRY_SOURCE_DIR "/tests/hostile/models/";
const std::string cases = WHERRY_SOURCE_DIR "/tests/conformance/ops/";

std::vector<std::byte> bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(file), {}};
  auto bytes = std::as_bytes(std::span(content));
  return {bytes.begin(), bytes.end()};
}

/// Replaces every occurrence of a word by one of the same length.
void replace_all(std::vector<std::byte>& bytes, std::string_view from, std::string_view to) {
  ASSERT_EQ(from.size(), to.size());
  for (size_t i = 0; i + from.size() <= bytes.size(); ++i)
    if (std::memcmp(bytes.data() + i, from.data(), from.size()) == 0)
      std::memcpy(bytes.data() + i, to.data(), to.size());
}

Interpreter interpreter_of(const std::string& path, const InterpreterOptions& options = {}) {
  auto interpreter = Interpreter::create(Model::load(path), options);
  EXPECT_TRUE(interpreter) << interpreter.error().text();
  return *interpreter;
}

/// Different numbers each time.
void fill(Runner& runner, float start) {
  for (int i = 0; i < runner.input_count(); ++i) {
    std::vector<float> values;
    int64_t count = 1;
    for (int64_t extent : runner.input_info(i).shape) count *= extent;
    for (int64_t k = 0; k < count; ++k) values.push_back(start + 0.25f * static_cast<float>(k % 7));
    Status status = runner.set_input(i, values);
    ASSERT_TRUE(status) << status.error().text();
  }
}

std::vector<float> run(Runner& runner) {
  Status status = runner.run();
  EXPECT_TRUE(status) << status.error().text();
  auto values = runner.output_as_float(0);
  EXPECT_TRUE(values);
  return values ? *values : std::vector<float>();
}

/// Stands in for whatever custom operator a file names: fills its outputs with a number.
class Filler final : public CustomOperator {
 public:
  Filler(std::string name, float value) : name_(std::move(name)), value_(value) {}
  std::string name() const override { return name_; }
  Status prepare(std::span<const CustomTensor> inputs, std::span<CustomTensor> outputs,
                 std::span<const std::byte>) const override {
    if (inputs.empty() || value_ < 0)
      return Error{.code = ErrorCode::invalid_model, .message = "the filler is not willing"};
    outputs[0].shape = {2, 3};
    return {};
  }
  Status run(std::span<const CustomTensor>, std::span<CustomTensor> outputs,
             std::span<const std::byte>) const override {
    for (size_t i = 0; i < outputs[0].data.size() / sizeof(float); ++i)
      outputs[0].as<float>()[i] = value_;
    return {};
  }

 private:
  std::string name_;
  float value_;
};

TEST(Surface, ACustomOperatorOfTheProgramRuns) {
  std::vector<std::byte> file = bytes_of(models + "mfcc.tflite");
  replace_all(file, "Mfcc", "Mine");
  auto without = Interpreter::create(Model::load(file));
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().code, ErrorCode::unsupported);
  ASSERT_EQ(without.error().details.size(), 1u);
  EXPECT_NE(without.error().details[0].advice.find("define it as a custom operator"),
            std::string::npos);
  auto with = Interpreter::create(
      Model::load(file, {.custom_operators = {std::make_shared<Filler>("Mine", 4.5f)}}));
  ASSERT_TRUE(with) << with.error().text();
  EXPECT_EQ(run(*with), std::vector<float>(6, 4.5f));
}

TEST(Surface, ACustomOperatorOfTheProgramWinsOverOursOfTheSameName) {
  auto interpreter = Interpreter::create(Model::load(
      models + "mfcc.tflite", {.custom_operators = {std::make_shared<Filler>("Mfcc", 2.0f)}}));
  ASSERT_TRUE(interpreter) << interpreter.error().text();
  EXPECT_EQ(run(*interpreter), std::vector<float>(6, 2.0f));
}

TEST(Surface, AnErrorOfACustomOperatorNamesTheNode) {
  auto interpreter = Interpreter::create(Model::load(
      models + "mfcc.tflite", {.custom_operators = {std::make_shared<Filler>("Mfcc", -1.0f)}}));
  ASSERT_TRUE(interpreter);
  Status status = interpreter->prepare();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "the filler is not willing");
  EXPECT_NE(status.error().where.find("Mfcc"), std::string::npos) << status.error().text();
}

TEST(Surface, VariablesKeepTheirStateUntilReset) {
  for (const char* name : {"svdf.tflite", "unidirectional_sequence_lstm.tflite"}) {
    Interpreter interpreter = interpreter_of(models + name);
    fill(interpreter, 0.5f);
    std::vector<float> first = run(interpreter), second = run(interpreter);
    EXPECT_NE(first, second) << name;
    interpreter.reset_variables();
    EXPECT_EQ(run(interpreter), first) << name;
    EXPECT_EQ(run(interpreter), second) << name;
  }
}

TEST(Surface, InterpretersOfOneModelHaveTheirOwnState) {
  auto model = Model::load(models + "svdf.tflite");
  ASSERT_TRUE(model);
  auto one = Interpreter::create(*model), other = Interpreter::create(*model);
  ASSERT_TRUE(one && other);
  fill(*one, 0.5f);
  fill(*other, 0.5f);
  std::vector<float> first = run(*one);
  (void)run(*one);
  EXPECT_EQ(run(*other), first);
}

TEST(Surface, AnyInputCanBeResized) {
  Interpreter interpreter = interpreter_of(models + "softmax.tflite");
  std::vector<int64_t> shape = interpreter.input_info(0).shape;
  for (int64_t extent : {int64_t{3}, int64_t{1}, int64_t{0}, int64_t{5}}) {
    shape[0] = extent;
    ASSERT_TRUE(interpreter.resize(0, shape));
    fill(interpreter, 0.5f);
    size_t count = run(interpreter).size();
    EXPECT_EQ(interpreter.output_info(0).shape, shape);
    size_t wanted = 1;
    for (int64_t e : shape) wanted *= static_cast<size_t>(e);
    EXPECT_EQ(count, wanted);
  }
}

TEST(Surface, ShapesThatCannotBeAreAnErrorAndTheInterpreterGoesOn) {
  Interpreter interpreter = interpreter_of(models + "fully_connected.tflite");
  std::vector<int64_t> shape = interpreter.input_info(0).shape, wrong = shape;
  wrong.back() += 1;
  ASSERT_TRUE(interpreter.resize(0, wrong));
  Status status = interpreter.prepare();
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().text().find("FULLY_CONNECTED"), std::string::npos);
  EXPECT_FALSE(interpreter.resize(0, std::array<int64_t, 2>{INT64_MAX, INT64_MAX}));
  EXPECT_FALSE(interpreter.resize(0, std::array<int64_t, 1>{-1}));
  ASSERT_TRUE(interpreter.resize(0, shape));
  fill(interpreter, 0.5f);
  EXPECT_FALSE(run(interpreter).empty());
}

TEST(Surface, ASignatureNamesInputsInItsOwnOrder) {
  auto model = Model::load(cases + "SUB/float32_signature_named_inputs_0.tflite");
  ASSERT_TRUE(model) << model.error().text();
  ASSERT_FALSE(model->signatures().empty());
  SignatureInfo signature = model->signatures()[0];
  auto interpreter = Interpreter::create(*model);
  ASSERT_TRUE(interpreter);
  auto runner = interpreter->signature(signature.key);
  ASSERT_TRUE(runner) << runner.error().text();
  for (size_t i = 0; i < signature.inputs.size(); ++i)
    EXPECT_EQ(runner->input_name(static_cast<int>(i)), signature.inputs[i].name);
  EXPECT_FALSE(interpreter->signature("no such key"));
}

TEST(Surface, AByteBudgetEndsPlanning) {
  auto interpreter =
      Interpreter::create(Model::load(models + "conv_2d.tflite"), {.max_memory_bytes = 64});
  ASSERT_TRUE(interpreter);
  Status status = interpreter->prepare();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::too_large);
}

/// `while.tflite` counts to its input: with this one it does not end on its own.
Interpreter endless_loop(const InterpreterOptions& options) {
  Interpreter interpreter = interpreter_of(models + "while.tflite", options);
  for (int i = 0; i < interpreter.input_count(); ++i) {
    std::span<std::byte> bytes = interpreter.input_bytes(i);
    std::memset(bytes.data(), 0, bytes.size());
  }
  return interpreter;
}

TEST(Surface, AStepBudgetEndsALoop) {
  Interpreter interpreter = endless_loop({.max_steps = 3});
  Status status = interpreter.run();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::cancelled) << status.error().text();
}

/// Waits inside of run() until it is told to go on, so that another thread can cancel for certain.
class Waiter final : public CustomOperator {
 public:
  explicit Waiter(std::function<void()> during) : during_(std::move(during)) {}
  std::string name() const override { return "Mfcc"; }
  Status prepare(std::span<const CustomTensor>, std::span<CustomTensor> outputs,
                 std::span<const std::byte>) const override {
    outputs[0].shape = {1};
    return {};
  }
  Status run(std::span<const CustomTensor>, std::span<CustomTensor>,
             std::span<const std::byte>) const override {
    during_();
    return {};
  }

 private:
  std::function<void()> during_;
};

TEST(Surface, AnotherThreadCancelsARun) {
  Interpreter* target = nullptr;
  auto cancel = [&] { std::thread([&] { target->cancel(); }).join(); };
  auto interpreter = Interpreter::create(Model::load(
      models + "mfcc.tflite", {.custom_operators = {std::make_shared<Waiter>(cancel)}}));
  ASSERT_TRUE(interpreter);
  target = &*interpreter;
  Status status = interpreter->run();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::cancelled);
}

}  // namespace
