// Whole networks against what TensorFlow's converter made of them: never more bytes, never more
// operators, in any format; and the numbers of Keras.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "wherry/converter.h"
#include "wherry/data.h"
#include "wherry/interpreter.h"

namespace wherry {
namespace {

const std::map<std::string, Format> formats = {{"float32", Format::float32},
                                               {"float16", Format::float16},
                                               {"dynamic", Format::dynamic},
                                               {"int8", Format::int8}};

std::vector<std::filesystem::path> net_folders(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> folders;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(root, absent)) {
    if (std::filesystem::exists(entry.path() / "case.json")) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

nlohmann::json record_of(const std::filesystem::path& folder) {
  return nlohmann::json::parse(std::ifstream(folder / "case.json"));
}

std::string model_of(const std::filesystem::path& folder) {
  auto h5 = folder / "model.h5";
  return (std::filesystem::exists(h5) ? h5 : folder / "model.keras").string();
}

/// TensorFlow's int8 files have int8 inputs and outputs where the model's are floats.
ConvertOptions options_for(const std::filesystem::path& folder, const nlohmann::json& record,
                           Format format) {
  ConvertOptions options{.format = format};
  if (format != Format::int8) return options;
  options.calibrate = (folder / "calibration.npz").string();
  bool floats = record["inputs"][0]["dtype"] == "float32";
  if (floats) options.input_type = options.output_type = EdgeType::int8;
  return options;
}

int count(const std::map<std::string, int>& operators) {
  int sum = 0;
  for (const auto& [name, number] : operators) sum += number;
  return sum;
}

void expect_no_more_than(const nlohmann::json& rival, const ConvertReport& report) {
  if (!rival.contains("bytes")) return;  // TensorFlow's converter refused the network
  int operators = 0;
  for (const auto& [name, number] : rival["ops"].items()) operators += number.get<int>();
  EXPECT_LE(report.bytes_out, rival["bytes"].get<uint64_t>());
  EXPECT_LE(count(report.operators), operators);
}

const Array* array_named(const std::vector<Array>& arrays, const std::string& name) {
  for (const Array& array : arrays) {
    if (array.name == name) return &array;
  }
  return nullptr;
}

void expect_keras_numbers(const std::vector<std::byte>& file, const nlohmann::json& record,
                          const std::filesystem::path& folder) {
  auto golden = read_arrays((folder / "golden.npz").string());
  ASSERT_TRUE(golden);
  auto interpreter = Interpreter::create(Model::load(file));
  ASSERT_TRUE(interpreter) << interpreter.error().text();
  for (size_t i = 0; i < record["inputs"].size(); ++i) {
    std::string name = record["inputs"][i]["name"];
    const Array* array = array_named(*golden, "in:" + name);
    ASSERT_TRUE(array) << name;
    ASSERT_TRUE(feed(*interpreter, static_cast<int>(i), *array));
  }
  ASSERT_TRUE(interpreter->run());
  double absolute = record["atol"], relative = record["rtol"];
  for (size_t i = 0; i < record["outputs"].size(); ++i) {
    const Array* expected =
        array_named(*golden, "out:" + record["outputs"][i]["name"].get<std::string>());
    Array got = fetch(*interpreter, static_cast<int>(i));
    ASSERT_TRUE(expected);
    ASSERT_EQ(got.shape, expected->shape);
    ASSERT_EQ(got.type, ElementType::float32);
    auto a = reinterpret_cast<const float*>(expected->bytes.data()),
         b = reinterpret_cast<const float*>(got.bytes.data());
    for (size_t k = 0; k < got.bytes.size() / 4; ++k)
      EXPECT_LE(std::abs(a[k] - b[k]), absolute + relative * std::abs(a[k])) << k;
  }
}

void check_net(const std::filesystem::path& folder) {
  nlohmann::json record = record_of(folder);
  for (const auto& [name, format] : formats) {
    SCOPED_TRACE(folder.string() + " as " + name);
    auto converted = convert(model_of(folder), options_for(folder, record, format));
    EXPECT_TRUE(converted) << converted.error().text();
    if (!converted) continue;
    EXPECT_TRUE(converted->report.verified);
    expect_no_more_than(record["tf_converter"][name], converted->report);
    if (format == Format::float32) expect_keras_numbers(converted->bytes, record, folder);
  }
}

TEST(Nets, CommittedOnesNeedNoMoreThanTensorFlows) {
  auto folders = net_folders(std::filesystem::path(WHERRY_SOURCE_DIR) / "tests/nets/cases");
  ASSERT_FALSE(folders.empty());
  for (const auto& folder : folders) check_net(folder);
}

class CorpusNets : public testing::TestWithParam<const char*> {};

TEST_P(CorpusNets, NeedNoMoreThanTensorFlows) {
  auto root = std::filesystem::path(WHERRY_SHARED_DIR) / "conformance/keras" / GetParam() / "nets";
  auto folders = net_folders(root);
  if (folders.empty()) GTEST_SKIP() << "no recorded networks at " << root;
  for (const auto& folder : folders) check_net(folder);
}

INSTANTIATE_TEST_SUITE_P(Sets, CorpusNets, testing::Values("keras2", "keras3"));

TEST(Nets, TheSameInputGivesTheSameBytes) {
  auto folder = std::filesystem::path(WHERRY_SOURCE_DIR) / "tests/nets/cases/har_1d_cnn";
  nlohmann::json record = record_of(folder);
  for (const auto& [name, format] : formats) {
    SCOPED_TRACE(name);
    ConvertOptions options = options_for(folder, record, format);
    auto first = convert(model_of(folder), options);
    options.threads = 2;
    auto second = convert(model_of(folder), options);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->bytes, second->bytes);
  }
}

}  // namespace
}  // namespace wherry
