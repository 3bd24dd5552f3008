// Runs every golden file of this folder: the form after the pass, and the same numbers before and
// after.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "ir/text.h"
#include "ops/evaluate.h"
#include "ops/registry.h"
#include "passes/editor.h"
#include "passes/runner.h"

namespace wherry {
namespace {

struct Golden {
  std::string pass, before, after;
};

/// Cases are separated by lines "pass NAME"; each has a "before" and an "after" section.
std::vector<Golden> read_goldens(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<Golden> goldens;
  std::string line;
  std::string* section = nullptr;
  while (std::getline(file, line)) {
    if (line.starts_with("pass "))
      goldens.push_back({.pass = line.substr(5)}), section = nullptr;
    else if (line == "before")
      section = &goldens.back().before;
    else if (line == "after")
      section = &goldens.back().after;
    else if (section)
      *section += line + "\n";
  }
  return goldens;
}

std::vector<Tensor> random_inputs(const Graph& graph) {
  std::vector<Tensor> inputs;
  uint64_t state = 42;
  for (ValueId id : graph.inputs) {
    TensorType type = graph.value(id).type;
    for (int axis = 0; axis < type.shape.rank(); ++axis) {
      if (!type.fixed(axis)) type.shape[axis] = 2;
    }
    auto tensor = Tensor::zeros(type);
    for (size_t i = 0; tensor && i < tensor->buffer.size() / 4 && type.dtype == DType::f32; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      tensor->view().as<float>()[i] =
          static_cast<float>(static_cast<int>(state >> 40) % 4001 - 2000) / 500.0f;
    }
    inputs.push_back(std::move(*tensor));
  }
  return inputs;
}

Expected<std::vector<Tensor>> run(const Model& model, const std::vector<Tensor>& inputs) {
  std::vector<TensorView> views;
  for (const Tensor& tensor : inputs) views.push_back(tensor.view());
  return Evaluator(model).run(views);
}

void expect_same_numbers(const Model& before, const Model& after) {
  std::vector<Tensor> inputs = random_inputs(before.main());
  auto a = run(before, inputs), b = run(after, inputs);
  ASSERT_TRUE(a) << a.error().text();
  ASSERT_TRUE(b) << b.error().text();
  for (size_t i = 0; i < a->size(); ++i) {
    TensorView x = (*a)[i].view(), y = (*b)[i].view();
    ASSERT_EQ(x.shape(), y.shape());
    if (x.dtype() != DType::f32) {
      EXPECT_EQ(std::memcmp(x.data, y.data, x.bytes), 0);
      continue;
    }
    for (int64_t k = 0; k < x.elements(); ++k) {
      float u = x.as<float>()[k], v = y.as<float>()[k];
      EXPECT_LE(std::abs(u - v), 1e-5f + 1e-5f * std::abs(u)) << "output " << i << " element " << k;
    }
  }
}

void check(const Golden& golden, const std::string& file) {
  SCOPED_TRACE(file);
  const Pass* pass = find_pass(golden.pass);
  ASSERT_NE(pass, nullptr) << golden.pass;
  auto before = parse_text(golden.before, find_op_named),
       after = parse_text(golden.after, find_op_named);
  ASSERT_TRUE(before) << before.error().text();
  ASSERT_TRUE(after) << after.error().text();
  Model changed = *before;
  const Pass* one[] = {pass};
  PassGroup group{.name = "golden", .passes = one, .until_stable = true};
  auto counts = run_passes(changed, {&group, 1});
  ASSERT_TRUE(counts) << counts.error().text();
  EXPECT_EQ(print(changed), print(*after));
  expect_same_numbers(*before, changed);
}

TEST(Passes, EveryGoldenFileHolds) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(WHERRY_SOURCE_DIR) / "src/passes")) {
    if (entry.path().extension() != ".ir") continue;
    for (const Golden& golden : read_goldens(entry.path()))
      check(golden, entry.path().filename().string()), ++count;
  }
  EXPECT_GT(count, 0);
}

TEST(Passes, EveryPassHasAGoldenFile) {
  for (const PassGroup& group : float_pipeline()) {
    for (const Pass* pass : group.passes) {
      std::string stem(pass->name);
      std::replace(stem.begin(), stem.end(), '-', '_');
      auto path = std::filesystem::path(WHERRY_SOURCE_DIR) / "src/passes" / (stem + ".ir");
      EXPECT_TRUE(std::filesystem::exists(path)) << path;
    }
  }
}

TEST(Passes, AnUnknownNameToSkipIsAnError) {
  auto model = parse_text("graph g(x: f32[1]) -> (y) { y: f32[1] = RELU(x) }", find_op_named);
  ASSERT_TRUE(model);
  EXPECT_FALSE(run_passes(*model, float_pipeline(), {.skip = {"nonsense"}}));
}

}  // namespace
}  // namespace wherry
