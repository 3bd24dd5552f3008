// Data sets that do not fit the model end in an error, sample by sample.
#include "data/dataset.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/mapped_file.h"
#include "data/npy.h"

namespace wherry {
namespace {

TEST(Dataset, AnInputWithALabelsNameMayHaveFewerSamples) {
  // "y" does not count as data when samples are counted, and is shorter than "x".
  std::vector<float> five = {1, 2, 3, 4, 5}, two = {6, 7};
  Tensor x = Tensor::of<float>({5, 1}, five), y = Tensor::of<float>({2, 1}, two);
  auto bytes = npz_bytes({{"x", x.view()}, {"y", y.view()}});
  ASSERT_TRUE(bytes);
  std::string path =
      testing::TempDir() + "/wherry_dataset_test_" + std::to_string(::getpid()) + ".npz";
  ASSERT_TRUE(write_file(path, *bytes));
  auto data = Dataset::open(path, {});
  ASSERT_TRUE(data) << data.error().text();
  std::vector<InputSpec> inputs = {{"x", {DType::f32, {1, 1}, {-1, 1}, {}}},
                                   {"y", {DType::f32, {1, 1}, {-1, 1}, {}}}};
  EXPECT_TRUE(data->sample(1, inputs));
  auto beyond = data->sample(4, inputs);
  ASSERT_FALSE(beyond);
  EXPECT_NE(beyond.error().text().find("has no sample 4"), std::string::npos);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace wherry
