// Tests of opening saved models and of finding the weights of layers in every dialect.
#include "keras/reader/saved_model.h"
#include "keras/reader/foreign_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/byte_reader.h"
#include "ir/text.h"
#include "keras/import.h"

namespace wherry::keras {
namespace {

const std::string folder = WHERRY_SOURCE_DIR "/tests/data/keras/";

SavedModel opened(const std::string& name) {
  auto model = read_saved_model(folder + name);
  if (!model) ADD_FAILURE() << model.error().text();
  return model ? std::move(*model) : SavedModel();
}

std::string error_of(const std::string& path) {
  auto model = read_saved_model(path);
  return model ? "opened" : model.error().text();
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// The first number of each weight that a scope gives for these roles, or why it gives none.
std::string taken(const WeightScope& scope, std::initializer_list<std::string_view> roles) {
  auto weights = scope.take(roles);
  if (!weights) return weights.error().text();
  std::string out;
  for (const Weight* weight : *weights) out += cat((*as_floats(*weight))[0], " ");
  return out;
}

std::string shapes(const WeightScope& scope, std::initializer_list<std::string_view> roles) {
  auto weights = scope.take(roles);
  if (!weights) return weights.error().text();
  std::string out;
  for (const Weight* weight : *weights) out += cat(weight->shape.dims());
  return out;
}

TEST(SavedModel, RecognisesContainersAndDialects) {
  SavedModel h5 = opened("nested_2_15.h5");
  EXPECT_EQ(h5.container, Container::h5);
  EXPECT_EQ(h5.dialect, Dialect::keras2);
  EXPECT_EQ(h5.keras_version, "2.15.0");
  EXPECT_EQ((*h5.config)["class_name"], "Sequential");
  SavedModel archive = opened("nested_3.keras");
  EXPECT_EQ(archive.container, Container::archive);
  EXPECT_EQ(archive.dialect, Dialect::keras3);
  EXPECT_EQ(opened("keras_2_12.keras").dialect, Dialect::keras2);
  SavedModel oldest = opened("keras1.h5");
  EXPECT_EQ(oldest.dialect, Dialect::keras1);
  EXPECT_EQ(oldest.keras_version, "");
}

TEST(SavedModel, CountsWeightsAndOptimizerState) {
  SavedModel model = opened("split_names.h5");
  EXPECT_EQ(model.weight_count, 6);
  EXPECT_EQ(model.weight_bytes, (4 + 2 + 2 + 2) * 4 + 8 + 10 * 2u);
  EXPECT_EQ(model.optimizer_bytes, 0u);
}

TEST(SavedModel, FrozenLayersInNestedModelsAreMatchedByName) {
  for (const char* name : {"nested_2_15.h5", "nested_2_15.keras", "nested_3.keras"}) {
    SavedModel model = opened(name);
    WeightScope backbone = model.weights.nested({"backbone", "Sequential", 0});
    EXPECT_EQ(shapes(backbone.layer({"conv2d", "Conv2D", 0}), {"kernel", "bias"}),
              "[3, 3, 6, 4][4]");
    EXPECT_EQ(shapes(backbone.layer({"conv2d_1", "Conv2D", 1}), {"kernel", "bias"}),
              "[3, 3, 4, 4][4]");
    EXPECT_EQ(backbone.layer({"batch_normalization", "BatchNormalization", 0}).all().size(), 4u);
    EXPECT_EQ(shapes(model.weights.layer({"dense", "Dense", 0}), {"kernel", "bias"}), "[4, 3][3]");
    EXPECT_EQ(model.weights.all().size(), 10u);
  }
}

TEST(SavedModel, WrappedLayersAreFoundByAttributeOrName) {
  for (const char* name : {"bidirectional_2_15.h5", "bidirectional_3.keras"}) {
    SavedModel model = opened(name);
    WeightScope both = model.weights.layer({"bidirectional", "Bidirectional", 0});
    auto first = both.sub("forward_layer", "forward_simple_rnn").sub("cell");
    auto second = both.sub("backward_layer", "backward_simple_rnn").sub("cell");
    auto forward = first.take({"kernel", "recurrent_kernel", "bias"});
    auto backward = second.take({"kernel", "recurrent_kernel", "bias"});
    ASSERT_TRUE(forward) << forward.error().text();
    ASSERT_TRUE(backward) << backward.error().text();
    EXPECT_NE((*forward)[0], (*backward)[0]);
    EXPECT_EQ((*forward)[0]->shape, (*backward)[0]->shape);
  }
}

TEST(SavedModel, AmbiguousNamesAreErrors) {
  WeightScope both =
      opened("bidirectional_2_15.h5").weights.layer({"bidirectional", "Bidirectional", 0});
  EXPECT_TRUE(mentions(taken(both, {"kernel"}),
                       "should have one weight 'kernel', but "
                       "'bidirectional' in the file holds 2"));
}

TEST(SavedModel, Keras212CountsLayersWithWeightsTwice) {
  SavedModel model = opened("keras_2_12.keras");
  EXPECT_EQ(taken(model.weights.layer({"one", "Dense", 0}), {"kernel", "bias"}), "0 1 ");
  EXPECT_EQ(taken(model.weights.layer({"two", "Dense", 1}), {"kernel", "bias"}), "2 3 ");
  WeightScope inner = model.weights.nested({"inner", "Sequential", 0});
  EXPECT_EQ(taken(inner.layer({"second", "Dense", 1}), {"kernel", "bias"}), "6 7 ");
  EXPECT_EQ(taken(model.weights.layer({"three", "Dense", 2}), {"kernel", "bias"}), "8 9 ");
}

TEST(SavedModel, Keras1JoinsLayerAndRoleByAnUnderscore) {
  SavedModel model = opened("keras1.h5");
  EXPECT_EQ(shapes(model.weights.layer({"dense_1", "Dense", 0}), {"W", "b"}), "[4, 3][3]");
  WeightScope inner = model.weights.nested({"sequential_2", "Sequential", 0});
  EXPECT_EQ(taken(inner.layer({"dense_3", "Dense", 1}), {"b", "W"}), "10 10 ");
}

TEST(SavedModel, ReadsSplitNameListsAndNamesWithoutALayer) {
  SavedModel model = opened("split_names.h5");
  WeightScope backbone = model.weights.nested({"backbone", "Sequential", 0});
  WeightScope normalization = backbone.layer({"normalization", "Normalization", 0});
  EXPECT_EQ(taken(normalization, {"mean", "variance"}), "1 2 ");
  EXPECT_NE(normalization.named("count"), nullptr);
  EXPECT_EQ(taken(backbone.layer({"dense", "Dense", 0}), {"bias", "kernel"}), "0 0 ");
  auto head = model.weights.layer({"head", "Dense", 0}).take({"kernel"});
  ASSERT_TRUE(head);
  EXPECT_EQ((*head)[0]->dtype, DType::f16);
  EXPECT_EQ((*as_floats(*(*head)[0]))[9], 9.0f);
}

TEST(SavedModel, OpaquePairsOfBytesAreBfloat16) {
  SavedModel model = opened("bfloat16_3.h5");
  auto weights = model.weights.layer({"dense", "Dense", 0}).take({"kernel", "bias"});
  ASSERT_TRUE(weights);
  EXPECT_EQ((*weights)[0]->dtype, DType::bf16);
  std::vector<float> values = *as_floats(*(*weights)[0]);
  EXPECT_EQ(values[0], -0.205078125f);
  EXPECT_EQ(values.size(), 120u);
}

TEST(SavedModel, MissingWeightsAreNamedWithWhatIsThere) {
  SavedModel model = opened("nested_3.keras");
  std::string text = taken(model.weights.layer({"dense", "Dense", 0}), {"kernel"});
  EXPECT_TRUE(mentions(text,
                       "should have 1 weights [kernel], but 'layers/dense' in the file holds "
                       "2"));
  EXPECT_TRUE(mentions(text, "layers/dense/vars/0 [4, 3], layers/dense/vars/1 [3]"));
  EXPECT_TRUE(mentions(taken(model.weights.layer({"no", "Dense", 5}), {"kernel"}), "holds 0"));
  EXPECT_EQ(taken(model.weights.layer({"no", "Flatten", 0}), {}), "");
}

TEST(SavedModel, ReadsPickledArraysAndVariables) {
  SavedModel arrays = opened("npz_of_arrays.keras");
  auto dense = arrays.weights.layer({"one", "Dense", 0}).take({"kernel", "bias"});
  ASSERT_TRUE(dense) << dense.error().text();
  EXPECT_EQ((*dense)[1]->dtype, DType::f16);
  EXPECT_EQ(*as_floats(*(*dense)[1]), (std::vector<float>{3, 4}));
  WeightScope cell = arrays.weights.layer({"two", "LSTM", 0}).sub("cell");
  EXPECT_EQ(shapes(cell, {"kernel", "recurrent_kernel", "bias"}), "[2, 8][2, 8][8]");
  SavedModel variables = opened("npz_of_variables.keras");
  EXPECT_EQ(variables.weight_count, 7);
  EXPECT_EQ(taken(variables.weights.layer({"dense", "Dense", 0}), {"kernel", "bias"}), "0 1 ");
  EXPECT_EQ(taken(variables.weights.layer({"batch_normalization", "BatchNormalization", 0}),
                  {"gamma", "beta", "moving_mean", "moving_variance"}),
            "2 3 4 5 ");
  EXPECT_EQ(taken(variables.weights.layer({"dense_1", "Dense", 1}), {"kernel"}), "6 ");
}

TEST(SavedModel, VocabulariesAreAssets) {
  SavedModel model = opened("vocabularies.keras");
  WeightScope words = model.weights.layer({"words", "StringLookup", 0});
  auto vocabulary = model.asset(words, "vocabulary.txt");
  ASSERT_TRUE(vocabulary);
  EXPECT_TRUE(mentions(std::string(as_text(vocabulary->bytes)), "no\nyes"));
  WeightScope tokens = model.weights.layer({"tokens", "TextVectorization", 0});
  EXPECT_FALSE(model.asset(tokens.sub("_lookup_layer"), "vocabulary.txt")->bytes.empty());
  EXPECT_TRUE(model.asset(tokens, "none.txt")->bytes.empty());
}

TEST(SavedModel, UnpackedArchivesOpenAsFolders) {
  std::string unpacked =
      testing::TempDir() + "wherry_unpacked_" + std::to_string(::getpid()) + ".keras";
  auto zip = ZipReader::open(*map_file(folder + "nested_3.keras"));
  std::filesystem::create_directories(unpacked);
  for (const ZipEntry& entry : zip->entries())
    ASSERT_TRUE(write_file(cat(unpacked, "/", entry.name), zip->read(entry)->bytes));
  auto model = read_saved_model(unpacked);
  ASSERT_TRUE(model) << model.error().text();
  EXPECT_EQ(model->container, Container::folder);
  EXPECT_EQ(model->weight_count, 10);
  std::filesystem::remove(unpacked + "/model.weights.h5");
  EXPECT_TRUE(mentions(error_of(unpacked), "has a configuration but no weights"));
  std::filesystem::remove_all(unpacked);
}

TEST(SavedModel, SaysWhatAFileIsInstead) {
  auto says = [](std::string_view content) {
    std::span<const char> text(content);
    auto bytes = std::as_bytes(text);
    auto model = read_saved_model(share({bytes.begin(), bytes.end()}));
    return model ? "opened" : model.error().text();
  };
  EXPECT_TRUE(mentions(says("\x1c\0\0\0TFL3"), "neither an .h5 nor a .keras"));
  EXPECT_TRUE(mentions(says(std::string_view("\x1c\0\0\0TFL3 and so on", 18)),
                       "is a .tflite model already"));
  for (const auto& [start, part] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"\x1f\x8b\x08 and so on", "compressed archive"},
           {"version https://git-lfs.github.com/spec/v1\noid", "git lfs pull"},
           {"<!DOCTYPE html>", "a web page"},
           {"\x80\x02}q", "a Python pickle"},
           {" {\"class_name\": \"Sequential\"}", "by --config"},
           {"{\"modelTopology\": {}}", "TensorFlow.js"},
           {"backend: tensorflow\nclass_name: Model", "in YAML"},
           {{"\x02\0\0\0\0\0\0\0{}", 10}, "safetensors"},
           {{"\x08\x01\x12\x90\x01", 5}, "a TensorFlow SavedModel"},
           {"\x08\x08\x12\x07pytorch", "looks like an ONNX model"},
           {"\n\x18\n\x01x\x12\x0bPlaceholder", "a frozen TensorFlow graph"},
           {"\n", "neither an .h5 nor a .keras"}})
    EXPECT_TRUE(mentions(says(start), part)) << says(start);
  EXPECT_TRUE(mentions(error_of(folder + "no_such_file.h5"), "no_such_file.h5"));
  EXPECT_TRUE(mentions(error_of(WHERRY_SOURCE_DIR "/tests/data/hdf5/basics_old.h5"),
                       "this HDF5 file holds no Keras model"));
  EXPECT_TRUE(mentions(error_of(WHERRY_SOURCE_DIR "/tests/data/zip/deflated.zip"),
                       "it has no 'config.json'"));
  EXPECT_TRUE(mentions(error_of(folder), "it has no 'config.json'"));
}

TEST(SavedModel, SaysWhatAnArchiveIsInstead) {
  auto says = [](std::vector<std::string_view> names) { return foreign_archive(names).text(); };
  EXPECT_TRUE(mentions(says({"net/version", "net/data.pkl"}), "a PyTorch file"));
  EXPECT_TRUE(mentions(says({"net/saved_model.pb"}), "a TensorFlow SavedModel"));
  EXPECT_TRUE(mentions(says({"model.weights.h5"}), "only the weights"));
  EXPECT_TRUE(mentions(says({"a.txt", "net.keras"}), "'net.keras'"));
  EXPECT_TRUE(mentions(says({"a.txt"}), "it has no 'config.json'"));
}

TEST(SavedModel, WeightsWithoutAModelAreRefusedWithAdvice) {
  auto zip = ZipReader::open(*map_file(folder + "nested_3.keras"));
  auto model = read_saved_model(*zip->read(*zip->find("model.weights.h5")));
  ASSERT_FALSE(model);
  EXPECT_TRUE(mentions(model.error().text(), "only the weights of a model"));
  EXPECT_TRUE(mentions(model.error().text(), "10 weights of 4 layers")) << model.error().text();
  EXPECT_TRUE(mentions(model.error().text(), "call model.load_weights(...) with this file"));
}

/// The graph that a file gives, as text.
std::string graph_of(const std::string& path, const std::string& config = {}) {
  auto imported = import_file(path, {.config = config});
  return imported ? print(imported->model) : imported.error().text();
}

std::string written(const std::string& name, std::span<const std::byte> bytes) {
  std::string path = testing::TempDir() + name;
  EXPECT_TRUE(write_file(path, bytes));
  return path;
}

TEST(SavedModel, NamedWeightsAndTheirConfigurationAreTheWholeModel) {
  std::string whole = graph_of(folder + "nested_2_15.h5");
  EXPECT_TRUE(mentions(whole, "graph main")) << whole;
  EXPECT_EQ(graph_of(folder + "weights_2_15.h5", folder + "weights_2_15.json"), whole);
}

TEST(SavedModel, NumberedWeightsAndTheirConfigurationAreTheWholeModel) {
  auto zip = ZipReader::open(*map_file(folder + "nested_3.keras"));
  std::string weights =
      written("alone.weights.h5", zip->read(*zip->find("model.weights.h5"))->bytes);
  std::string config = written("alone.json", zip->read(*zip->find("config.json"))->bytes);
  std::string whole = graph_of(folder + "nested_3.keras");
  EXPECT_TRUE(mentions(whole, "graph main")) << whole;
  EXPECT_EQ(graph_of(weights, config), whole);
}

TEST(SavedModel, AConfigurationIsForWeightsAlone) {
  std::string config = folder + "weights_2_15.json";
  EXPECT_TRUE(mentions(graph_of(folder + "nested_2_15.h5", config), "leave --config out"));
  EXPECT_TRUE(mentions(graph_of(folder + "nested_3.keras", config), "for an .h5 file of weights"));
  EXPECT_TRUE(mentions(graph_of(folder, config), "for an .h5 file of weights"));
  EXPECT_TRUE(mentions(graph_of(folder + "weights_2_15.h5", folder + "nested_3.keras"), "JSON"));
  EXPECT_TRUE(mentions(graph_of(folder + "weights_2_15.h5"), "by --config FILE.json"));
  constexpr std::string_view yaml = "class_name: Sequential\nconfig: {}\n";
  std::string text =
      graph_of(folder + "weights_2_15.h5", written("alone.yaml", std::as_bytes(std::span(yaml))));
  EXPECT_TRUE(mentions(text, "the configuration is in YAML")) << text;
  EXPECT_TRUE(mentions(text, "in the configuration '")) << text;
  EXPECT_TRUE(mentions(text, "json.dump")) << text;
}

TEST(SavedModel, FilesOfDataAreNamedByWhatTheyHold) {
  std::string text = error_of(WHERRY_SOURCE_DIR "/tests/data/hdf5/basics_old.h5");
  EXPECT_TRUE(mentions(text, "holds no Keras model"));
  EXPECT_TRUE(mentions(text, "'attributes', 'named_type', 'shapes', 'types'")) << text;
}

TEST(SnakeCase, FollowsKeras) {
  const std::pair<const char*, const char*> examples[] = {
      {"Dense", "dense"},
      {"Conv2D", "conv2d"},
      {"ReLU", "re_lu"},
      {"PReLU", "p_re_lu"},
      {"LSTM", "lstm"},
      {"Conv2DTranspose", "conv2d_transpose"},
      {"RNN", "rnn"},
      {"BatchNormalization", "batch_normalization"},
      {"LSTMCell", "lstm_cell"},
      {"MultiHeadAttention", "multi_head_attention"},
      {"Mine>MyDense", "my_dense"},
      {"GlobalMaxPooling2D", "global_max_pooling2d"}};
  for (auto [from, to] : examples) EXPECT_EQ(snake_case(from), to);
}

}  // namespace
}  // namespace wherry::keras
