// Keeps the buffers that came back, no more than were lent at the same time.
#include "base/buffer_pool.h"

#include <algorithm>
#include <new>
#include <optional>
#include <utility>

#include "base/large_pages.h"

namespace wherry {
namespace {

bool is_smaller(const AlignedBuffer& a, const AlignedBuffer& b) { return a.size() < b.size(); }

/// The smallest that is large enough. Where none is, the largest makes room for a new one.
std::optional<AlignedBuffer> taken_from(std::vector<AlignedBuffer>& buffers, size_t size_bytes) {
  auto smallest = buffers.end();
  for (auto place = buffers.begin(); place != buffers.end(); ++place) {
    bool fits = place->size() >= size_bytes;
    if (fits && (smallest == buffers.end() || is_smaller(*place, *smallest))) smallest = place;
  }
  std::optional<AlignedBuffer> result;
  if (smallest != buffers.end()) result = std::move(*smallest);
  if (smallest == buffers.end())
    smallest = std::max_element(buffers.begin(), buffers.end(), is_smaller);
  if (smallest != buffers.end()) buffers.erase(smallest);
  return result;
}

AlignedBuffer new_buffer(size_t size_bytes) {
  AlignedBuffer buffer(size_bytes);
  if (!buffer) throw std::bad_alloc();
  prefer_large_pages({buffer.data(), buffer.size()});
  return buffer;
}

}  // namespace

std::shared_ptr<const AlignedBuffer> BufferPool::lend(size_t size_bytes) const {
  std::optional<AlignedBuffer> found;
  {
    std::lock_guard lock(shelf_->mutex);
    found = taken_from(shelf_->buffers, size_bytes);
  }
  if (!found) found = new_buffer(size_bytes);
  auto* lent = new AlignedBuffer(std::move(*found));
  return {lent, [shelf = shelf_](AlignedBuffer* returned) {
            {
              std::lock_guard lock(shelf->mutex);
              shelf->buffers.push_back(std::move(*returned));
            }
            delete returned;
          }};
}

}  // namespace wherry
