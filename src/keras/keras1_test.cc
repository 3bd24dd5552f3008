// Tests of models that Keras 1 saved, against what their own rules make of the stored weights.
#include "keras/keras1.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "base/mapped_file.h"
#include "keras/reader/hdf5/file.h"
#include "keras/small_model_test.h"
#include "ops/evaluate.h"

namespace wherry::keras {
namespace {

const std::filesystem::path folder = WHERRY_SOURCE_DIR "/tests/data/keras/keras1";

/// The arrays "input_0", "input_1", ... in the group `case` of a file.
std::vector<Tensor> arrays_of(const std::string& path, std::string_view kind) {
  auto file = hdf5::File::open(*map_file(path));
  std::vector<Tensor> arrays;
  for (int i = 0; file; ++i) {
    auto array = *file->root().find(cat("case/", kind, "_", i));
    if (!array) break;
    auto data = array->dataset();
    if (!data) break;
    std::vector<int64_t> dims(data->space.extents.begin(), data->space.extents.end());
    Tensor tensor = Tensor::zeros({.dtype = data->type.dtype, .shape = Shape(dims)}).value();
    auto bytes = data->bytes.bytes;
    std::copy(bytes.begin(), bytes.end(), tensor.buffer.data());
    arrays.push_back(std::move(tensor));
  }
  return arrays;
}

void expect_close(const Tensor& result, const Tensor& expected) {
  ASSERT_EQ(cat(result.type.shape.dims()), cat(expected.type.shape.dims()));
  std::vector<float> computed = elements_of(result), right = elements_of(expected);
  for (size_t i = 0; i < right.size(); ++i)
    EXPECT_NEAR(computed[i], right[i], 1e-5f + 1e-4f * std::fabs(right[i])) << "element " << i;
}

class Keras1File : public testing::TestWithParam<std::string> {};

TEST_P(Keras1File, ComputesWhatKeras1Did) {
  std::string path = (folder / (GetParam() + ".h5")).string();
  std::vector<Tensor> inputs = arrays_of(path, "input"), outputs = arrays_of(path, "output");
  ASSERT_FALSE(outputs.empty());
  auto imported = import_file(path, {});
  ASSERT_TRUE(imported) << imported.error().text();
  std::vector<TensorView> views;
  for (const Tensor& input : inputs) views.push_back(input.view());
  auto results = Evaluator(imported->model).run(views);
  ASSERT_TRUE(results) << results.error().text();
  ASSERT_EQ(results->size(), outputs.size());
  for (size_t i = 0; i < outputs.size(); ++i) expect_close((*results)[i], outputs[i]);
}

std::vector<std::string> names_of_files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Files, Keras1File, testing::ValuesIn(names_of_files()),
                         [](const auto& tested) { return tested.param; });

TEST(Keras1, RefusesWhatOnlyPythonKnows) {
  std::string merge = layer_json("Merge", R"("mode": "<lambda>", "mode_type": "lambda")");
  std::string refusal = refusal_of(small_model(Dialect::keras1, sequential("[null, 4]", merge)));
  EXPECT_NE(refusal.find("layer 'merge' (Merge): this Merge layer joins its inputs by Python code"),
            std::string::npos)
      << refusal;
}

TEST(Keras1, RefusesNormalisationByBatch) {
  std::string layer = layer_json("BatchNormalization", R"("mode": 2, "axis": -1)");
  std::string refusal = refusal_of(small_model(Dialect::keras1, sequential("[null, 4]", layer)));
  EXPECT_NE(refusal.find("by the mean and variance of each batch"), std::string::npos) << refusal;
}

TEST(Keras1, WarnsWhereTheanoPoolsOtherWindows) {
  std::string pool = layer_json("MaxPooling1D", R"("pool_length": 2, "border_mode": "same")");
  SavedModel saved = small_model(Dialect::keras1, sequential("[null, 6, 1]", pool));
  EXPECT_TRUE(import_model(saved)->warnings.empty());
  saved.backend = "theano";
  std::vector<std::string> warnings = import_model(saved)->warnings;
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find("layer 'maxpooling1d' (MaxPooling1D)"), std::string::npos);
}

TEST(Keras1, ReadsPaddingByNameOfTheEnd) {
  std::string name = "ZeroPadding2D";
  PyValue one =
      PyValue::dict({{"padding", PyValue::dict({{"top_pad", PyValue::of(int64_t{1})},
                                                {"left_pad", PyValue::of(int64_t{2})}})}});
  EXPECT_EQ(keras1_config(name, one).at("padding").shown(), "[[1, 0], [2, 0]]");
  PyValue flat =
      PyValue::dict({{"padding", PyValue::dict({{"right_pad", PyValue::of(int64_t{3})}})}});
  EXPECT_EQ(keras1_config(name, flat).at("padding").shown(), "[0, 3]");
}

}  // namespace
}  // namespace wherry::keras
