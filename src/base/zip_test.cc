// Tests of the zip reader and writer, against files of Python's zipfile and damaged archives.
#include "base/zip.h"

#include <gtest/gtest.h>

#include <cstring>

#include "base/byte_reader.h"

namespace wherry {
namespace {

using Bytes = std::vector<std::byte>;

const std::string data = WHERRY_SOURCE_DIR "/tests/data/zip/";

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

ZipReader opened(const std::string& name) {
  auto zip = ZipReader::open(*map_file(data + name));
  if (!zip) ADD_FAILURE() << zip.error().text();
  return zip ? *zip : ZipReader();
}

std::string content(const ZipReader& zip, std::string_view name) {
  const ZipEntry* entry = zip.find(name);
  if (!entry) return "no such entry";
  auto bytes = zip.read(*entry);
  return bytes ? std::string(as_text(bytes->bytes)) : bytes.error().text();
}

std::string error_of(Bytes archive, std::string_view read = {}) {
  auto zip = ZipReader::open(share(std::move(archive)));
  if (!zip) return zip.error().text();
  if (read.empty() || !zip->find(read)) return "opened";
  auto bytes = zip->read(*zip->find(read));
  return bytes ? "read" : bytes.error().text();
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

Bytes two_entries() {
  ZipWriter writer;
  EXPECT_TRUE(writer.add("one.bin", bytes_of("0123456789"), 64));
  EXPECT_TRUE(writer.add("two.txt", bytes_of("second")));
  return writer.finish();
}

/// Where the n-th record with this signature begins.
size_t record(const Bytes& archive, uint32_t signature, int n = 0) {
  for (size_t i = 0; i + 4 <= archive.size(); ++i) {
    ByteReader reader(std::span<const std::byte>(archive).subspan(i));
    if (reader.u32() == signature && n-- == 0) return i;
  }
  ADD_FAILURE() << "no such record";
  return 0;
}

void patch(Bytes& archive, size_t at, uint64_t value, int size) {
  for (int i = 0; i < size; ++i) archive[at + i] = static_cast<std::byte>(value >> (8 * i));
}

TEST(ZipReader, ReadsDeflatedAndStoredEntriesBeforeAComment) {
  ZipReader zip = opened("deflated.zip");
  EXPECT_EQ(zip.entries().size(), 2u);
  EXPECT_EQ(content(zip, "assets/text.txt").size(), 880u);
  EXPECT_TRUE(mentions(content(zip, "assets/text.txt"), "quick brown fox"));
  EXPECT_EQ(content(zip, "small.bin").size(), 16u);
  EXPECT_EQ(zip.find("small"), nullptr);
}

TEST(ZipReader, ReadsZip64Sizes) {
  ZipReader zip = opened("zip64.zip");
  EXPECT_EQ(content(zip, "forced.txt").size(), 880u);
  EXPECT_EQ(content(zip, "stored.bin").size(), 16u);
}

TEST(ZipReader, AcceptsBytesBeforeTheArchive) {
  EXPECT_EQ(content(opened("behind_a_prefix.bin"), "labels.txt"), "cat\ndog\n");
  EXPECT_EQ(content(opened("prefix_unknown_to_offsets.bin"), "assets/text.txt").size(), 880u);
  EXPECT_TRUE(ends_in_zip(map_file(data + "behind_a_prefix.bin")->bytes));
  EXPECT_FALSE(ends_in_zip(bytes_of("no archive at all, but longer than an end record")));
}

TEST(ZipReader, StoredEntriesAreViewsIntoTheArchive) {
  SharedBytes archive = share(two_entries());
  auto zip = ZipReader::open(archive);
  ASSERT_TRUE(zip);
  auto bytes = zip->read(*zip->find("one.bin"));
  ASSERT_TRUE(bytes);
  EXPECT_GT(bytes->bytes.data(), archive.bytes.data());
  EXPECT_LT(bytes->bytes.data(), archive.bytes.data() + archive.bytes.size());
}

TEST(ZipReader, RefusesOtherCompression) {
  EXPECT_TRUE(mentions(content(opened("bzip2.zip"), "text.txt"), "compressed with method 12"));
}

TEST(ZipReader, RefusesWhatIsNoArchive) {
  EXPECT_TRUE(mentions(error_of({}), "not a zip archive"));
  EXPECT_TRUE(mentions(error_of(Bytes(1000)), "not a zip archive"));
}

TEST(ZipReader, DetectsChangedContent) {
  Bytes archive = two_entries();
  archive[record(archive, 0x02014b50) - 1] ^= std::byte{1};
  EXPECT_TRUE(mentions(error_of(archive, "two.txt"), "'two.txt' does not match its checksum"));
}

TEST(ZipReader, ChecksLargeContentInPieces) {
  std::vector<std::byte> content((size_t{32} << 20) + 12'345);
  for (size_t i = 0; i < content.size(); i += 509) content[i] = static_cast<std::byte>(i >> 9);
  ZipWriter writer;
  ASSERT_TRUE(writer.add("large", content));
  std::vector<std::byte> archive = writer.finish();
  EXPECT_EQ(error_of(archive, "large"), "read");
  archive[archive.size() / 2] ^= std::byte{1};
  EXPECT_TRUE(mentions(error_of(archive, "large"), "'large' does not match its checksum"));
}

TEST(ZipReader, RefusesUnsafeNames) {
  for (std::string_view name :
       {"/etc/x", "../xxx", "a/../..", "c:\\xxxx", "\\x\\xxx", "a\\..\\x"}) {
    std::string same_size = "seven77";
    same_size.resize(name.size(), '7');
    ZipWriter writer;
    ASSERT_TRUE(writer.add(same_size, bytes_of("x")));
    Bytes archive = writer.finish();
    std::memcpy(&archive[record(archive, 0x02014b50) + 46], name.data(), name.size());
    EXPECT_TRUE(mentions(error_of(archive), "unsafe name")) << name;
  }
  EXPECT_TRUE(is_safe_zip_name("layers/a..b/x"));
  EXPECT_FALSE(is_safe_zip_name(std::string_view("a\0b", 3)));
}

TEST(ZipReader, RefusesEntriesOutsideTheFile) {
  Bytes archive = two_entries();
  patch(archive, record(archive, 0x02014b50, 1) + 42, 0x7fffffff, 4);
  EXPECT_TRUE(mentions(error_of(archive), "'two.txt' lies outside the file"));
  archive = two_entries();
  for (size_t at : {20, 24}) patch(archive, record(archive, 0x02014b50, 1) + at, 100000, 4);
  EXPECT_TRUE(mentions(error_of(archive), "'two.txt' lies outside the file"));
}

TEST(ZipReader, RefusesOverlappingAndRepeatedEntries) {
  Bytes archive = two_entries();
  for (size_t at : {20, 24}) patch(archive, record(archive, 0x02014b50) + at, 40, 4);
  EXPECT_TRUE(mentions(error_of(archive), "'two.txt' overlaps 'one.bin'"));
  archive = two_entries();
  for (uint32_t signature : {0x04034b50, 0x02014b50}) {
    size_t name = signature == 0x04034b50 ? 30 : 46;
    std::memcpy(&archive[record(archive, signature, 1) + name], "one.bin", 7);
  }
  EXPECT_TRUE(mentions(error_of(archive), "'one.bin' is there twice"));
}

TEST(ZipReader, RefusesBombs) {
  SharedBytes file = *map_file(data + "deflated.zip");
  Bytes archive(file.bytes.begin(), file.bytes.end());
  patch(archive, record(archive, 0x02014b50) + 24, 0x10000000, 4);
  EXPECT_TRUE(mentions(error_of(archive), "which deflate cannot do"));
  patch(archive, record(archive, 0x02014b50) + 24, 881, 4);
  EXPECT_TRUE(mentions(error_of(archive, "assets/text.txt"), "does not expand to the size"));
}

TEST(ZipReader, SurvivesTruncationAndFlippedBits) {
  SharedBytes file = *map_file(data + "zip64.zip");
  for (size_t size = 0; size < file.bytes.size(); ++size)
    EXPECT_NE(error_of(Bytes(file.bytes.begin(), file.bytes.begin() + size)), "opened") << size;
  for (size_t bit = 0; bit < file.bytes.size() * 8; ++bit) {
    Bytes archive(file.bytes.begin(), file.bytes.end());
    archive[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    error_of(archive, "forced.txt");
  }
}

TEST(ZipWriter, AlignsContentOnRequest) {
  for (uint32_t alignment : {1u, 4u, 64u, 4096u}) {
    ZipWriter writer;
    for (std::string name : {"a", "bcd", "efghijklm"})
      ASSERT_TRUE(writer.add(name, bytes_of("some content"), alignment));
    auto zip = ZipReader::open(share(writer.finish()));
    ASSERT_TRUE(zip);
    for (const ZipEntry& entry : zip->entries()) EXPECT_EQ(entry.offset % alignment, 0u);
    EXPECT_EQ(content(*zip, "efghijklm"), "some content");
  }
}

TEST(ZipWriter, WritesZip64FieldsThatTheReaderTakes) {
  ZipWriter writer(10);
  ASSERT_TRUE(writer.add("small", bytes_of("tiny"), 64));
  ASSERT_TRUE(writer.add("large", bytes_of("longer than ten bytes"), 64));
  auto zip = ZipReader::open(share(writer.finish()));
  ASSERT_TRUE(zip) << zip.error().text();
  EXPECT_EQ(content(*zip, "small"), "tiny");
  EXPECT_EQ(content(*zip, "large"), "longer than ten bytes");
}

TEST(ZipWriter, SameEntriesGiveSameBytes) { EXPECT_EQ(two_entries(), two_entries()); }

TEST(ZipWriter, RefusesTakenAndUnsafeNames) {
  ZipWriter writer;
  ASSERT_TRUE(writer.add("a", {}));
  EXPECT_TRUE(mentions(writer.add("a", {}).error().text(), "already has an entry 'a'"));
  EXPECT_TRUE(mentions(writer.add("../a", {}).error().text(), "cannot be the name"));
}

TEST(ByteReader, FailsStickilyAtTheEnd) {
  ByteReader reader(bytes_of("abcdef"));
  EXPECT_EQ(reader.u32(), 0x64636261u);
  EXPECT_EQ(reader.u32(), 0u);
  EXPECT_TRUE(reader.failed());
  EXPECT_EQ(reader.u8(), 0u);
}

}  // namespace
}  // namespace wherry
