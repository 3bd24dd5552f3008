// Reads zip archives: the directory at the end, the header before each entry, the content.
#include "base/zip.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "base/byte_reader.h"
#include "base/checked.h"
#include "base/thread_pool.h"

namespace wherry {
namespace {

constexpr uint32_t local_signature = 0x04034b50, central_signature = 0x02014b50;
constexpr uint32_t end_signature = 0x06054b50;
constexpr uint32_t end64_signature = 0x06064b50, locator64_signature = 0x07064b50;
constexpr size_t end_size = 22, locator64_size = 20, end64_size = 56, local_size = 30;
constexpr uint16_t stored = 0, deflated = 8;
// Deflate cannot expand further than this.
constexpr uint64_t largest_ratio = 1032;
// What all deflated entries together may expand to: this much, or this many times the file.
constexpr uint64_t free_expansion = uint64_t{1} << 30, usual_ratio = 100;

struct Directory {
  uint64_t position = 0;  // in the given bytes
  uint64_t size = 0;
  uint64_t count = 0;
  uint64_t prefix = 0;  // bytes before the archive, to be added to every offset
  uint64_t end = 0;     // position of the end record
};

Error damaged(std::string what) {
  return Error{.code = ErrorCode::malformed,
               .message = cat("the zip archive is damaged: ", what),
               .advice = "copy or download the file again"};
}

Error damaged_entry(const ZipEntry& entry, std::string_view what) {
  return damaged(cat("entry ", quoted(entry.name), " ", what));
}

/// Where the end record begins, or npos: the last one whose comment ends with the file.
size_t find_end(std::span<const std::byte> bytes) {
  if (bytes.size() < end_size) return std::string::npos;
  size_t last = bytes.size() - end_size;
  size_t first = last > 0xffff ? last - 0xffff : 0;
  for (size_t at = last + 1; at-- > first;) {
    ByteReader reader(bytes.subspan(at));
    if (reader.u32() != end_signature) continue;
    reader.skip(16);
    if (reader.u16() == last - at) return at;
  }
  return std::string::npos;
}

/// Replaces what the end record says by the 64-bit record before it, when there is one.
Status read_end64(std::span<const std::byte> bytes, size_t& end, Directory& found,
                  uint64_t& offset) {
  if (end < locator64_size + end64_size) return {};
  ByteReader locator(bytes.subspan(end - locator64_size, locator64_size));
  if (locator.u32() != locator64_signature) return {};
  // The record stands right before its locator; the offset in the locator ignores any prefix.
  size_t at = end - locator64_size - end64_size;
  ByteReader record(bytes.subspan(at, end64_size));
  if (record.u32() != end64_signature) return damaged("its 64-bit directory record is missing");
  record.skip(8 + 2 + 2);
  if (record.u32() != 0 || record.u32() != 0) return damaged("it is spread over several files");
  record.skip(8);
  found.count = record.u64();
  found.size = record.u64();
  offset = record.u64();
  end = at;
  return {};
}

Expected<Directory> find_directory(std::span<const std::byte> bytes) {
  size_t end = find_end(bytes);
  ENSURE_CODE(ErrorCode::malformed, end != std::string::npos,
              "this is not a zip archive, or its end is missing");
  ByteReader reader(bytes.subspan(end + 4));
  Directory found{.end = end};
  uint16_t disk = reader.u16(), directory_disk = reader.u16(), entries_here = reader.u16();
  found.count = reader.u16();
  found.size = reader.u32();
  uint64_t offset = reader.u32();
  bool spread = disk != directory_disk || entries_here != found.count;
  TRY(read_end64(bytes, end, found, offset));
  if (spread) return damaged("it is spread over several files");
  if (found.size > end) return damaged("its directory is larger than the file");
  found.position = end - found.size;
  if (offset > found.position) return damaged("its directory lies outside the file");
  found.prefix = found.position - offset;
  return found;
}

/// Takes the 64-bit sizes and offset from the extra field where the 32-bit ones are all ones.
Status read_extra(ByteReader extra, ZipEntry& entry) {
  while (extra.remaining() >= 4) {
    uint16_t id = extra.u16();
    ByteReader field(extra.take(extra.u16()));
    if (id != 1) continue;
    if (entry.size == 0xffffffff) entry.size = field.u64();
    if (entry.stored_size == 0xffffffff) entry.stored_size = field.u64();
    if (entry.offset == 0xffffffff) entry.offset = field.u64();
    if (field.failed()) return damaged_entry(entry, "has an incomplete 64-bit size");
  }
  // Zip tools leave odd bytes behind the last field, so only a field that overruns is wrong.
  if (extra.failed()) return damaged_entry(entry, "has extra fields that overrun");
  return {};
}

Expected<ZipEntry> read_central(ByteReader& reader) {
  if (reader.u32() != central_signature) return damaged("a directory record is missing");
  reader.skip(4);
  ZipEntry entry;
  entry.flags = reader.u16();
  entry.method = reader.u16();
  reader.skip(4);
  entry.checksum = reader.u32();
  entry.stored_size = reader.u32();
  entry.size = reader.u32();
  uint16_t name_size = reader.u16(), extra_size = reader.u16(), comment_size = reader.u16();
  reader.skip(8);
  entry.offset = reader.u32();
  entry.name = reader.text(name_size);
  ByteReader extra(reader.take(extra_size));
  reader.skip(comment_size);
  if (reader.failed()) return damaged("its directory ends too early");
  TRY(read_extra(extra, entry));
  ENSURE_CODE(ErrorCode::malformed, is_safe_zip_name(entry.name),
              "the zip archive holds an entry with an unsafe name, ", quoted(entry.name));
  return entry;
}

/// Checks the header in front of the content, and moves `offset` from the one to the other.
Status find_content(std::span<const std::byte> bytes, const Directory& directory, ZipEntry& entry) {
  uint64_t header = 0;
  if (__builtin_add_overflow(entry.offset, directory.prefix, &header) ||
      !fits(header, local_size, directory.position))
    return damaged_entry(entry, "lies outside the file");
  ByteReader reader(bytes.subspan(header, directory.position - header));
  if (reader.u32() != local_signature) return damaged_entry(entry, "has no header");
  reader.skip(4);
  uint16_t method = reader.u16();
  reader.skip(16);
  uint16_t name_size = reader.u16(), extra_size = reader.u16();
  std::string_view name = reader.text(name_size);
  reader.skip(extra_size);
  if (reader.failed() || name != entry.name || method != entry.method)
    return damaged_entry(entry, "has a header that contradicts the directory");
  if (entry.stored_size > reader.remaining()) return damaged_entry(entry, "lies outside the file");
  if (entry.method == stored && entry.size != entry.stored_size)
    return damaged_entry(entry, "is stored, yet has two different sizes");
  entry.header = header;
  entry.offset = header + reader.position();
  return {};
}

Status refuse_overlap(const std::vector<ZipEntry>& entries) {
  std::vector<size_t> order(entries.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return entries[a].offset < entries[b].offset; });
  for (size_t i = 1; i < order.size(); ++i) {
    const ZipEntry &before = entries[order[i - 1]], &entry = entries[order[i]];
    // The header of the later one lies between the two contents.
    if (entry.offset < before.offset + before.stored_size + local_size + entry.name.size())
      return damaged_entry(entry, cat("overlaps ", quoted(before.name)));
  }
  return {};
}

Status refuse_bombs(const std::vector<ZipEntry>& entries, uint64_t archive_size) {
  uint64_t total = 0;
  for (const ZipEntry& entry : entries) {
    if (entry.method == stored) continue;
    ENSURE_CODE(ErrorCode::too_large, entry.size / largest_ratio <= entry.stored_size, "entry ",
                quoted(entry.name), " of the zip archive claims to expand from ", entry.stored_size,
                " to ", entry.size, " bytes, which deflate cannot do");
    if (__builtin_add_overflow(total, entry.size, &total)) total = UINT64_MAX;
  }
  ENSURE_CODE(ErrorCode::too_large, total <= free_expansion || total / usual_ratio <= archive_size,
              "the zip archive of ", human_bytes(archive_size), " would expand to ",
              human_bytes(total), ", which looks like a zip bomb");
  return {};
}

Status refuse_duplicates(const std::vector<ZipEntry>& entries) {
  std::vector<std::string_view> names;
  names.reserve(entries.size());
  for (const ZipEntry& entry : entries) names.push_back(entry.name);
  std::sort(names.begin(), names.end());
  auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) return damaged(cat("entry ", quoted(*twice), " is there twice"));
  return {};
}

Expected<std::vector<std::byte>> inflate_all(const ZipEntry& entry,
                                             std::span<const std::byte> source) {
  std::vector<std::byte> content(entry.size);
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return damaged_entry(entry, "cannot be expanded");
  // zlib counts in 32 bits, so large content goes through in portions.
  constexpr size_t portion = size_t{1} << 30;
  size_t taken = 0, given = 0;
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(source.data() + taken));
    stream.avail_in = static_cast<uInt>(std::min(portion, source.size() - taken));
    stream.next_out = reinterpret_cast<Bytef*>(content.data() + given);
    stream.avail_out = static_cast<uInt>(std::min(portion, content.size() - given));
    uInt in = stream.avail_in, out = stream.avail_out;
    state = inflate(&stream, Z_NO_FLUSH);
    taken += in - stream.avail_in;
    given += out - stream.avail_out;
    if (in == stream.avail_in && out == stream.avail_out) break;
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END || given != content.size())
    return damaged_entry(entry, "does not expand to the size it claims");
  return content;
}

uint32_t crc_of_piece(std::span<const std::byte> bytes) {
  return static_cast<uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// Large content in several pieces at once, since reading it is all there is to do meanwhile.
uint32_t crc_of(const SharedBytes& content) {
  constexpr size_t piece = size_t{16} << 20, most_threads = 4;
  const std::span<const std::byte> bytes = content.bytes;
  if (bytes.size() < 2 * piece) return crc_of_piece(bytes);
  std::vector<uint32_t> sums((bytes.size() + piece - 1) / piece);
  auto piece_at = [&](size_t i) {
    return bytes.subspan(i * piece, std::min(piece, bytes.size() - i * piece));
  };
  ThreadPool pool(std::min<size_t>(std::thread::hardware_concurrency(), most_threads));
  parallel_for(pool, sums.size(), [&](size_t i, size_t) {
    sums[i] = crc_of_piece(piece_at(i));
    drop_pages(content.owner, piece_at(i));
  });
  uLong sum = sums[0];
  for (size_t i = 1; i < sums.size(); ++i)
    sum = crc32_combine(sum, sums[i], static_cast<z_off_t>(piece_at(i).size()));
  return static_cast<uint32_t>(sum);
}

}  // namespace

bool is_safe_zip_name(std::string_view name) {
  if (name.empty() || name.find('\0') != std::string_view::npos) return false;
  if (name.size() >= 2 && name[1] == ':') return false;
  std::string normal(name);
  std::replace(normal.begin(), normal.end(), '\\', '/');
  if (normal[0] == '/') return false;
  for (std::string_view part : split(normal, '/')) {
    if (part == "..") return false;
  }
  return true;
}

bool ends_in_zip(std::span<const std::byte> bytes) { return find_end(bytes) != std::string::npos; }

Expected<ZipReader> ZipReader::open(SharedBytes archive) {
  std::span<const std::byte> bytes = archive.bytes;
  Directory directory = TRY(find_directory(bytes));
  ZipReader zip;
  ByteReader reader(bytes.subspan(directory.position, directory.size));
  for (uint64_t i = 0; i < directory.count; ++i) {
    ZipEntry entry = TRY(read_central(reader));
    TRY(find_content(bytes, directory, entry));
    zip.entries_.push_back(std::move(entry));
  }
  TRY(refuse_duplicates(zip.entries_));
  TRY(refuse_overlap(zip.entries_));
  TRY(refuse_bombs(zip.entries_, bytes.size()));
  zip.directory_ = directory.position;
  zip.end_ = directory.end;
  zip.archive_ = std::move(archive);
  return zip;
}

const ZipEntry* ZipReader::find(std::string_view name) const {
  for (const ZipEntry& entry : entries_) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

Expected<SharedBytes> ZipReader::read(const ZipEntry& entry) const {
  std::span<const std::byte> source = archive_.bytes.subspan(entry.offset, entry.stored_size);
  ENSURE_CODE(ErrorCode::unsupported, (entry.flags & 1) == 0, "entry ", quoted(entry.name),
              " of the zip archive is encrypted");
  ENSURE_CODE(ErrorCode::unsupported, entry.method == stored || entry.method == deflated, "entry ",
              quoted(entry.name), " of the zip archive is compressed with method ", entry.method,
              "; only stored and deflated entries can be read");
  SharedBytes content{archive_.owner, source};
  if (entry.method == deflated) content = share(TRY(inflate_all(entry, source)));
  if (crc_of(content) != entry.checksum) return damaged_entry(entry, "does not match its checksum");
  return content;
}

}  // namespace wherry
