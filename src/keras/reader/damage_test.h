// Damages bytes at random for tests that want an error or a result, never a crash.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

#include "base/text.h"

namespace wherry::keras {

using Bytes = std::vector<std::byte>;

/// `usual`, times WHERRY_FUZZ_ROUNDS when that is set, for a longer search.
inline int fuzz_rounds(int usual) {
  const char* text = std::getenv("WHERRY_FUZZ_ROUNDS");
  int64_t factor = 1;
  if (text) parse_number(text, factor);
  return static_cast<int>(usual * factor);
}

/// Flips a bit, overwrites a byte or a number, or copies a piece from elsewhere.
inline void damage(Bytes& bytes, std::mt19937& random) {
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

/// Calls `touch` with copies of `whole` that have one to six such faults each.
template <class Touch>
void touch_damaged(const Bytes& whole, int rounds, Touch&& touch) {
  std::mt19937 random(7);
  for (int round = 0; round < rounds; ++round) {
    Bytes bytes = whole;
    for (size_t i = 1 + random() % 6; i > 0; --i) damage(bytes, random);
    touch(std::move(bytes));
  }
}

}  // namespace wherry::keras
