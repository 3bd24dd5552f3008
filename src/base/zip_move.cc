// Cuts an archive out of a file and adapts its offsets to another place.
#include <algorithm>
#include <cstring>

#include "base/checked.h"
#include "base/zip.h"

namespace wherry {
namespace {

constexpr size_t central_size = 46;

template <class T>
T number_at(std::span<const std::byte> bytes, uint64_t position) {
  T value;
  std::memcpy(&value, bytes.data() + position, sizeof value);
  return value;
}

/// Replaces a 32-bit offset of the archive.
Status set_offset(std::vector<std::byte>& archive, uint64_t position, uint64_t offset) {
  bool is_small = number_at<uint32_t>(archive, position) != 0xffffffff && offset < 0xffffffff;
  ENSURE_CODE(ErrorCode::unsupported, is_small, "a zip archive with 64-bit offsets is not moved");
  uint32_t value = static_cast<uint32_t>(offset);
  std::memcpy(archive.data() + position, &value, sizeof value);
  return {};
}

}  // namespace

Expected<std::vector<std::byte>> ZipReader::moved_to(uint64_t start) const {
  uint64_t first = directory_;
  for (const ZipEntry& entry : entries_) first = std::min(first, entry.header);
  std::span<const std::byte> bytes = archive_.bytes.subspan(first);
  std::vector<std::byte> moved(bytes.begin(), bytes.end());
  uint64_t record = directory_ - first;
  for (const ZipEntry& entry : entries_) {
    TRY(set_offset(moved, record + 42, entry.header - first + start));
    uint64_t size = central_size;
    for (uint64_t field : {28, 30, 32})  // the sizes of name, extra fields and comment
      size += number_at<uint16_t>(bytes, record + field);
    record += size;
  }
  ENSURE_CODE(ErrorCode::unsupported, record == end_ - first,
              "a zip archive with 64-bit records is not moved");
  TRY(set_offset(moved, end_ - first + 16, directory_ - first + start));
  return moved;
}

}  // namespace wherry
