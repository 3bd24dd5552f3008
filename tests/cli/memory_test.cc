// A conversion takes less memory than twice its file, and hardly more for a larger one.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/hdf5_writer.h"

namespace wherry {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int channels = 256;

/// Numbers without an order that shows, small enough that the activations stay small.
std::vector<float> weights(size_t count, uint32_t seed) {
  std::vector<float> elements(count);
  for (float& element : elements) {
    seed = seed * 1664525 + 1013904223;
    element = (static_cast<float>(seed >> 8) / (1 << 24) - 0.5f) / 16;
  }
  return elements;
}

/// The layers of a convolutional network, their options and their weights.
class Network {
 public:
  Network(const fs::path& path, int blocks) : file_(path.string()) {
    for (int i = 0; i < blocks; ++i) add_block("block_" + std::to_string(i), i);
    json config = {{"class_name", "Sequential"},
                   {"config", {{"name", "net"}, {"layers", layers_}}}};
    uint64_t weights = file_.group(groups_, {{"layer_names", names_, true}});
    file_.finish(file_.group({{"model_weights", weights}}, {{"model_config", {config.dump()}},
                                                            {"keras_version", {"2.15.0"}},
                                                            {"backend", {"tensorflow"}}}));
  }

 private:
  void add_block(const std::string& name, int i) {
    constexpr size_t kernel_elements = size_t{3} * 3 * channels * channels;
    json convolution = {{"name", name},          {"dtype", "float32"}, {"filters", channels},
                        {"kernel_size", {3, 3}}, {"padding", "same"},  {"use_bias", false}};
    if (i == 0) convolution["batch_input_shape"] = {nullptr, 8, 8, channels};
    layers_.push_back({{"class_name", "Conv2D"}, {"config", convolution}});
    uint64_t kernel = file_.dataset(weights(kernel_elements, 1 + static_cast<uint32_t>(i)),
                                    {3, 3, channels, channels});
    add_group(name, {{"kernel:0", kernel}});
    layers_.push_back(
        {{"class_name", "BatchNormalization"},
         {"config", {{"name", name + "_norm"}, {"dtype", "float32"}, {"axis", {3}}}}});
    std::vector<Hdf5Writer::Member> members;
    for (const char* role : {"gamma:0", "beta:0", "moving_mean:0", "moving_variance:0"})
      members.emplace_back(role, file_.dataset(std::vector<float>(channels, 0.75f), {channels}));
    add_group(name + "_norm", members);
  }

  void add_group(const std::string& name, const std::vector<Hdf5Writer::Member>& members) {
    std::vector<std::string> names;
    for (const auto& [member, address] : members) names.push_back(member);
    groups_.emplace_back(name, file_.group(members, {{"weight_names", names, true}}));
    names_.push_back(name);
  }

  Hdf5Writer file_;
  json layers_ = json::array();
  std::vector<Hdf5Writer::Member> groups_;
  std::vector<std::string> names_;
};

class ConversionMemory : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/wherry_memory_XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// What `wherry convert --json` says of a network of so many blocks.
  json converted(int blocks, const std::string& options = {}) const {
    fs::path model = folder_ / "net.h5", report = folder_ / "report.json";
    Network(model, blocks);
    std::string command = std::string("'" WHERRY_BINARY "' convert '") + model.string() + "' -o '" +
                          (folder_ / "net.tflite").string() + "' --format " + GetParam() + " " +
                          options + " --json -q >'" + report.string() + "'";
    EXPECT_EQ(std::system(command.c_str()), 0) << std::ifstream(report).rdbuf();
    return json::parse(std::ifstream(report), nullptr, false);
  }

  fs::path folder_;
};

TEST_P(ConversionMemory, StaysBelowTwiceTheFile) {
  json report = converted(6);
  EXPECT_FALSE(report["max_error"].is_null()) << "the result was not compared with its source";
  EXPECT_LT(report["peak_bytes"], 2 * report["bytes_in"].get<int64_t>());
}

TEST_P(ConversionMemory, DoesNotGrowAsTheWeightsDo) {
  json small = converted(2), large = converted(14);
  auto growth = [&](const char* key) {
    return large[key].get<int64_t>() - small[key].get<int64_t>();
  };
  EXPECT_LT(growth("peak_bytes"), growth("bytes_in") / 8);
}

/// Two samples as an .npy.
void write_samples(const fs::path& path) {
  const std::vector<float> elements = weights(size_t{2} * 8 * 8 * channels, 7);
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 8, 8, " +
                       std::to_string(channels) + "), }";
  header.resize(117, ' ');
  std::ofstream file(path, std::ios::binary);
  file << std::string("\x93NUMPY\x01\x00\x76\x00", 10) << header << '\n';
  file.write(reinterpret_cast<const char*>(elements.data()),
             static_cast<std::streamsize>(elements.size() * sizeof(float)));
}

using CalibratedConversionMemory = ConversionMemory;

TEST_P(CalibratedConversionMemory, GrowsByThePackedWeightsAlone) {
  fs::path samples = folder_ / "samples.npy";
  write_samples(samples);
  std::string options = "--calibrate '" + samples.string() + "'";
  json small = converted(2, options), large = converted(14, options);
  auto growth = [&](const char* key) {
    return large[key].get<int64_t>() - small[key].get<int64_t>();
  };
  EXPECT_LT(growth("peak_bytes"), growth("bytes_in") * 5 / 4);
}

INSTANTIATE_TEST_SUITE_P(Formats, CalibratedConversionMemory, testing::Values("int8"),
                         [](const auto& info) { return std::string(info.param); });
INSTANTIATE_TEST_SUITE_P(Formats, ConversionMemory,
                         testing::Values("float32", "float16", "dynamic"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace wherry
