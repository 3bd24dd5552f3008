// Bytes of a scratch file are what was filled in, and no name of the file is ever left.
#include "base/scratch_file.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace wherry {
namespace {

std::string own_folder() {
  std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
  std::string folder = testing::TempDir() + "scratch_" + name;
  std::filesystem::create_directories(folder);
  return folder;
}

void fill_with_places(size_t first, std::span<std::byte> part) {
  for (size_t i = 0; i < part.size(); ++i) part[i] = static_cast<std::byte>((first + i) * 7 / 3);
}

void expect_places(std::span<const std::byte> bytes) {
  std::vector<std::byte> expected(bytes.size());
  fill_with_places(0, expected);
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), expected.begin()));
}

TEST(ScratchFile, HoldsWhatEachPartWasFilledWith) {
  auto file = ScratchFile::create(own_folder());
  ASSERT_TRUE(file) << file.error().text();
  std::vector<size_t> parts;
  auto bytes = file->make(1'000'003, 1, [&](size_t first, std::span<std::byte> part) {
    parts.push_back(first);
    fill_with_places(first, part);
  });
  ASSERT_TRUE(bytes) << bytes.error().text();
  ASSERT_EQ(bytes->bytes.size(), 1'000'003u);
  EXPECT_GT(parts.size(), 1u);
  expect_places(bytes->bytes);
}

TEST(ScratchFile, ThreadsMakeTheSameBytes) {
  auto file = ScratchFile::create(own_folder(), 4);
  ASSERT_TRUE(file) << file.error().text();
  for (size_t size : {size_t{1'000}, size_t{9'000'001}, size_t{40'000'000}}) {
    auto bytes = file->make(size, size > 9'100'000 ? 5'000'000 : 1, fill_with_places);
    ASSERT_TRUE(bytes) << bytes.error().text();
    ASSERT_EQ(bytes->bytes.size(), size);
    expect_places(bytes->bytes);
  }
}

TEST(ScratchFile, DividesPartsAtWholeGranulesOnly) {
  auto file = ScratchFile::create(own_folder());
  ASSERT_TRUE(file) << file.error().text();
  for (size_t granule : {size_t{12}, size_t{300'000}}) {
    auto bytes = file->make(granule * 100, granule, [&](size_t first, std::span<std::byte> part) {
      EXPECT_EQ(first % granule, 0u);
      EXPECT_EQ(part.size() % granule, 0u);
      fill_with_places(first, part);
    });
    ASSERT_TRUE(bytes) << bytes.error().text();
    expect_places(bytes->bytes);
  }
}

TEST(ScratchFile, LeavesNoName) {
  std::string folder = own_folder();
  auto file = ScratchFile::create(folder);
  ASSERT_TRUE(file) << file.error().text();
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST(ScratchFile, BytesOutliveItAndTheirNeighbours) {
  SharedBytes kept;
  {
    auto file = ScratchFile::create(own_folder());
    ASSERT_TRUE(file) << file.error().text();
    auto given_up = file->make(100'000, 1, fill_with_places);
    kept = file->make(100'000, 1, fill_with_places).value();
    given_up = SharedBytes{};
  }
  drop_pages(kept.owner, kept.bytes);
  expect_places(kept.bytes);
}

TEST(ScratchFile, NeedsAFolderThatIsThere) {
  auto file = ScratchFile::create(own_folder() + "/missing");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::cannot_write);
}

}  // namespace
}  // namespace wherry
