// Reading, writing and reading again gives an equal model.
#include <gtest/gtest.h>

#include <filesystem>

#include "ops/activation/relu.h"
#include "ops/arithmetic/add.h"
#include "ops/opaque.h"
#include "tflite/options.h"
#include "tflite/reader.h"
#include "tflite/writer.h"

namespace wherry::tflite {
namespace {

Model small_model() {
  Model model;
  model.description = "small";
  Graph& graph = model.graphs.emplace_back();
  graph.name = "main";
  TensorType type{DType::i8, {1, 4}, {-1, 4}, Quantization(0.5f, -3)};
  ValueId x = graph.add({.name = "x", .type = type});
  ValueId y = graph.add({.name = "y", .type = type});
  graph.nodes.push_back({.op = &op::relu,
                         .attributes = Attributes::defaults(no_attributes),
                         .inputs = {x},
                         .outputs = {y}});
  graph.add(
      {.name = "c", .type = {DType::f32, {2}, {}, {}}, .constant = Constant::of<float>({1, 2})});
  graph.add({.name = "same bytes",
             .type = {DType::f32, {2}, {}, {}},
             .constant = Constant::of<float>({1, 2})});
  graph.inputs = {x}, graph.outputs = {y};
  model.signatures.push_back({.inputs = {{"in", x}}, .outputs = {{"out", y}}});
  model.metadata.push_back({"note", Constant::of<char>({'h', 'i'})});
  return model;
}

Expected<Model> again(const Model& model, const WriteOptions& options = {}) {
  WrittenModel file = TRY(write(model, options));
  std::vector<std::byte> bytes = file.bytes();
  EXPECT_EQ(bytes.size(), file.size());
  return read(share(std::move(bytes)));
}

TEST(RoundTrip, ASmallModelSurvives) {
  auto copy = again(small_model());
  ASSERT_TRUE(copy) << copy.error().text();
  EXPECT_EQ(difference(small_model(), *copy), "");
}

TEST(RoundTrip, ConstantsBehindTheFlatBufferSurvive) {
  auto copy = again(small_model(), {.largest_flatbuffer = 100});
  ASSERT_TRUE(copy) << copy.error().text();
  EXPECT_EQ(difference(small_model(), *copy), "");
}

TEST(RoundTrip, ConstantsAreAlignedTo16InTheFile) {
  auto file = write(small_model());
  ASSERT_TRUE(file);
  auto bytes = file->bytes();
  float wanted[] = {1, 2};
  auto* found = static_cast<std::byte*>(memmem(bytes.data(), bytes.size(), wanted, sizeof wanted));
  ASSERT_NE(found, nullptr);
  EXPECT_EQ((found - bytes.data()) % 16, 0);
  auto* rest = found + 8;
  EXPECT_EQ(
      memmem(rest, static_cast<size_t>(bytes.data() + bytes.size() - rest), wanted, sizeof wanted),
      nullptr)
      << "equal constants share one buffer";
}

TEST(RoundTrip, QuantisationDetailsThatNothingComputesWithSurvive) {
  Model model = small_model();
  Graph& graph = model.main();
  graph.value(0).type.quantization->custom = std::vector<uint8_t>{1, 2, 3};
  graph.value(1).type.quantization->custom.emplace();
  graph.value(2).type.quantization.emplace().multi_axis =
      MultiAxisQuantization{.scales = 3, .zero_points = -1, .block_size = 2, .axes = {0, -1}};
  auto copy = again(model);
  ASSERT_TRUE(copy) << copy.error().text();
  EXPECT_EQ(difference(model, *copy), "");
  EXPECT_TRUE(copy->main().value(1).type.quantization->custom);
  EXPECT_EQ(copy->main().value(2).type.quantization->multi_axis->axes, (std::vector{0, -1}));
}

/// `x` through a custom operator without options.
Model custom_model(std::string code) {
  Model model = small_model();
  model.main().nodes[0].op = &op::opaque;
  model.main().nodes[0].inputs.push_back(model.main().inputs[0]);
  model.main().nodes[0].attributes =
      Attributes::of(op::custom_attributes, op::Custom{.custom_code = std::move(code)});
  return model;
}

TEST(Reader, ACustomOperatorWithTensorflowsNameOfABuiltinOneIsThat) {
  auto model = again(custom_model("AddV2"));
  ASSERT_TRUE(model) << model.error().text();
  EXPECT_EQ(model->main().nodes[0].op, &op::add);
}

TEST(Reader, AnOperatorTheCallerBringsGoesBeforeTensorflowsNames) {
  const OpDef mine = {.name = "AddV2", .attributes = &op::custom_attributes};
  const OpDef* ops[] = {&mine};
  auto file = write(custom_model("AddV2"));
  ASSERT_TRUE(file) << file.error().text();
  auto model = read(share(file->bytes()), {.custom_ops = ops});
  ASSERT_TRUE(model) << model.error().text();
  EXPECT_EQ(model->main().nodes[0].op, &mine);
}

TEST(Reader, AFlagOfAMissingOptionTableIsOff) {
  auto options = read_options(op::add_attributes, TableView());
  ASSERT_TRUE(options) << options.error().text();
  EXPECT_FALSE(options->as<op::Add>().pot_scale_int16);
}

TEST(RoundTrip, ABuiltinWithoutDefinitionIsRefusedByCode) {
  Model model = small_model();
  model.main().nodes[0].op = &op::opaque;
  model.main().nodes[0].attributes = Attributes::of(op::custom_attributes, op::Custom{.code = 29});
  auto file = write(model);
  ASSERT_FALSE(file);
  EXPECT_NE(file.error().text().find("29"), std::string::npos);
}

TEST(RoundTrip, EveryModelAtHandSurvives) {
  std::filesystem::path shared = WHERRY_SHARED_DIR;
  if (!std::filesystem::exists(shared)) GTEST_SKIP() << "../shared is not there";
  int count = 0;
  for (const char* folder : {"data/models", "conformance/ops"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(shared / folder)) {
      if (entry.path().extension() != ".tflite") continue;
      auto model = read_file(entry.path());
      if (!model) {
        ADD_FAILURE() << model.error().text();
        continue;
      }
      auto copy = again(*model);
      if (!copy && copy.error().code == ErrorCode::unsupported) continue;
      ASSERT_TRUE(copy) << entry.path() << copy.error().text();
      EXPECT_EQ(difference(*model, *copy), "") << entry.path();
      ++count;
    }
  }
  EXPECT_GT(count, 0);
}

TEST(Reader, DamagedFilesGiveErrorsOrModels) {
  auto file = write(small_model());
  ASSERT_TRUE(file);
  std::vector<std::byte> bytes = file->bytes();
  for (size_t length = 0; length < bytes.size(); ++length) {
    std::vector<std::byte> cut(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(length));
    auto model = read(share(std::move(cut)));
    EXPECT_TRUE(length >= 64 || !model);
  }
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::vector<std::byte> flipped = bytes;
    flipped[bit / 8] ^= static_cast<std::byte>(1 << (bit % 8));
    auto model = read(share(std::move(flipped)));
    if (model) (void)write(*model);
  }
}

}  // namespace
}  // namespace wherry::tflite
