// What stands behind the FlatBuffer of a file: archives, constants, options. All of it survives.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "base/zip.h"
#include "ops/opaque.h"
#include "tflite/reader.h"
#include "tflite/writer.h"

namespace wherry::tflite {
namespace {

Model custom_model(std::vector<uint8_t> options) {
  Model model;
  Graph& graph = model.graphs.emplace_back();
  TensorType type{DType::f32, {2}, {}, {}};
  ValueId x = graph.add({.name = "x", .type = type});
  ValueId y = graph.add({.name = "y", .type = type});
  op::Custom custom{.custom_code = "Mine", .options = std::move(options)};
  graph.nodes.push_back({.op = &op::opaque,
                         .attributes = Attributes::of(op::custom_attributes, std::move(custom)),
                         .inputs = {x},
                         .outputs = {y}});
  graph.inputs = {x}, graph.outputs = {y};
  return model;
}

std::vector<std::byte> bytes_of(const Model& model, const WriteOptions& options = {}) {
  auto written = write(model, options);
  EXPECT_TRUE(written) << written.error().text();
  return written->bytes();
}

std::vector<std::byte> labels_archive() {
  ZipWriter zip;
  std::string_view labels = "cat\ndog\n";
  EXPECT_TRUE(zip.add("labels.txt", std::as_bytes(std::span(labels))));
  EXPECT_TRUE(zip.add("more/vocabulary.txt", std::as_bytes(std::span(labels))));
  return zip.finish();
}

/// The text of an entry of the archive that the file ends in.
std::string entry_of(std::vector<std::byte> file, std::string_view name) {
  auto zip = ZipReader::open(share(std::move(file)));
  EXPECT_TRUE(zip) << zip.error().text();
  const ZipEntry* entry = zip->find(name);
  if (!entry) return "no such entry";
  auto content = zip->read(*entry);
  EXPECT_TRUE(content) << content.error().text();
  return {reinterpret_cast<const char*>(content->bytes.data()), content->bytes.size()};
}

/// Constants with a zero point for each of 1000 channels.
Model channels(int constants) {
  Model model;
  Graph& graph = model.graphs.emplace_back();
  for (int i = 0; i < constants; ++i) {
    Quantization scales;
    scales.scales.assign(1000, 1.0f / static_cast<float>(i + 1));
    scales.zero_points.assign(1000, 0);
    TensorType type{.dtype = DType::i8, .shape = {1000, 1}, .quantization = scales};
    ValueId id = graph.add({.name = cat("w", i), .type = std::move(type)});
    graph.inputs.push_back(id), graph.outputs.push_back(id);
  }
  return model;
}

/// The place of the archive's directory as its last record gives it.
uint32_t directory_offset(const std::vector<std::byte>& file) {
  uint32_t offset;
  std::memcpy(&offset, file.data() + file.size() - 6, sizeof offset);
  return offset;
}

TEST(Layout, EqualZeroPointsAreWrittenOnce) {
  Model model = channels(2);
  size_t one = bytes_of(channels(1)).size(), two = bytes_of(model).size();
  EXPECT_LT(two - one, 1000 * sizeof(float) + 400);
  auto again = read(share(bytes_of(model)));
  ASSERT_TRUE(again) << again.error().text();
  for (size_t i = 0; i < 2; ++i)
    EXPECT_EQ(again->main().values[i].type, model.main().values[i].type);
}

TEST(Layout, AnAppendedArchiveIsKept) {
  std::vector<std::byte> file = bytes_of(custom_model({1}));
  for (std::byte byte : labels_archive()) file.push_back(byte);
  auto model = read(share(file));
  ASSERT_TRUE(model) << model.error().text();
  model->description = "another length of the head";
  std::vector<std::byte> again = bytes_of(*model);
  EXPECT_EQ(entry_of(again, "labels.txt"), "cat\ndog\n");
  EXPECT_EQ(entry_of(again, "more/vocabulary.txt"), "cat\ndog\n");
  auto copy = read(share(again));
  ASSERT_TRUE(copy);
  EXPECT_EQ(difference(*model, *copy), "");
}

TEST(Layout, OffsetsOfAnAppendedArchiveCountFromTheStartOfTheFile) {
  Model model = custom_model({1});
  model.appended = Constant::of(labels_archive());
  std::vector<std::byte> file = bytes_of(model);
  uint32_t signature;
  std::memcpy(&signature, file.data() + directory_offset(file), sizeof signature);
  EXPECT_EQ(signature, 0x02014b50u);
}

TEST(Layout, AnArchiveBehindConstantsOutsideTheFlatBufferIsKept) {
  Model model = custom_model({1});
  model.main().add(
      {.name = "c", .type = {DType::f32, {2}, {}, {}}, .constant = Constant::of<float>({1, 2})});
  model.appended = Constant::of(labels_archive());
  std::vector<std::byte> file = bytes_of(model, {.largest_flatbuffer = 100});
  EXPECT_EQ(entry_of(file, "labels.txt"), "cat\ndog\n");
  auto copy = read(share(file));
  ASSERT_TRUE(copy) << copy.error().text();
  EXPECT_EQ(difference(model, *copy), "");
}

TEST(Layout, BytesThatOnlyLookLikeAnArchiveAreNoError) {
  std::vector<std::byte> file = bytes_of(custom_model({1}));
  std::vector<std::byte> archive = labels_archive();
  file.insert(file.end(), archive.end() - 22, archive.end());
  auto model = read(share(file));
  ASSERT_TRUE(model) << model.error().text();
  EXPECT_FALSE(model->appended);
}

TEST(Layout, LargeCustomOptionsGoBehindTheFlatBuffer) {
  std::vector<uint8_t> options(5000);
  for (size_t i = 0; i < options.size(); ++i) options[i] = static_cast<uint8_t>(i * 7);
  Model model = custom_model(options);
  std::vector<std::byte> file = bytes_of(model, {.largest_flatbuffer = 4000});
  auto* found = memmem(file.data(), file.size(), options.data(), options.size());
  ASSERT_NE(found, nullptr);
  EXPECT_EQ((static_cast<std::byte*>(found) - file.data()) % 16, 0);
  auto copy = read(share(file));
  ASSERT_TRUE(copy) << copy.error().text();
  EXPECT_EQ(difference(model, *copy), "");
}

/// The place in the file where the 64-bit number stands.
size_t place_of(const std::vector<std::byte>& file, uint64_t number) {
  auto* found = memmem(file.data(), file.size(), &number, sizeof number);
  EXPECT_NE(found, nullptr);
  return static_cast<size_t>(static_cast<std::byte*>(found) - file.data());
}

TEST(Layout, AConstantBeyondFourGibibytesIsRead) {
  Model model = custom_model({1});
  std::vector<float> weights = {1.5f, 2.5f};
  model.main().add(
      {.name = "c", .type = {DType::f32, {2}, {}, {}}, .constant = Constant::of(weights)});
  std::vector<std::byte> file = bytes_of(model, {.largest_flatbuffer = 100});
  auto* blob = static_cast<std::byte*>(memmem(file.data(), file.size(), weights.data(), 8));
  ASSERT_NE(blob, nullptr);
  uint64_t far = uint64_t{5} << 30;
  std::memcpy(file.data() + place_of(file, static_cast<uint64_t>(blob - file.data())), &far, 8);
  // A file with a hole: nothing of the size is on disk.
  std::string path =
      testing::TempDir() + "/wherry_far_constant_" + std::to_string(::getpid()) + ".tflite";
  int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
  ASSERT_GE(descriptor, 0);
  EXPECT_EQ(::pwrite(descriptor, file.data(), file.size(), 0), static_cast<ssize_t>(file.size()));
  EXPECT_EQ(::pwrite(descriptor, weights.data(), 8, static_cast<off_t>(far)), 8);
  ::close(descriptor);
  auto copy = read_file(path);
  ::unlink(path.c_str());
  ASSERT_TRUE(copy) << copy.error().text();
  EXPECT_EQ(difference(model, *copy), "");
}

TEST(Layout, AModelAboveTwoGibibytesIsWrittenAndRead) {
  if (!std::getenv("WHERRY_LARGE_FILES")) GTEST_SKIP() << "WHERRY_LARGE_FILES=1 writes 2.2 GB";
  int64_t count = int64_t{550} << 20;
  std::vector<float> weights(static_cast<size_t>(count));
  weights.back() = 7;
  Model model = custom_model({1});
  model.main().add(
      {.name = "c", .type = {DType::f32, {count}, {}, {}}, .constant = Constant::of(weights)});
  std::string path = testing::TempDir() + "/wherry_large_" + std::to_string(::getpid()) + ".tflite";
  auto written = write(model);
  ASSERT_TRUE(written) << written.error().text();
  Status saved = written->save(path);
  ASSERT_TRUE(saved) << saved.error().text();
  auto copy = read_file(path);
  ::unlink(path.c_str());
  ASSERT_TRUE(copy) << copy.error().text();
  EXPECT_EQ(difference(model, *copy), "");
}

TEST(Layout, TheMetadataOfOneLayoutDoesNotStayInAnother) {
  Model model = custom_model({1});
  model.main().add(
      {.name = "c", .type = {DType::f32, {2}, {}, {}}, .constant = Constant::of<float>({1, 2})});
  auto outside = read(share(bytes_of(model, {.largest_flatbuffer = 100})));
  ASSERT_TRUE(outside) << outside.error().text();
  EXPECT_TRUE(outside->metadata.empty());
  std::vector<std::byte> inside = bytes_of(*outside);
  std::string_view words = "outside flatbuffers";
  EXPECT_EQ(memmem(inside.data(), inside.size(), words.data(), words.size()), nullptr);
}

}  // namespace
}  // namespace wherry::tflite
