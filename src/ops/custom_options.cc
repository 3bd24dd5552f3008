// Reads FlexBuffer maps from untrusted bytes; every offset is checked against the buffer.
#include "ops/custom_options.h"

#include <bit>

#include "base/half.h"

namespace wherry {
namespace {

using Kind = CustomOptions::Kind;

/// FlexBuffer types by number; those in between are vectors of a fixed length.
enum FlexType : uint8_t {
  flex_int = 1,
  flex_uint = 2,
  flex_float = 3,
  flex_key = 4,
  flex_string = 5,
  flex_indirect_int = 6,
  flex_indirect_float = 8,
  flex_map = 9,
  flex_vector = 10,
  flex_vector_int = 11,
  flex_vector_float = 13,
  flex_vector_int2 = 16,
  flex_vector_float4 = 24,
  flex_bool = 26,
  flex_vector_bool = 36,
};

/// A value: where it stands, in how many bytes, and what it is.
struct Value {
  size_t at;
  size_t width;
  uint8_t type;         ///< FlexType
  size_t target_width;  ///< bytes per element of what an offset leads to
};

class Reader {
 public:
  Reader(std::span<const uint8_t> bytes, std::string_view op) : bytes_(bytes), op_(op) {}

  Expected<std::vector<CustomOptions::Entry>> entries() const {
    Value root = TRY(root_value());
    ENSURE_CODE(ErrorCode::malformed, root.type == flex_map, "the options of ", op_,
                " must be a FlexBuffer map, got type ", static_cast<int>(root.type));
    size_t map = TRY(follow(root)), width = root.target_width;
    size_t count = TRY(count_before(map, width));
    size_t keys_field = TRY(step_back(map, 3 * width));
    size_t keys = TRY(follow({keys_field, width, flex_vector, 1}));
    size_t keys_width = static_cast<size_t>(TRY(unsigned_at(map - 2 * width, width)));
    std::vector<CustomOptions::Entry> result;
    for (size_t i = 0; i < count; ++i) {
      uint8_t packed = TRY(byte_at(map + count * width + i));
      CustomOptions::Entry entry = TRY(read(
          {map + i * width, width, static_cast<uint8_t>(packed >> 2), size_t{1} << (packed & 3)}));
      entry.name = TRY(terminated(TRY(follow({keys + i * keys_width, keys_width, flex_key, 1}))));
      result.push_back(std::move(entry));
    }
    return result;
  }

 private:
  Error damaged() const {
    return {.code = ErrorCode::malformed, .message = cat("the options of ", op_, " are damaged")};
  }

  Expected<uint8_t> byte_at(size_t at) const {
    if (at >= bytes_.size()) return damaged();
    return bytes_[at];
  }
  Expected<uint64_t> unsigned_at(size_t at, size_t width) const {
    bool is_width = width == 1 || width == 2 || width == 4 || width == 8;
    if (!is_width || at > bytes_.size() || width > bytes_.size() - at) return damaged();
    uint64_t value = 0;
    for (size_t i = width; i-- > 0;) value = value << 8 | bytes_[at + i];
    return value;
  }
  Expected<int64_t> signed_at(size_t at, size_t width) const {
    int unused = static_cast<int>(64 - 8 * width);
    return static_cast<int64_t>(TRY(unsigned_at(at, width)) << unused) >> unused;
  }
  Expected<double> float_at(size_t at, size_t width) const {
    uint64_t bits = TRY(unsigned_at(at, width));
    if (width == 8) return std::bit_cast<double>(bits);
    if (width == 4) return double{std::bit_cast<float>(static_cast<uint32_t>(bits))};
    if (width == 2) return double{half_to_float(static_cast<uint16_t>(bits))};
    return damaged();
  }
  Expected<size_t> step_back(size_t at, size_t distance) const {
    if (distance > at) return damaged();
    return at - distance;
  }
  /// Offsets count backwards from where they stand.
  Expected<size_t> follow(const Value& value) const {
    uint64_t offset = TRY(unsigned_at(value.at, value.width));
    return step_back(value.at, static_cast<size_t>(offset));
  }
  Expected<size_t> count_before(size_t at, size_t width) const {
    uint64_t count = TRY(unsigned_at(TRY(step_back(at, width)), width));
    if (count > bytes_.size() / width) return damaged();
    return static_cast<size_t>(count);
  }

  Expected<Value> root_value() const {
    if (bytes_.size() < 3) return damaged();
    size_t width = bytes_[bytes_.size() - 1];
    uint8_t packed = bytes_[bytes_.size() - 2];
    size_t at = TRY(step_back(bytes_.size() - 2, width));
    return Value{at, width, static_cast<uint8_t>(packed >> 2), size_t{1} << (packed & 3)};
  }

  Expected<std::string> terminated(size_t at) const {
    std::string result;
    for (uint8_t c = TRY(byte_at(at)); c != 0; c = TRY(byte_at(++at)))
      result += static_cast<char>(c);
    return result;
  }

  /// Adds one number of the given type: int, uint, float or bool.
  Status add_number(CustomOptions::Entry& entry, uint8_t type, size_t at, size_t width) const {
    if (type == flex_float) {
      entry.reals.push_back(TRY(float_at(at, width)));
      entry.integers.push_back(0);
      return {};
    }
    int64_t value = type == flex_int ? TRY(signed_at(at, width))
                                     : static_cast<int64_t>(TRY(unsigned_at(at, width)));
    entry.integers.push_back(value);
    entry.reals.push_back(static_cast<double>(value));
    return {};
  }

  Expected<CustomOptions::Entry> numbers(const Value& value, uint8_t type, size_t count) const {
    CustomOptions::Entry entry;
    entry.kind = type == 0 ? Kind::other : Kind::list;
    size_t first = TRY(follow(value)), width = value.target_width;
    for (size_t i = 0; i < count && type != 0; ++i)
      TRY(add_number(entry, type, first + i * width, width));
    return entry;
  }

  /// A vector whose elements bring their own types; a list only when all of them are numbers.
  Expected<CustomOptions::Entry> mixed(const Value& value) const {
    CustomOptions::Entry entry;
    entry.kind = Kind::list;
    size_t first = TRY(follow(value)), width = value.target_width;
    size_t count = TRY(count_before(first, width));
    for (size_t i = 0; i < count; ++i) {
      uint8_t type = static_cast<uint8_t>(TRY(byte_at(first + count * width + i)) >> 2);
      bool is_number = (type >= flex_int && type <= flex_float) || type == flex_bool;
      if (!is_number) return CustomOptions::Entry{};
      TRY(add_number(entry, type, first + i * width, width));
    }
    return entry;
  }

  Expected<CustomOptions::Entry> scalar(const Value& value) const {
    CustomOptions::Entry entry;
    bool indirect = value.type >= flex_indirect_int && value.type <= flex_indirect_float;
    uint8_t type = indirect ? static_cast<uint8_t>(value.type - 5) : value.type;
    entry.kind = type == flex_bool    ? Kind::boolean
                 : type == flex_float ? Kind::real
                                      : Kind::integer;
    size_t at = indirect ? TRY(follow(value)) : value.at;
    TRY(add_number(entry, type, at, indirect ? value.target_width : value.width));
    return entry;
  }

  Expected<CustomOptions::Entry> string(const Value& value) const {
    CustomOptions::Entry entry;
    entry.kind = Kind::text;
    size_t first = TRY(follow(value));
    if (value.type == flex_key) {
      entry.text = TRY(terminated(first));
      return entry;
    }
    size_t count = TRY(count_before(first, value.target_width));
    if (count > bytes_.size() - first) return damaged();
    entry.text.assign(reinterpret_cast<const char*>(bytes_.data()) + first, count);
    return entry;
  }

  Expected<CustomOptions::Entry> read(const Value& value) const {
    uint8_t type = value.type;
    if ((type >= flex_int && type <= flex_float) || type == flex_bool ||
        (type >= flex_indirect_int && type <= flex_indirect_float))
      return scalar(value);
    if (type == flex_key || type == flex_string) return string(value);
    if (type == flex_vector) return mixed(value);
    if ((type >= flex_vector_int && type <= flex_vector_float) || type == flex_vector_bool) {
      size_t count = TRY(count_before(TRY(follow(value)), value.target_width));
      uint8_t element = type == flex_vector_bool ? static_cast<uint8_t>(flex_bool)
                                                 : static_cast<uint8_t>(type - 10);
      return numbers(value, element, count);
    }
    if (type >= flex_vector_int2 && type <= flex_vector_float4) {
      int index = type - flex_vector_int2;
      return numbers(value, static_cast<uint8_t>(1 + index % 3),
                     static_cast<size_t>(2 + index / 3));
    }
    return CustomOptions::Entry{};
  }

  std::span<const uint8_t> bytes_;
  std::string_view op_;
};

}  // namespace

Expected<CustomOptions> CustomOptions::read(std::span<const uint8_t> bytes, std::string_view op) {
  CustomOptions result;
  result.op_ = op;
  if (!bytes.empty()) result.entries_ = TRY(Reader(bytes, op).entries());
  return result;
}

const CustomOptions::Entry* CustomOptions::find(std::string_view name) const {
  for (const Entry& entry : entries_) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

Expected<const CustomOptions::Entry*> CustomOptions::get(std::string_view name) const {
  const Entry* entry = find(name);
  ENSURE(entry, op_, " needs the option ", quoted(name));
  return entry;
}

Expected<int64_t> CustomOptions::integer(std::string_view name) const {
  const Entry* entry = TRY(get(name));
  ENSURE(entry->kind == Kind::integer || entry->kind == Kind::boolean, "the option ", quoted(name),
         " of ", op_, " must be a whole number");
  return entry->integers[0];
}

Expected<double> CustomOptions::real(std::string_view name) const {
  const Entry* entry = TRY(get(name));
  ENSURE(entry->kind == Kind::integer || entry->kind == Kind::real, "the option ", quoted(name),
         " of ", op_, " must be a number");
  return entry->reals[0];
}

Expected<bool> CustomOptions::boolean(std::string_view name) const {
  return TRY(integer(name)) != 0;
}

Expected<std::string> CustomOptions::text(std::string_view name) const {
  const Entry* entry = TRY(get(name));
  ENSURE(entry->kind == Kind::text, "the option ", quoted(name), " of ", op_, " must be a text");
  return entry->text;
}

Expected<std::vector<int64_t>> CustomOptions::integers(std::string_view name) const {
  const Entry* entry = TRY(get(name));
  ENSURE(entry->kind == Kind::list, "the option ", quoted(name), " of ", op_,
         " must be a list of whole numbers");
  return entry->integers;
}

Expected<int64_t> CustomOptions::integer(std::string_view name, int64_t fallback) const {
  if (!has(name)) return fallback;
  return integer(name);
}
Expected<double> CustomOptions::real(std::string_view name, double fallback) const {
  if (!has(name)) return fallback;
  return real(name);
}
Expected<bool> CustomOptions::boolean(std::string_view name, bool fallback) const {
  if (!has(name)) return fallback;
  return boolean(name);
}

}  // namespace wherry
