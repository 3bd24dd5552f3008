// Finds equal constants by a hash of their bytes.
#include "tflite/blob_pool.h"

#include <cstring>

#include "base/mapped_file.h"

namespace wherry::tflite {
namespace {

uint64_t content_hash(std::span<const std::byte> bytes) {
  uint64_t hash = 0xcbf29ce484222325u ^ bytes.size();
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

}  // namespace

uint32_t BlobPool::index_of(const Constant& constant) {
  if (!constant || constant.bytes().empty()) return 0;
  auto& candidates = by_hash_[content_hash(constant.bytes())];
  drop_pages(constant.owner(), constant.bytes());
  for (uint32_t index : candidates) {
    if (blobs_[index - 1] == constant) return index;
  }
  blobs_.push_back(constant);
  candidates.push_back(static_cast<uint32_t>(blobs_.size()));
  return candidates.back();
}

}  // namespace wherry::tflite
