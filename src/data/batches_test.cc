// Samples are grouped to the batch that a model fixes.
#include "data/batches.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/mapped_file.h"
#include "data/npy.h"

namespace wherry {
namespace {

/// A set whose array has the numbers 0, 1, ... in this shape.
Expected<Dataset> counting(Shape shape) {
  std::vector<float> numbers(static_cast<size_t>(shape.elements()));
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i);
  Tensor x = Tensor::of<float>(std::move(shape), numbers);
  auto bytes = npz_bytes({{"x", x.view()}});
  std::string path =
      testing::TempDir() + "/wherry_batches_test_" + std::to_string(::getpid()) + ".npz";
  EXPECT_TRUE(write_file(path, *bytes));
  auto data = Dataset::open(path, {});
  std::filesystem::remove(path);
  return data;
}

InputSpec input(Shape shape, Shape signature = {}) {
  return {"x", {DType::f32, std::move(shape), std::move(signature), {}}};
}

std::vector<std::vector<float>> runs_of(const Dataset& data, const InputSpec& spec, size_t count) {
  const Batches batches = Batches::spread(data, {spec}, count);
  std::vector<std::vector<float>> runs;
  for (size_t i = 0; i < batches.size(); ++i) {
    auto tensors = batches.run(i);
    EXPECT_TRUE(tensors) << tensors.error().text();
    EXPECT_EQ((*tensors)[0].type.shape, spec.type.shape);
    auto elements = (*tensors)[0].view().span<const float>();
    runs.emplace_back(elements.begin(), elements.end());
  }
  return runs;
}

using Runs = std::vector<std::vector<float>>;

TEST(Batches, AnOpenBatchTakesOneSampleARun) {
  auto data = counting({3, 2});
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(runs_of(*data, input({1, 2}, {-1, 2}), 3), (Runs{{0, 1}, {2, 3}, {4, 5}}));
}

TEST(Batches, TheLastRunIsFilledFromTheBeginning) {
  auto data = counting({3, 2});
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(runs_of(*data, input({2, 2}), 3), (Runs{{0, 1, 2, 3}, {4, 5, 0, 1}}));
  EXPECT_EQ(runs_of(*data, input({4, 2}), 3), (Runs{{0, 1, 2, 3, 4, 5, 0, 1}}));
}

TEST(Batches, FurtherSamplesFillARunWhereThereAreSome) {
  auto data = counting({8, 1});
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(runs_of(*data, input({2, 1}), 3), (Runs{{0, 2}, {4, 6}}));
}

TEST(Batches, ASampleThatIsAWholeBatchStaysOne) {
  auto data = counting({2, 2, 2});
  ASSERT_TRUE(data) << data.error().text();
  EXPECT_EQ(runs_of(*data, input({2, 2}), 2), (Runs{{0, 1, 2, 3}, {4, 5, 6, 7}}));
}

TEST(Batches, ARunFromASampleOnGoesOnAtTheBeginning) {
  auto data = counting({3, 1});
  ASSERT_TRUE(data) << data.error().text();
  const Batches batches = Batches::from(*data, {input({4, 1})}, 2);
  EXPECT_EQ(batches.per_run(), 4u);
  auto tensors = batches.run(0);
  ASSERT_TRUE(tensors) << tensors.error().text();
  auto elements = (*tensors)[0].view().span<const float>();
  EXPECT_EQ(std::vector<float>(elements.begin(), elements.end()), (std::vector<float>{2, 0, 1, 2}));
}

TEST(Batches, SamplesThatFitNeitherWayAreAnError) {
  auto data = counting({3, 2});
  ASSERT_TRUE(data) << data.error().text();
  const Batches batches = Batches::spread(*data, {input({2, 5})}, 3);
  auto run = batches.run(0);
  ASSERT_FALSE(run);
  EXPECT_NE(run.error().text().find("the data does not fit"), std::string::npos);
}

TEST(Batches, InputsThatFixDifferentBatchesAreNotGrouped) {
  auto data = counting({4, 2});
  ASSERT_TRUE(data) << data.error().text();
  std::vector<InputSpec> inputs = {input({2, 2}), input({1, 2})};
  const Batches batches = Batches::spread(*data, inputs, 4);
  EXPECT_EQ(batches.size(), 4u);
}

}  // namespace
}  // namespace wherry
