// Tests of the HDF5 reader against what h5py sees in the files of tests/data/hdf5.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "keras/reader/hdf5/checksum.h"
#include "keras/reader/hdf5/walk_test.h"

namespace wherry::keras::hdf5 {
namespace {

const std::string folder = WHERRY_SOURCE_DIR "/tests/data/hdf5/";

File opened(const std::string& name) {
  auto file = File::open(*map_file(folder + name));
  if (!file) ADD_FAILURE() << name << ": " << file.error().text();
  return *file;
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// The lines of expected.txt about one file.
std::vector<std::string> expected_of(std::string_view name) {
  SharedBytes all = *map_file(folder + "expected.txt");
  std::vector<std::string> lines;
  bool here = false;
  for (std::string_view line : split(as_text(all.bytes), '\n')) {
    if (line.starts_with("file ")) {
      here = line.substr(5) == name;
    } else if (here && !line.empty()) {
      lines.emplace_back(line);
    }
  }
  return lines;
}

class AgainstH5py : public testing::TestWithParam<const char*> {};

TEST_P(AgainstH5py, SeesTheSameObjectsAndValues) {
  std::vector<std::string> expected = expected_of(GetParam());
  ASSERT_FALSE(expected.empty());
  EXPECT_EQ(walk(opened(GetParam())), expected);
}

INSTANTIATE_TEST_SUITE_P(Hdf5, AgainstH5py,
                         testing::Values("basics_old.h5", "basics_new.h5", "crowds_old.h5",
                                         "crowds_new.h5", "chunks_old.h5", "chunks_new.h5",
                                         "chunks_newest.h5", "pages.h5", "behind_user_block.h5"),
                         [](const auto& info) {
                           std::string name = info.param;
                           return name.substr(0, name.find('.'));
                         });

TEST(Hdf5, ContiguousDataIsAViewIntoTheFile) {
  SharedBytes bytes = *map_file(folder + "basics_old.h5");
  auto file = File::open(bytes);
  ASSERT_TRUE(file);
  Dataset dataset = *(**file->root().find("types/f4")).dataset();
  EXPECT_GE(dataset.bytes.bytes.data(), bytes.bytes.data());
  EXPECT_LT(dataset.bytes.bytes.data(), bytes.bytes.data() + bytes.bytes.size());
}

TEST(Hdf5, FollowsSoftLinksButNotInCircles) {
  for (const char* name : {"crowds_old.h5", "crowds_new.h5"}) {
    Object crowd = **opened(name).root().find("crowd");
    Object target = **opened(name).root().member("one");
    EXPECT_EQ((**crowd.member("soft_twice")).address(), target.address());
    EXPECT_FALSE(*crowd.member("dangling"));
    auto circle = crowd.member("circle");
    ASSERT_FALSE(circle);
    EXPECT_TRUE(mentions(circle.error().text(), "lead in circles"));
  }
}

TEST(Hdf5, MissingMembersAndAttributesAreNoErrors) {
  Object root = opened("basics_new.h5").root();
  EXPECT_FALSE(*root.find("types/no/such/thing"));
  EXPECT_EQ(root.attribute("none"), nullptr);
  EXPECT_EQ(*root.text("none"), "");
}

TEST(Hdf5, NamesWhatItRefuses) {
  Object root = opened("refused.h5").root();
  EXPECT_TRUE(mentions((**root.member("lzf")).dataset().error().text(), "filter lzf"));
  EXPECT_TRUE(mentions((**root.member("elsewhere")).dataset().error().text(), "another file"));
  EXPECT_TRUE(mentions((**root.member("virtual")).dataset().error().text(), "virtual dataset"));
  EXPECT_TRUE(mentions(root.member("link").error().text(), "'other.h5', which is not followed"));
}

TEST(Hdf5, RefusesTextThatIsNone) {
  Object attributes = **opened("basics_old.h5").root().member("attributes");
  EXPECT_TRUE(mentions(attributes.texts("number").error().text(), "'number' should be text"));
}

std::string open_error(std::vector<std::byte> bytes) {
  auto file = File::open(share(std::move(bytes)));
  return file ? "opened" : file.error().text();
}

TEST(Hdf5, RefusesOtherFilesAndTruncatedOnes) {
  EXPECT_TRUE(mentions(open_error({}), "not an HDF5 file"));
  EXPECT_TRUE(mentions(open_error(std::vector<std::byte>(4096)), "not an HDF5 file"));
  for (const char* name : {"basics_old.h5", "basics_new.h5"}) {
    SharedBytes whole = *map_file(folder + name);
    std::vector<std::byte> half(whole.bytes.begin(), whole.bytes.end() - 1);
    EXPECT_TRUE(mentions(open_error(half), cat("only ", half.size())));
  }
}

TEST(Hdf5, DetectsDamageByChecksums) {
  SharedBytes whole = *map_file(folder + "basics_new.h5");
  std::vector<std::byte> bytes(whole.bytes.begin(), whole.bytes.end());
  auto header = std::search(bytes.begin() + 8, bytes.end(), "OHDR", "OHDR" + 4,
                            [](std::byte a, char b) { return a == static_cast<std::byte>(b); });
  *(header + 12) ^= std::byte{1};
  EXPECT_TRUE(mentions(open_error(bytes), "does not match its checksum"));
}

/// A file with a small chunked dataset whose every extent becomes `extent`.
std::string error_with_extent(uint64_t extent) {
  SharedBytes whole = *map_file(folder + "chunks_old.h5");
  std::vector<std::byte> bytes(whole.bytes.begin(), whole.bytes.end());
  // The dataspace of "partial": version 1, rank 2, with largest extents, 9 by 9.
  const uint64_t shape[] = {9, 9, 9, 9};
  auto pattern = std::as_bytes(std::span(shape));
  auto found = std::search(bytes.begin(), bytes.end(), pattern.begin(), pattern.end());
  EXPECT_NE(found, bytes.end());
  const uint64_t changed[] = {extent, extent, extent, extent};
  std::memcpy(&*found, changed, sizeof changed);
  auto file = File::open(share(std::move(bytes)));
  auto dataset = (**file->root().member("partial")).dataset();
  return dataset ? "read" : dataset.error().text();
}

TEST(Hdf5, RefusesDatasetsThatTheFileCannotJustify) {
  EXPECT_EQ(error_with_extent(10), "read");
  EXPECT_TRUE(mentions(error_with_extent(100000), "compression bomb"));
  EXPECT_TRUE(mentions(error_with_extent(uint64_t{1} << 40), "too many elements"));
  EXPECT_TRUE(mentions(error_with_extent(uint64_t{1} << 60), "extent of"));
}

TEST(Hdf5, Lookup3GivesThePublishedValues) {
  EXPECT_EQ(lookup3({}), 0xdeadbeefu);
  std::string_view text = "Four score and seven years ago";
  EXPECT_EQ(lookup3(std::as_bytes(std::span<const char>(text))), 0x17770551u);
}

}  // namespace
}  // namespace wherry::keras::hdf5
