// Reads little-endian fields from untrusted bytes: past the end it yields zeros and remembers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace wherry {

/// A cursor whose failure is sticky: read a whole record, then ask failed() once.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  /// The next `size` (0 to 8) bytes as an unsigned number.
  uint64_t number(size_t size) {
    uint64_t value = 0;
    std::span<const std::byte> field = take(size);
    for (size_t i = field.size(); i-- > 0;) value = value << 8 | static_cast<uint8_t>(field[i]);
    return value;
  }
  uint8_t u8() { return static_cast<uint8_t>(number(1)); }
  uint16_t u16() { return static_cast<uint16_t>(number(2)); }
  uint32_t u32() { return static_cast<uint32_t>(number(4)); }
  uint64_t u64() { return number(8); }

  /// The next `size` bytes; empty when there are fewer.
  std::span<const std::byte> take(uint64_t size) {
    if (failed_ || size > bytes_.size() - position_) {
      failed_ = true;
      position_ = bytes_.size();  // so that loops over what remains come to an end
      return {};
    }
    std::span<const std::byte> taken = bytes_.subspan(position_, static_cast<size_t>(size));
    position_ += taken.size();
    return taken;
  }
  std::string_view text(uint64_t size) {
    std::span<const std::byte> taken = take(size);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }
  /// The text before the next NUL, which is passed; fails without a NUL.
  std::string_view terminated_text() {
    size_t length = 0;
    while (position_ + length < bytes_.size() && bytes_[position_ + length] != std::byte{0})
      ++length;
    std::string_view found = text(length);
    skip(1);
    return failed_ ? std::string_view{} : found;
  }
  void skip(uint64_t size) { take(size); }

  size_t position() const { return position_; }
  size_t remaining() const { return bytes_.size() - position_; }
  bool failed() const { return failed_; }

 private:
  std::span<const std::byte> bytes_;
  size_t position_ = 0;
  bool failed_ = false;
};

/// All of `bytes` as text.
inline std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace wherry
