// Bounded reading of FlatBuffers: no access leaves the file, whatever its offsets say.
#pragma once

#include <cstring>
#include <span>
#include <string_view>

#include "base/checked.h"

namespace wherry::tflite {

/// Name of the metadata that announces constants behind the FlatBuffer.
inline constexpr std::string_view buffer_location = "buffer_location";

/// The file, and the first problem met while reading it. Accessors return defaults after a problem,
/// so callers check ok() once per table.
class Wire {
 public:
  explicit Wire(std::span<const std::byte> bytes)
      : bytes_(bytes), budget_(bytes.size() * 8 + 65536) {}

  std::span<const std::byte> bytes() const { return bytes_; }
  bool ok() const { return problem_.empty(); }
  void fail(std::string_view problem) {
    if (problem_.empty()) problem_ = problem;
  }
  Status status() const {
    if (ok()) return {};
    return Error{.code = ErrorCode::malformed,
                 .message = cat("the file is damaged or cut off: ", problem_),
                 .received = cat("a file of ", bytes_.size(), " bytes"),
                 .advice = "copy or download the file again"};
  }
  /// Counts copied bytes: a small file may not name the same large vector a million times.
  bool spend(uint64_t bytes) {
    if (bytes > budget_) return fail("its parts overlap too often"), false;
    budget_ -= bytes;
    return true;
  }
  template <class T>
  T load(uint64_t position) {
    T value{};
    if (!fits(position, sizeof(T), bytes_.size()))
      return fail("an offset points outside the file"), value;
    std::memcpy(&value, bytes_.data() + position, sizeof(T));
    return value;
  }

 private:
  std::span<const std::byte> bytes_;
  uint64_t budget_;
  std::string problem_;
};

/// Elements of type T somewhere in the file, possibly unaligned.
template <class T>
class VectorView {
 public:
  VectorView() = default;
  VectorView(const std::byte* data, size_t size) : data_(data), size_(size) {}
  size_t size() const { return size_; }
  const std::byte* data() const { return data_; }
  T operator[](size_t i) const {
    T value;
    std::memcpy(&value, data_ + i * sizeof(T), sizeof(T));
    return value;
  }

 private:
  const std::byte* data_ = nullptr;
  size_t size_ = 0;
};

/// A table of the file, or no table: then every field has its default.
class TableView {
 public:
  TableView() = default;
  TableView(Wire& wire, uint64_t position) : wire_(&wire), position_(position) {
    int64_t vtable = static_cast<int64_t>(position) - wire.load<int32_t>(position);
    if (vtable < 0 || !wire.ok()) {
      drop("a table points outside the file");
      return;
    }
    vtable_ = static_cast<uint64_t>(vtable);
    vtable_bytes_ = wire.load<uint16_t>(vtable_);
    if (vtable_bytes_ < 4 || !fits(vtable_, vtable_bytes_, wire.bytes().size()))
      drop("a table has no valid field list");
  }

  explicit operator bool() const { return wire_ != nullptr; }
  Wire& wire() const { return *wire_; }

  bool has(int slot) const { return place_of(slot) != 0; }
  template <class T>
  T get(int slot, T absent = T{}) const {
    uint64_t place = place_of(slot);
    return place ? wire_->load<T>(place) : absent;
  }
  TableView table(int slot) const {
    uint64_t place = target_of(slot);
    return place ? TableView(*wire_, place) : TableView();
  }
  std::string_view text(int slot) const {
    auto view = vector<char>(slot);
    if (!view.size() || !wire_->spend(view.size())) return {};
    return {reinterpret_cast<const char*>(view.data()), view.size()};
  }
  /// Scalars in place; nothing is copied.
  template <class T>
  VectorView<T> vector(int slot) const {
    uint64_t place = target_of(slot);
    if (!place) return {};
    uint64_t count = wire_->load<uint32_t>(place);
    if (!fits(place + 4, count * sizeof(T), wire_->bytes().size()))
      return wire_->fail("a vector ends outside the file"), VectorView<T>();
    return {wire_->bytes().data() + place + 4, static_cast<size_t>(count)};
  }
  /// A copy of scalars, widened to To.
  template <class T, class To = T>
  std::vector<To> list(int slot) const {
    VectorView<T> view = vector<T>(slot);
    if (!view.size() || !wire_->spend(view.size() * sizeof(To))) return {};
    std::vector<To> result(view.size());
    for (size_t i = 0; i < result.size(); ++i) result[i] = static_cast<To>(view[i]);
    return result;
  }
  std::vector<TableView> tables(int slot) const {
    std::vector<TableView> result;
    VectorView<uint32_t> offsets = vector<uint32_t>(slot);
    if (!offsets.size() || !wire_->spend(offsets.size() * 8)) return result;
    uint64_t base = static_cast<uint64_t>(offsets.data() - wire_->bytes().data());
    for (size_t i = 0; i < offsets.size() && wire_->ok(); ++i)
      result.emplace_back(*wire_, base + 4 * i + offsets[i]);
    return result;
  }

 private:
  void drop(std::string_view problem) {
    wire_->fail(problem);
    vtable_bytes_ = 0;
  }
  uint64_t place_of(int slot) const {
    uint64_t entry = 4 + 2 * static_cast<uint64_t>(slot);
    if (!wire_ || entry + 2 > vtable_bytes_) return 0;
    uint16_t offset = wire_->load<uint16_t>(vtable_ + entry);
    return offset ? position_ + offset : 0;
  }
  uint64_t target_of(int slot) const {
    uint64_t place = place_of(slot);
    return place ? place + wire_->load<uint32_t>(place) : 0;
  }

  Wire* wire_ = nullptr;
  uint64_t position_ = 0, vtable_ = 0, vtable_bytes_ = 0;
};

}  // namespace wherry::tflite
