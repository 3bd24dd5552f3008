// Whole models give the same numbers by every path: reference, fast, every instruction set, every
// number of threads; and their memory is planned as tightly as promised.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>

#include "ops/context.h"
#include "ops/evaluate.h"
#include "paths/models.h"
#include "runtime/session.h"
#include "wherry/interpreter.h"

namespace wherry::paths {
namespace {

struct Path {
  bool fast = true;
  Cpu cpu = cpu::none;
  size_t threads = 1;
};

std::string text_of(const Path& path) {
  return cat(path.fast ? "fast" : "reference", " on ", cpu::name(path.cpu), ", ", path.threads,
             " threads");
}

/// Two runs of one interpreter, one after the other: the second meets state and used memory.
Expected<std::vector<Tensor>> outputs_of(const TestModel& model, const Path& path) {
  SessionOptions options;
  options.plan.fast = path.fast;
  options.plan.cpu = path.cpu;
  options.plan.threads = path.threads;
  options.plan.check_memory = true;
  Session session(model.shared, options);
  std::vector<Tensor> all;
  for (uint32_t run = 0; run < 2; ++run) {
    const std::vector<Tensor> inputs = random_inputs(model, run);
    std::vector<TensorView> views;
    for (const Tensor& input : inputs) views.push_back(input.view());
    for (Tensor& output : TRY(session.run(views))) all.push_back(std::move(output));
  }
  return all;
}

struct Tolerance {
  int steps = 0;        ///< of integers
  double relative = 0;  ///< of floats, to the largest of the tensor
};

template <class T>
double largest_difference(const Tensor& a, const Tensor& b, double& largest) {
  double difference = 0;
  largest = 0;
  const auto x = a.view().span<const T>(), y = b.view().span<const T>();
  for (size_t i = 0; i < x.size(); ++i) {
    const auto left = static_cast<double>(x[i]), right = static_cast<double>(y[i]);
    if (std::isnan(left) && std::isnan(right)) continue;
    difference = std::max(difference, std::abs(left - right));
    largest = std::max(largest, std::abs(left));
  }
  return difference;
}

/// Empty when the tensors agree.
std::string disagreement(const Tensor& a, const Tensor& b, Tolerance tolerance) {
  if (a.type.dtype != b.type.dtype || a.type.shape != b.type.shape) return "type or shape";
  if (std::memcmp(a.buffer.data(), b.buffer.data(), a.buffer.size()) == 0) return {};
  double largest = 0, difference = -1;
  const bool floats = a.type.dtype == DType::f32;
  if (floats) difference = largest_difference<float>(a, b, largest);
  if (a.type.dtype == DType::i8) difference = largest_difference<int8_t>(a, b, largest);
  if (a.type.dtype == DType::u8) difference = largest_difference<uint8_t>(a, b, largest);
  if (a.type.dtype == DType::i16) difference = largest_difference<int16_t>(a, b, largest);
  const double allowed = floats ? tolerance.relative * largest + 1e-7 : tolerance.steps;
  if (difference >= 0 && difference <= allowed) return {};
  return cat("differs by ", difference, ", largest element ", largest);
}

void expect_agreement(const TestModel& model, const Expected<std::vector<Tensor>>& truth,
                      const Path& path, Tolerance tolerance) {
  const auto got = outputs_of(model, path);
  ASSERT_TRUE(truth) << truth.error().text();
  ASSERT_TRUE(got) << text_of(path) << ": " << got.error().text();
  ASSERT_EQ(truth->size(), got->size());
  for (size_t i = 0; i < got->size(); ++i)
    EXPECT_EQ(disagreement((*truth)[i], (*got)[i], tolerance), "")
        << text_of(path) << ", output " << i;
}

std::vector<Cpu> levels() {
  std::vector<Cpu> result;
  for (Cpu level : {cpu::none, cpu::avx2, cpu::avx512, cpu::vnni, cpu::amx})
    if (cpu::detect().has(level)) result.push_back(level);
  return result;
}

class Paths : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam().empty()) GTEST_SKIP() << "no ../shared/data/models: models of others not tried";
    auto model = model_named(GetParam());
    ASSERT_TRUE(model) << model.error().text();
    model_ = std::move(*model);
    if (auto reason = reason_not_to_run(model_); !reason.empty()) GTEST_SKIP() << reason;
  }
  TestModel model_;
};

/// What the reference computes, by value.
std::map<ValueId, Tensor> reference_values(const TestModel& model) {
  std::map<ValueId, Tensor> values;
  const std::vector<Tensor> inputs = random_inputs(model, 0);
  std::vector<TensorView> views;
  for (const Tensor& input : inputs) views.push_back(input.view());
  Evaluator evaluator(model.shared->model);
  evaluator.observe(
      [](void* owner, const Graph&, ValueId id, const TensorView& view) {
        static_cast<std::map<ValueId, Tensor>*>(owner)->insert_or_assign(
            id, Tensor::copy_of(view).value());
      },
      &values);
  EXPECT_TRUE(evaluator.run(views));
  const std::vector<ValueId>& ids = model.shared->model.main().inputs;
  for (size_t i = 0; i < ids.size(); ++i)
    values.insert_or_assign(ids[i], Tensor::copy_of(inputs[i].view()).value());
  return values;
}

/// The model of one node, whose inputs are those that are not constant.
std::shared_ptr<const SharedModel> alone(const Graph& graph, const Node& node) {
  wherry::Model model;
  Graph part{.name = "one node", .values = graph.values, .nodes = {node}};
  for (ValueId id : node.inputs) {
    const bool is_new = std::count(part.inputs.begin(), part.inputs.end(), id) == 0;
    if (id != no_value && !graph.value(id).constant && is_new) part.inputs.push_back(id);
  }
  part.outputs = node.outputs;
  model.graphs.push_back(std::move(part));
  auto shared = SharedModel::create(std::move(model));
  EXPECT_TRUE(shared) << shared.error().text();
  return *shared;
}

bool keeps_state(const Graph& graph, const Node& node) {
  return node.op->effects != Effects::pure ||
         std::any_of(node.inputs.begin(), node.inputs.end(),
                     [&](ValueId id) { return id != no_value && graph.value(id).is_variable; });
}

// Over a whole model one step becomes many: a tie rounded otherwise grows in the layers after it.
TEST_P(Paths, EveryNodeIsTheReferenceWithinOneStep) {
  const Graph& graph = model_.shared->model.main();
  const std::map<ValueId, Tensor> truth = reference_values(model_);
  for (const Node& node : graph.nodes) {
    if (keeps_state(graph, node)) continue;
    const auto one = alone(graph, node);
    std::vector<TensorView> inputs;
    for (ValueId id : one->model.main().inputs) inputs.push_back(truth.at(id).view());
    Session session(one, {});
    const auto got = session.run(inputs);
    ASSERT_TRUE(got) << place_of(graph, node) << ": " << got.error().text();
    for (size_t i = 0; i < got->size(); ++i)
      EXPECT_EQ(disagreement(truth.at(node.outputs[i]), (*got)[i], {1, 1e-5}), "")
          << place_of(graph, node);
  }
}

TEST_P(Paths, EveryInstructionSetGivesTheSame) {
  const auto truth = outputs_of(model_, {.cpu = cpu::none});
  for (Cpu level : levels()) expect_agreement(model_, truth, {.cpu = level}, {.relative = 1e-5});
}

TEST_P(Paths, ThreadsChangeNothing) {
  for (Cpu level : levels()) {
    if (level == cpu::none && levels().size() > 1) continue;  // slow, and cut into the same tasks
    const auto truth = outputs_of(model_, {.cpu = level});
    for (size_t threads : {2, 3})
      expect_agreement(model_, truth, {.cpu = level, .threads = threads}, {});
  }
}

TEST_P(Paths, TheArenaIsAtMostFivePercentAboveThePeak) {
  const auto model =
      v1::Model::load(std::vector<std::byte>(model_.bytes.begin(), model_.bytes.end()));
  for (Kernels kernels : {Kernels::fast, Kernels::reference}) {
    auto interpreter = Interpreter::create(model, {.threads = 2, .kernels = kernels});
    ASSERT_TRUE(interpreter) << interpreter.error().text();
    ASSERT_TRUE(interpreter->prepare());
    const MemoryPlan plan = interpreter->memory();
    EXPECT_LE(static_cast<double>(plan.arena_bytes), 1.05 * static_cast<double>(plan.peak_bytes));
  }
}

TEST_P(Paths, ResizedToTwoExamplesItGivesBothResults) {
  const Graph& graph = model_.shared->model.main();
  if (graph.inputs.size() != 1) GTEST_SKIP() << "has several inputs";
  if (!model_.batches) GTEST_SKIP() << "bakes its batch in";
  Session session(model_.shared, {});
  const Tensor first = std::move(random_inputs(model_, 0)[0]),
               second = std::move(random_inputs(model_, 1)[0]);
  TensorType type = first.type;
  type.shape[0] = 2;
  auto both = Tensor::zeros(type);
  ASSERT_TRUE(both);
  std::memcpy(both->buffer.data(), first.buffer.data(), first.view().bytes);
  std::memcpy(both->buffer.data() + first.view().bytes, second.buffer.data(), second.view().bytes);
  const TensorView inputs[] = {first.view(), both->view(), second.view()};
  std::vector<Tensor> results;
  for (const TensorView& input : inputs) {
    auto result = session.run({&input, 1});
    ASSERT_TRUE(result) << result.error().text();
    results.push_back(std::move((*result)[0]));
  }
  const size_t bytes = results[0].view().bytes;
  ASSERT_EQ(results[1].view().bytes, 2 * bytes);
  for (size_t half = 0; half < 2; ++half) {
    Tensor part = Tensor::copy_of(results[0].view()).value();
    std::memcpy(part.buffer.data(), results[1].buffer.data() + half * bytes, bytes);
    EXPECT_EQ(disagreement(results[2 * half], part, {.steps = 0, .relative = 1e-5}), "");
  }
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name;
  for (char c : info.param) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name.empty() ? "none" : name;
}

INSTANTIATE_TEST_SUITE_P(Committed, Paths, testing::ValuesIn(committed_models()), test_name);
INSTANTIATE_TEST_SUITE_P(Shared, Paths, testing::ValuesIn(shared_models()), test_name);

}  // namespace
}  // namespace wherry::paths
