// Reads extensible arrays: the chunk index of datasets with one unlimited dimension.
//
// The first entries stand in the index block. The rest is spread over super blocks; super block s
// has 2^(s/2) data blocks of 2^((s+1)/2) times the smallest block size. The addresses of the first
// data blocks also stand in the index block; those of later ones in secondary blocks.
#include <bit>
#include <unordered_map>

#include "keras/reader/hdf5/chunk_index.h"

namespace wherry::keras::hdf5 {
namespace {

class ExtensibleArray {
 public:
  ExtensibleArray(Source& source, const ChunkedData& data) : source_(source), data_(data) {}

  Status open(uint64_t address) {
    uint64_t length = source_.length_size(), offset = source_.offset_size();
    ByteReader reader = TRY(source_.block(address, 12 + 6 * length + offset + 4, "EAHD"));
    reader.skip(2);
    entry_size_ = reader.u8();
    uint8_t index_bits = reader.u8();
    direct_entries_ = reader.u8();
    smallest_block_ = reader.u8();
    uint8_t smallest_pointers = reader.u8();
    page_entries_ = uint64_t{1} << (reader.u8() & 31);
    reader.skip(6 * length);
    uint64_t index_block = source_.read_offset(reader);
    if (reader.failed() || entry_size_ < offset || index_bits == 0 || index_bits > 64 ||
        !std::has_single_bit(smallest_block_) || !std::has_single_bit(smallest_pointers) ||
        std::bit_width(smallest_block_) > index_bits)
      return damaged("a chunk index has an impossible form");
    position_bytes_ = (index_bits + 7u) / 8;
    uint64_t super_blocks = 1 + index_bits - (std::bit_width(smallest_block_) - 1);
    direct_super_blocks_ = 2 * (std::bit_width(smallest_pointers) - 1u);
    if (direct_super_blocks_ > super_blocks) return damaged("a chunk index has an impossible form");
    if (source_.is_undefined(index_block)) return {};
    return read_index_block(index_block, 2 * (smallest_pointers - 1u),
                            super_blocks - direct_super_blocks_);
  }

  Expected<ArrayEntry> entry(uint64_t index) {
    constexpr uint64_t largest_index = uint64_t{1} << 62;
    if (!is_written_ || index > largest_index) return ArrayEntry{};
    if (index < direct_entries_) return decode(index_block_, index);
    index -= direct_entries_;
    uint64_t super_block = std::bit_width(index / smallest_block_ + 1) - 1;
    index -= ((uint64_t{1} << super_block) - 1) * smallest_block_;
    uint64_t block_entries = smallest_block_ << ((super_block + 1) / 2);
    uint64_t block = index / block_entries, within = index % block_entries;
    if (super_block < direct_super_blocks_) {
      // Super block s is preceded by the data blocks of all smaller ones.
      for (uint64_t s = 0; s < super_block; ++s) block += uint64_t{1} << (s / 2);
      if (block >= block_addresses_.size()) return damaged("a chunk index is too short");
      return from_block(block_addresses_[block], block_entries, within, nullptr, 0);
    }
    uint64_t place = super_block - direct_super_blocks_;
    if (place >= super_block_addresses_.size()) return ArrayEntry{};
    if (source_.is_undefined(super_block_addresses_[place])) return ArrayEntry{};
    const SuperBlock& found =
        *TRY(read_super_block(super_block_addresses_[place], super_block, block_entries));
    if (block >= found.addresses.size()) return damaged("a chunk index is too short");
    return from_block(found.addresses[block], block_entries, within, &found, block);
  }

 private:
  using Bytes = std::span<const std::byte>;
  struct SuperBlock {
    Bytes written_pages;
    std::vector<uint64_t> addresses;
  };

  Expected<ArrayEntry> decode(Bytes entries, uint64_t index) const {
    if (index >= entries.size() / entry_size_) return damaged("a chunk index is too short");
    ByteReader reader(entries.subspan(index * entry_size_, entry_size_));
    return decode_entry(source_, reader, entry_size_, data_);
  }

  Status read_index_block(uint64_t address, uint64_t blocks, uint64_t super_blocks) {
    uint64_t size = 6 + source_.offset_size() + direct_entries_ * entry_size_ +
                    (blocks + super_blocks) * source_.offset_size() + 4;
    ByteReader reader = TRY(source_.block(address, size, "EAIB"));
    reader.skip(2 + source_.offset_size());
    is_written_ = true;
    index_block_ = reader.take(direct_entries_ * entry_size_);
    for (uint64_t i = 0; i < blocks; ++i) block_addresses_.push_back(source_.read_offset(reader));
    for (uint64_t i = 0; i < super_blocks; ++i)
      super_block_addresses_.push_back(source_.read_offset(reader));
    if (reader.failed()) return damaged("a chunk index is too short");
    return {};
  }

  Expected<const SuperBlock*> read_super_block(uint64_t address, uint64_t super_block,
                                               uint64_t block_entries) {
    if (auto known = super_blocks_.find(address); known != super_blocks_.end())
      return &known->second;
    if (super_block > 80) return damaged("a chunk index is nested too deeply");
    uint64_t blocks = uint64_t{1} << (super_block / 2);
    uint64_t pages = block_entries > page_entries_ ? block_entries / page_entries_ : 0;
    uint64_t bitmap = blocks * ((pages + 7) / 8);
    if (blocks > source_.size() || bitmap > source_.size())
      return damaged("a chunk index is larger than the file");
    uint64_t size =
        6 + source_.offset_size() + position_bytes_ + bitmap + blocks * source_.offset_size() + 4;
    ByteReader reader = TRY(source_.block(address, size, "EASB"));
    reader.skip(2 + source_.offset_size() + position_bytes_);
    SuperBlock found;
    found.written_pages = reader.take(bitmap);
    for (uint64_t i = 0; i < blocks; ++i) found.addresses.push_back(source_.read_offset(reader));
    if (reader.failed()) return damaged("a chunk index is too short");
    return &super_blocks_.emplace(address, std::move(found)).first->second;
  }

  Expected<ArrayEntry> from_block(uint64_t address, uint64_t entries, uint64_t within,
                                  const SuperBlock* super_block, uint64_t block) {
    if (source_.is_undefined(address)) return ArrayEntry{};
    uint64_t head = 6 + source_.offset_size() + position_bytes_;
    if (entries <= page_entries_) return decode(TRY(array(address, head, entries, "EADB")), within);
    uint64_t page = within / page_entries_;
    if (!super_block || !is_page_written(*super_block, block * (entries / page_entries_) + page))
      return ArrayEntry{};
    uint64_t start = address + head + 4 + page * (page_entries_ * entry_size_ + 4);
    return decode(TRY(array(start, 0, page_entries_, "")), within % page_entries_);
  }

  static bool is_page_written(const SuperBlock& block, uint64_t page) {
    return page / 8 < block.written_pages.size() &&
           (static_cast<uint8_t>(block.written_pages[page / 8]) >> (7 - page % 8) & 1) != 0;
  }

  /// The entries of a data block or page, read once.
  Expected<Bytes> array(uint64_t address, uint64_t head, uint64_t entries,
                        std::string_view signature) {
    if (auto known = arrays_.find(address); known != arrays_.end()) return known->second;
    if (entries > source_.size()) return damaged("a chunk index is larger than the file");
    ByteReader reader = TRY(source_.block(address, head + entries * entry_size_ + 4, signature));
    reader.skip(head - signature.size());
    Bytes bytes = reader.take(entries * entry_size_);
    if (reader.failed()) return damaged("a chunk index is too short");
    arrays_.emplace(address, bytes);
    return bytes;
  }

  Source& source_;
  const ChunkedData& data_;
  uint64_t entry_size_ = 0, direct_entries_ = 0, smallest_block_ = 0, page_entries_ = 0;
  uint64_t position_bytes_ = 0, direct_super_blocks_ = 0;
  bool is_written_ = false;
  Bytes index_block_;
  std::vector<uint64_t> block_addresses_, super_block_addresses_;
  std::unordered_map<uint64_t, SuperBlock> super_blocks_;
  std::unordered_map<uint64_t, Bytes> arrays_;
};

}  // namespace

Expected<std::vector<ArrayEntry>> read_extensible_array(Source& source, const ChunkedData& data,
                                                        const std::vector<uint64_t>& indices) {
  ExtensibleArray array(source, data);
  TRY(array.open(data.layout.address));
  std::vector<ArrayEntry> entries;
  for (uint64_t index : indices) entries.push_back(TRY(array.entry(index)));
  return entries;
}

}  // namespace wherry::keras::hdf5
