// Weights in other files: found beside the model, and never anywhere else.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "base/mapped_file.h"
#include "hostile/exercise.h"
#include "hostile/file_builder.h"
#include "tflite/reader.h"
#include "tflite/writer.h"

namespace wherry {
namespace {

using hostile::file_of;
using hostile::FileParts;

/// A folder of its own for each test, gone afterwards.
class External : public testing::Test {
 protected:
  External() {
    std::string name = testing::TempDir() + "/wherry_external_XXXXXX";
    folder_ = std::string(mkdtemp(name.data())) + "/";
    float weights[] = {-1, 2, 3, -4};
    put("weights.bin", std::as_bytes(std::span(weights)));
  }
  ~External() override { std::filesystem::remove_all(folder_); }

  void put(const std::string& name, std::span<const std::byte> bytes) {
    EXPECT_TRUE(write_file(folder_ + name, bytes));
  }
  /// RELU of the two floats that stand in the external buffer.
  static FileParts parts_with(FileParts::External external, std::string group = "weights.bin") {
    FileParts parts{.inputs = {}};
    parts.groups = {std::move(group)};
    parts.externals = {std::move(external)};
    parts.external = 1;
    return parts;
  }
  Expected<Model> load(const FileParts& parts) {
    put("model.tflite", file_of(parts));
    return tflite::read_file(folder_ + "model.tflite");
  }
  void expect_refused(const FileParts& parts, std::string_view words) {
    auto model = load(parts);
    ASSERT_FALSE(model);
    EXPECT_NE(model.error().text().find(words), std::string::npos) << model.error().text();
  }

  std::string folder_;
};

TEST_F(External, WeightsBesideTheModelAreRead) {
  auto model = load(parts_with({.offset = 4, .length = 8, .packing = "unpacked"}));
  ASSERT_TRUE(model) << model.error().text();
  float found[2];
  ASSERT_EQ(model->main().values[0].constant.bytes().size(), sizeof found);
  std::memcpy(found, model->main().values[0].constant.bytes().data(), sizeof found);
  EXPECT_EQ(found[0], 2);
  EXPECT_EQ(found[1], 3);
  EXPECT_EQ(hostile::run_model(*model, 1), "");
}

TEST_F(External, WeightsThatLieBadlyAreCopied) {
  auto model = load(parts_with({.offset = 3, .length = 8}));
  ASSERT_TRUE(model) << model.error().text();
  EXPECT_EQ(hostile::run_model(*model, 1), "");
}

TEST_F(External, AWrittenModelHoldsItsWeights) {
  auto model = load(parts_with({.length = 8}));
  ASSERT_TRUE(model) << model.error().text();
  auto written = tflite::write(*model);
  ASSERT_TRUE(written) << written.error().text();
  auto copy = tflite::read(share(written->bytes()));
  ASSERT_TRUE(copy) << copy.error().text();
  EXPECT_EQ(difference(*model, *copy), "");
}

TEST_F(External, FilesElsewhereAreNotOpened) {
  for (const char* name :
       {"/etc/passwd", "../weights.bin", "a/../../weights.bin", "", "C:w.bin", "..\\weights.bin"})
    expect_refused(parts_with({.length = 8}, name), "which is not a plain name beside the model");
}

TEST_F(External, WhatIsNoFileIsAnError) {
  expect_refused(parts_with({.length = 8}, "missing.bin"), "put that file beside it");
  std::filesystem::create_directory(folder_ + "folder");
  expect_refused(parts_with({.length = 8}, "folder"), "is a folder, not a file");
  put("empty.bin", {});
  expect_refused(parts_with({.length = 8}, "empty.bin"), "which has 0");
}

TEST_F(External, PlacesAreChecked) {
  expect_refused(parts_with({.offset = 12, .length = 8}), "which has 16");
  expect_refused(parts_with({.offset = ~uint64_t{0}, .length = 8}), "which has 16");
  expect_refused(parts_with({.offset = 8, .length = ~uint64_t{0}}), "which has 16");
  expect_refused(parts_with({.length = 4}), "has 4 bytes");
  expect_refused(parts_with({.group = 1, .length = 8}), "names group 1 of 1");
  expect_refused(parts_with({.length = 8, .packing = "zipped"}), "is packed as 'zipped'");
}

TEST_F(External, NumbersAreChecked) {
  FileParts parts = parts_with({.length = 8});
  parts.external = 7;
  expect_refused(parts, "the external buffer 7 is not listed");
  parts = parts_with({.length = 8});
  parts.externals.push_back({.length = 4});
  expect_refused(parts, "is 0 or there twice");
}

TEST_F(External, ManyNamesOfABadlyAlignedBufferDoNotCopyItOverAndOver) {
  std::vector<std::byte> large(1 << 20);
  put("large.bin", large);
  FileParts parts = parts_with({.offset = 1, .length = (1 << 20) - 4}, "large.bin");
  parts.shape = {(1 << 18) - 1};
  ASSERT_TRUE(load(parts));
}

TEST_F(External, AModelInMemoryCannotNameOtherFiles) {
  auto model = tflite::read(share(file_of(parts_with({.length = 8}))));
  ASSERT_FALSE(model);
  EXPECT_NE(model.error().text().find("load the model from its file"), std::string::npos);
}

}  // namespace
}  // namespace wherry
