// Loads every model that lies beside the tree: the loader's checks must not refuse a good one.
#include <gtest/gtest.h>

#include <filesystem>

#include "tflite/reader.h"

namespace wherry {
namespace {

std::vector<std::string> models_under(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
    if (entry.path().extension() == ".tflite") paths.push_back(entry.path().string());
  }
  return paths;
}

TEST(Corpus, EveryModelIsWellFormed) {
  std::vector<std::string> paths;
  for (const char* folder : {"/conformance/ops", "/data/models"}) {
    for (std::string& path : models_under(std::string(WHERRY_SHARED_DIR) + folder))
      paths.push_back(std::move(path));
  }
  if (paths.empty()) GTEST_SKIP() << "no models beside the tree";
  for (const std::string& path : paths) {
    auto model = tflite::read_file(path);
    EXPECT_TRUE(model) << model.error().text();
  }
}

}  // namespace
}  // namespace wherry
