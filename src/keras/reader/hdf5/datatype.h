// Datatypes and dataspaces: what the elements of a dataset or an attribute are, and how many.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"
#include "base/error.h"
#include "ir/dtype.h"

namespace wherry::keras::hdf5 {

struct Datatype {
  enum class Kind : uint8_t {
    number,         ///< integer, floating point or boolean: see `dtype`
    text,           ///< of a fixed size
    variable_text,  ///< kept in the global heap
    opaque,         ///< bytes without meaning
    other,          ///< anything else: `name` says what
  };
  Kind kind = Kind::other;
  uint32_t size = 0;  ///< of one element, in bytes
  DType dtype = DType::u8;
  bool big_endian = false;
  bool padded_with_spaces = false;
  std::string_view name = "unknown";  ///< of the class, for messages
};

/// Decodes a datatype message. A type that cannot be used is Kind::other, not an error.
Expected<Datatype> read_datatype(std::span<const std::byte> message);

struct Dataspace {
  static constexpr uint64_t unlimited = UINT64_MAX;
  bool is_null = false;               ///< no elements at all, whatever the extents
  std::vector<uint64_t> extents;      ///< empty for a scalar
  std::vector<uint64_t> max_extents;  ///< as many; `unlimited` is possible

  /// The number of elements, or an error when it overflows.
  Expected<uint64_t> elements() const;
};

/// Decodes a dataspace message whose extents take `length_size` bytes each.
Expected<Dataspace> read_dataspace(std::span<const std::byte> message, uint8_t length_size);

}  // namespace wherry::keras::hdf5
