// The checksums of HDF5 blocks and chunks.
#include "keras/reader/hdf5/checksum.h"

#include <bit>

#include "base/byte_reader.h"

namespace wherry::keras::hdf5 {
namespace {

struct Words {
  uint32_t a, b, c;
};

void mix(Words& w) {
  w.a -= w.c, w.a ^= std::rotl(w.c, 4), w.c += w.b;
  w.b -= w.a, w.b ^= std::rotl(w.a, 6), w.a += w.c;
  w.c -= w.b, w.c ^= std::rotl(w.b, 8), w.b += w.a;
  w.a -= w.c, w.a ^= std::rotl(w.c, 16), w.c += w.b;
  w.b -= w.a, w.b ^= std::rotl(w.a, 19), w.a += w.c;
  w.c -= w.b, w.c ^= std::rotl(w.b, 4), w.b += w.a;
}

void finish(Words& w) {
  w.c ^= w.b, w.c -= std::rotl(w.b, 14);
  w.a ^= w.c, w.a -= std::rotl(w.c, 11);
  w.b ^= w.a, w.b -= std::rotl(w.a, 25);
  w.c ^= w.b, w.c -= std::rotl(w.b, 16);
  w.a ^= w.c, w.a -= std::rotl(w.c, 4);
  w.b ^= w.a, w.b -= std::rotl(w.a, 14);
  w.c ^= w.b, w.c -= std::rotl(w.b, 24);
}

/// The next four bytes, or as many as are left, without the bookkeeping of a ByteReader.
uint32_t next_word(std::span<const std::byte>& rest) {
  uint32_t word = 0;
  size_t size = rest.size() < 4 ? rest.size() : 4;
  for (size_t i = 0; i < size; ++i) word |= static_cast<uint32_t>(rest[i]) << (8 * i);
  rest = rest.subspan(size);
  return word;
}

}  // namespace

uint32_t lookup3(std::span<const std::byte> bytes) {
  uint32_t start = 0xdeadbeef + static_cast<uint32_t>(bytes.size());
  Words w{start, start, start};
  if (bytes.empty()) return w.c;
  while (true) {
    bool last = bytes.size() <= 12;
    w.a += next_word(bytes), w.b += next_word(bytes), w.c += next_word(bytes);
    if (last) break;
    mix(w);
  }
  finish(w);
  return w.c;
}

uint32_t fletcher32(std::span<const std::byte> bytes) {
  // Folding carries back in, not %, decides between the two zeros of these sums: 0 and 65535.
  auto fold = [](uint32_t sum) { return (sum & 0xffff) + (sum >> 16); };
  uint32_t first = 0, second = 0;
  for (size_t i = 0; i < bytes.size(); i += 2) {
    uint32_t low = i + 1 < bytes.size() ? static_cast<uint32_t>(bytes[i + 1]) : 0;
    first = fold(first + (static_cast<uint32_t>(bytes[i]) << 8 | low));
    second = fold(second + first);
  }
  return second << 16 | first;
}

}  // namespace wherry::keras::hdf5
