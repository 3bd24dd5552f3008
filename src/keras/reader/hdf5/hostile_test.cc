// Damages HDF5 files at random, with fixed seeds: whatever comes out, nothing may crash or hang.
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "keras/reader/hdf5/walk_test.h"

namespace wherry::keras::hdf5 {
namespace {

const std::string folder = WHERRY_SOURCE_DIR "/tests/data/hdf5/";
using Bytes = std::vector<std::byte>;

Bytes content(const std::string& name) {
  SharedBytes file = *map_file(folder + name);
  return {file.bytes.begin(), file.bytes.end()};
}

/// Reads all there is to read; the number of lines, so that the work cannot be optimised away.
size_t touch(Bytes bytes, Checksums checksums) {
  auto file = File::open(share(std::move(bytes)), checksums);
  return file ? walk(*file, 500).size() : 0;
}

/// WHERRY_FUZZ_ROUNDS: how many times the usual number of damaged files, for a longer search.
int rounds() {
  const char* text = std::getenv("WHERRY_FUZZ_ROUNDS");
  int64_t factor = 1;
  if (text) parse_number(text, factor);
  return static_cast<int>(400 * factor);
}

void damage(Bytes& bytes, std::mt19937& random) {
  size_t at = random() % bytes.size();
  switch (random() % 4) {
    case 0:
      bytes[at] ^= static_cast<std::byte>(1 << random() % 8);
      break;
    case 1:
      bytes[at] = random() % 2 ? std::byte{0xff} : std::byte{0};
      break;
    case 2: {
      const uint64_t values[] = {0,
                                 1,
                                 7,
                                 0xffffffff,
                                 UINT64_MAX,
                                 UINT64_MAX - 9,
                                 bytes.size(),
                                 random() % bytes.size(),
                                 uint64_t{1} << (random() % 64)};
      uint64_t value = values[random() % std::size(values)];
      size_t width = size_t{1} << random() % 4;
      std::memcpy(&bytes[at], &value, std::min(width, bytes.size() - at));
      break;
    }
    default: {
      size_t from = random() % bytes.size(), size = 1 + random() % 64;
      size = std::min({size, bytes.size() - at, bytes.size() - from});
      std::memmove(&bytes[at], &bytes[from], size);
    }
  }
}

class Hostile : public testing::TestWithParam<const char*> {};

TEST_P(Hostile, DamagedFilesNeverCrash) {
  Bytes whole = content(GetParam());
  ASSERT_GT(touch(whole, Checksums::ignored), 1u);
  std::mt19937 random(7);
  for (int round = 0; round < rounds(); ++round) {
    Bytes bytes = whole;
    for (size_t i = 1 + random() % 6; i > 0; --i) damage(bytes, random);
    touch(std::move(bytes), Checksums::ignored);
  }
}

TEST_P(Hostile, TruncatedFilesAreRefused) {
  Bytes whole = content(GetParam());
  for (size_t size = 0; size < whole.size(); size += 13)
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
