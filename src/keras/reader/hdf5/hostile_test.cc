// Damages HDF5 files at random, with fixed seeds: whatever comes out, nothing may crash or hang.
#include <gtest/gtest.h>

#include "keras/reader/damage_test.h"
#include "keras/reader/hdf5/walk_test.h"

namespace wherry::keras::hdf5 {
namespace {

Bytes content(const std::string& name) {
  SharedBytes file = *map_file(WHERRY_SOURCE_DIR "/tests/data/hdf5/" + name);
  return {file.bytes.begin(), file.bytes.end()};
}

/// Reads all there is to read; the number of lines, so that the work cannot be optimised away.
size_t touch(Bytes bytes, Checksums checksums) {
  auto file = File::open(share(std::move(bytes)), checksums);
  return file ? walk(*file, 500).size() : 0;
}

class Hostile : public testing::TestWithParam<const char*> {};

TEST_P(Hostile, DamagedFilesNeverCrash) {
  Bytes whole = content(GetParam());
  ASSERT_GT(touch(whole, Checksums::ignored), 1u);
  // A dataset of 140,000 chunks takes its time.
  bool slow = std::string_view(GetParam()) == "pages.h5";
  touch_damaged(whole, fuzz_rounds(slow ? 5 : 100),
                [](Bytes bytes) { touch(std::move(bytes), Checksums::ignored); });
}

TEST_P(Hostile, TruncatedFilesAreRefused) {
  Bytes whole = content(GetParam());
  for (size_t size = 0; size < whole.size(); size += 97)
    EXPECT_EQ(
        touch(Bytes(whole.begin(), whole.begin() + static_cast<long>(size)), Checksums::verified),
        0u)
        << size;
}

INSTANTIATE_TEST_SUITE_P(Hdf5, Hostile,
                         testing::Values("basics_old.h5", "basics_new.h5", "crowds_old.h5",
                                         "crowds_new.h5", "chunks_old.h5", "chunks_new.h5",
                                         "pages.h5", "refused.h5"),
                         [](const auto& info) {
                           std::string name = info.param;
                           return name.substr(0, name.find('.'));
                         });

}  // namespace
}  // namespace wherry::keras::hdf5
