// Writes zip archives of stored entries, with 64-bit fields where they are needed.
#include <zlib.h>

#include <algorithm>
#include <utility>

#include "base/zip.h"

namespace wherry {
namespace {

constexpr uint16_t version_plain = 20, version_zip64 = 45;
constexpr uint16_t utf8_names = 0x800;
constexpr uint16_t earliest_date = 0x21;  // 1 January 1980, where DOS time begins
constexpr uint16_t zip64_extra = 1, padding_extra = 0xd935;
constexpr size_t local_size = 30, extra_header = 4, local_zip64_size = 16;

void put(std::vector<std::byte>& out, uint64_t value, int size) {
  for (int i = 0; i < size; ++i) out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

void put_text(std::vector<std::byte>& out, std::string_view text) {
  for (char c : text) out.push_back(static_cast<std::byte>(c));
}

/// Fields that stand in both headers of an entry, up to the two sizes.
void put_start(std::vector<std::byte>& out, const ZipEntry& entry, bool zip64) {
  put(out, zip64 ? version_zip64 : version_plain, 2);
  put(out, entry.flags, 2);
  put(out, entry.method, 2);
  put(out, 0, 2);
  put(out, earliest_date, 2);
  put(out, entry.checksum, 4);
  put(out, zip64 ? 0xffffffff : entry.size, 4);
  put(out, zip64 ? 0xffffffff : entry.size, 4);
  put(out, entry.name.size(), 2);
}

/// Bytes of padding so that what follows `position` is aligned; 0 or enough for an extra field.
size_t padding_before(uint64_t position, uint32_t alignment) {
  size_t gap = static_cast<size_t>(-position & (alignment - 1));
  while (gap != 0 && gap < extra_header) gap += alignment;
  return gap;
}

void put_local(std::vector<std::byte>& out, const ZipEntry& entry, bool zip64, uint32_t alignment) {
  size_t own_extra = zip64 ? extra_header + local_zip64_size : 0;
  size_t gap = padding_before(entry.offset + local_size + entry.name.size() + own_extra, alignment);
  put(out, 0x04034b50, 4);
  put_start(out, entry, zip64);
  put(out, own_extra + gap, 2);
  put_text(out, entry.name);
  if (zip64) {
    put(out, zip64_extra, 2);
    put(out, local_zip64_size, 2);
    put(out, entry.size, 8);
    put(out, entry.size, 8);
  }
  if (gap == 0) return;
  put(out, padding_extra, 2);
  put(out, gap - extra_header, 2);
  out.resize(out.size() + gap - extra_header);
}

void put_central(std::vector<std::byte>& out, const ZipEntry& entry, uint64_t zip64_from) {
  bool zip64 = entry.size >= zip64_from || entry.offset >= zip64_from;
  put(out, 0x02014b50, 4);
  put(out, zip64 ? version_zip64 : version_plain, 2);
  put_start(out, entry, zip64);
  put(out, zip64 ? extra_header + 24 : 0, 2);
  put(out, 0, 2 + 2 + 2);  // comment, disk, internal attributes
  put(out, 0, 4);          // external attributes
  put(out, zip64 ? 0xffffffff : entry.offset, 4);
  put_text(out, entry.name);
  if (!zip64) return;
  put(out, zip64_extra, 2);
  put(out, 24, 2);
  put(out, entry.size, 8);
  put(out, entry.size, 8);
  put(out, entry.offset, 8);
}

void put_end64(std::vector<std::byte>& out, uint64_t start, uint64_t size, uint64_t count) {
  uint64_t at = out.size();
  put(out, 0x06064b50, 4);
  put(out, 44, 8);
  put(out, version_zip64, 2);
  put(out, version_zip64, 2);
  put(out, 0, 8);
  put(out, count, 8);
  put(out, count, 8);
  put(out, size, 8);
  put(out, start, 8);
  put(out, 0x07064b50, 4);
  put(out, 0, 4);
  put(out, at, 8);
  put(out, 1, 4);
}

}  // namespace

Status ZipWriter::add(std::string_view name, std::span<const std::byte> content,
                      uint32_t alignment) {
  CHECK(alignment != 0 && (alignment & (alignment - 1)) == 0 && alignment <= 4096);
  ENSURE_CODE(ErrorCode::usage, is_safe_zip_name(name) && name.size() <= 0xffff, quoted(name),
              " cannot be the name of a zip entry");
  for (const ZipEntry& entry : entries_)
    ENSURE_CODE(ErrorCode::usage, entry.name != name, "the zip archive already has an entry ",
                quoted(name));
  ZipEntry entry{.name = std::string(name), .flags = utf8_names, .size = content.size()};
  entry.stored_size = content.size();
  entry.offset = bytes_.size();
  entry.checksum = static_cast<uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()));
  put_local(bytes_, entry, entry.size >= zip64_from_, alignment);
  bytes_.insert(bytes_.end(), content.begin(), content.end());
  entries_.push_back(std::move(entry));
  return {};
}

std::vector<std::byte> ZipWriter::finish() {
  uint64_t start = bytes_.size(), count = entries_.size();
  for (const ZipEntry& entry : entries_) put_central(bytes_, entry, zip64_from_);
  uint64_t size = bytes_.size() - start;
  bool zip64 = start >= zip64_from_ || size >= zip64_from_ || count >= 0xffff;
  if (zip64) put_end64(bytes_, start, size, count);
  put(bytes_, 0x06054b50, 4);
  put(bytes_, 0, 4);
  put(bytes_, zip64 ? 0xffff : count, 2);
  put(bytes_, zip64 ? 0xffff : count, 2);
  put(bytes_, zip64 ? 0xffffffff : size, 4);
  put(bytes_, zip64 ? 0xffffffff : start, 4);
  put(bytes_, 0, 2);
  entries_.clear();
  return std::exchange(bytes_, {});
}

}  // namespace wherry
