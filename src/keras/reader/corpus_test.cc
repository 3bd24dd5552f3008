// Opens every Keras file of the conformance corpus, when it is there, and checks that the layers of
// each configuration find all weights, and the same ones in the .h5 and the .keras of one model.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "keras/reader/saved_model.h"

namespace wherry::keras {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// Contents of the weights by layer, "backbone/conv2d": shapes and checksums, each once.
using ByLayer = std::map<std::string, std::set<std::string>>;

std::string fingerprint(const Weight& weight) {
  std::span<const std::byte> bytes = weight.data.bytes();
  uint32_t sum =
      static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
  return cat(weight.dtype, weight.shape.dims(), ":", sum);
}

struct ModelWalk {
  ByLayer layers;
  std::set<int> reached;

  void visit(const Json& config, const WeightScope& scope, const std::string& path) {
    if (config.is_object() && !config.contains("layers")) return;
    const Json& list = config.is_array() ? config : config["layers"];
    std::map<std::string, int> counts;
    for (const Json& layer : list) {
      std::string class_name = layer["class_name"];
      const Json& inner = layer["config"];
      std::string name = layer.contains("name") ? layer["name"] : inner["name"];
      LayerKey key{name, class_name, counts[snake_case(class_name)]++};
      std::string inner_path = path + "/" + name;
      if (inner.is_object() && inner.contains("layers")) {
        visit(inner, scope.nested(key), inner_path);
        continue;
      }
      for (const Weight* weight : scope.layer(key).all()) {
        layers[inner_path].insert(fingerprint(*weight));
        reached.insert(weight->index);
      }
    }
  }
};

ModelWalk walk(const SavedModel& model) {
  ModelWalk walk;
  walk.visit((*model.config)["config"], model.weights, "");
  return walk;
}

ByLayer check_file(const std::string& path) {
  auto model = read_saved_model(path);
  if (!model) {
    ADD_FAILURE() << model.error().text();
    return {};
  }
  ModelWalk found = walk(*model);
  // The attributes of a subclassed model may be called anything.
  if ((*model->config)["config"].contains("layers")) {
    EXPECT_EQ(static_cast<int>(found.reached.size()), model->weight_count) << path;
  }
  EXPECT_EQ(static_cast<int>(model->dialect), model->keras_version[0] - '0') << path;
  return found.layers;
}

bool holds_a_model(const fs::path& path) {
  return path.parent_path().filename() != "weights_only" || path.extension() != ".h5";
}

TEST(Corpus, EveryFileOpensAndEveryWeightBelongsToALayer) {
  fs::path corpus = fs::path(WHERRY_SHARED_DIR) / "conformance" / "keras";
  if (!fs::exists(corpus)) GTEST_SKIP() << "no corpus beside the source tree";
  int files = 0;
  for (const char* set : {"keras2", "keras3"}) {
    for (const auto& group : fs::directory_iterator(corpus / set)) {
      if (!group.is_directory()) continue;
      for (const auto& example : fs::directory_iterator(group)) {
        std::vector<ByLayer> both;
        for (const char* name : {"model.h5", "model.keras"}) {
          fs::path path = example.path() / name;
          if (fs::exists(path) && holds_a_model(path)) both.push_back(check_file(path.string()));
        }
        files += static_cast<int>(both.size());
        if (both.size() == 2) {
          EXPECT_EQ(both[0], both[1]) << example.path();
        }
      }
    }
  }
  EXPECT_GT(files, 1600);
}

TEST(Corpus, ModelsOfOthersOpen) {
  fs::path models = fs::path(WHERRY_SHARED_DIR) / "data" / "models";
  if (!fs::exists(models)) GTEST_SKIP() << "no models beside the source tree";
  for (const auto& entry : fs::recursive_directory_iterator(models)) {
    std::string extension = entry.path().extension().string();
    if (extension == ".h5" || extension == ".keras") check_file(entry.path().string());
  }
}

}  // namespace
}  // namespace wherry::keras
