// The list of mapped and unfinished files.
#include "base/live_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/mapped_file.h"

namespace wherry {
namespace {

namespace fs = std::filesystem;

std::string place(std::string_view name) {
  return testing::TempDir() + "/wherry_live_" + std::to_string(::getpid()) + std::string(name);
}

TEST(LiveFiles, AMappedFileIsKnownByItsAddressAsLongAsItIsMapped) {
  std::string path = place("mapped");
  const std::byte bytes[100] = {};
  ASSERT_TRUE(write_file(path, bytes));
  auto file = map_file(path);
  ASSERT_TRUE(file);
  const std::byte* last = file->bytes.data() + 99;
  ASSERT_NE(mapped_file_at(last), nullptr);
  EXPECT_EQ(mapped_file_at(last), path);
  EXPECT_EQ(mapped_file_at(bytes), nullptr);
  *file = {};
  EXPECT_EQ(mapped_file_at(last), nullptr);
  fs::remove(path);
}

TEST(LiveFiles, UnfinishedFilesGoAndFinishedOnesStay) {
  std::string begun = place("begun"), done = place("done");
  auto unfinished = FileWriter::create(begun), finished = FileWriter::create(done);
  ASSERT_TRUE(unfinished && finished);
  std::string temporary = unfinished->temporary_path();
  ASSERT_TRUE(finished->commit());
  ASSERT_TRUE(fs::exists(temporary));
  remove_unfinished_files();
  EXPECT_FALSE(fs::exists(temporary));
  EXPECT_TRUE(fs::exists(done));
  fs::remove(done);
}

TEST(LiveFiles, MoreFilesThanTheListHoldsAreNoTrouble) {
  std::vector<LiveFile> many;
  std::byte here{};
  for (int i = 0; i < 1000; ++i) many.push_back(LiveFile::mapped("many", {&here, 1}));
  EXPECT_STREQ(mapped_file_at(&here), "many");
  many.clear();
  EXPECT_EQ(mapped_file_at(&here), nullptr);
}

}  // namespace
}  // namespace wherry
