// Finds equal constants by a hash of some of their bytes, and of all where that does not decide.
#include "ir/blob_pool.h"

#include <cstring>

namespace wherry {
namespace {

constexpr size_t glance_bytes = 256, glances = 4;

uint64_t hash_on(uint64_t hash, std::span<const std::byte> bytes) {
  size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, bytes.data() + i, 8);
    hash = (hash ^ word) * 0x100000001b3u;
    hash ^= hash >> 29;
  }
  for (; i < bytes.size(); ++i)
    hash = (hash ^ std::to_integer<uint64_t>(bytes[i])) * 0x100000001b3u;
  return hash;
}

uint64_t content_hash(std::span<const std::byte> bytes) {
  return hash_on(0xcbf29ce484222325u ^ bytes.size(), bytes);
}

/// Of places all over the bytes: weights are many and rarely equal, and need not be read for that.
uint64_t glance_hash(std::span<const std::byte> bytes) {
  if (bytes.size() <= glance_bytes * glances) return content_hash(bytes);
  uint64_t hash = 0xcbf29ce484222325u ^ bytes.size();
  size_t step = (bytes.size() - glance_bytes) / (glances - 1);
  for (size_t i = 0; i < glances; ++i) hash = hash_on(hash, bytes.subspan(i * step, glance_bytes));
  return hash;
}

uint64_t whole_hash(const Constant& constant) {
  uint64_t hash = constant.hash(content_hash);
  constant.drop_pages();
  return hash;
}

}  // namespace

uint32_t BlobPool::add(const Constant& constant) {
  blobs_.push_back(constant);
  return static_cast<uint32_t>(blobs_.size());
}

uint32_t BlobPool::index_of(const Constant& constant) {
  if (!constant || constant.size() == 0) return 0;
  uint64_t glance = constant.hash(glance_hash);
  constant.drop_pages();
  auto [place, is_new] = by_glance_.try_emplace(glance);
  Lookalikes& alike = place->second;
  if (is_new) return alike.only.emplace(add(constant));
  if (alike.only) {
    alike.by_content[whole_hash(blobs_[*alike.only - 1])].push_back(*alike.only);
    alike.only.reset();
  }
  auto& candidates = alike.by_content[whole_hash(constant)];
  for (uint32_t index : candidates) {
    if (blobs_[index - 1] == constant) return index;
  }
  candidates.push_back(add(constant));
  return candidates.back();
}

}  // namespace wherry
