// Decodes datatype and dataspace messages.
#include "keras/reader/hdf5/datatype.h"

#include "base/checked.h"
#include "keras/reader/hdf5/source.h"

namespace wherry::keras::hdf5 {
namespace {

using Kind = Datatype::Kind;

enum class Class : uint8_t {
  integer = 0,
  real = 1,
  text = 3,
  opaque = 5,
  enumeration = 8,
  variable = 9,
};
constexpr std::string_view class_names[] = {
    "integer",  "float",     "time",        "string",          "bit field", "opaque",
    "compound", "reference", "enumeration", "variable-length", "array",     "complex"};
constexpr size_t largest_rank = 32;

struct Head {
  uint8_t version = 0;
  uint8_t type_class = 0;
  uint32_t bits = 0;
};

Head read_head(ByteReader& reader, Datatype& type) {
  uint8_t class_and_version = reader.u8();
  Head head{static_cast<uint8_t>(class_and_version >> 4),
            static_cast<uint8_t>(class_and_version & 15), 0};
  head.bits = static_cast<uint32_t>(reader.number(3));
  type.size = reader.u32();
  if (head.type_class < std::size(class_names)) type.name = class_names[head.type_class];
  return head;
}

void read_integer(ByteReader& reader, uint32_t bits, Datatype& type) {
  constexpr DType unsigned_types[] = {DType::u8, DType::u16, DType::u32, DType::u64};
  constexpr DType signed_types[] = {DType::i8, DType::i16, DType::i32, DType::i64};
  uint16_t offset = reader.u16(), precision = reader.u16();
  if (offset != 0 || precision != type.size * 8) return;
  type.big_endian = (bits & 1) != 0;
  for (size_t i = 0; i < 4; ++i) {
    if (type.size != uint32_t{1} << i) continue;
    type.kind = Kind::number;
    type.dtype = (bits & 8) != 0 ? signed_types[i] : unsigned_types[i];
  }
}

void read_real(ByteReader& reader, uint32_t bits, Datatype& type) {
  struct Form {
    uint32_t size;
    uint8_t exponent_bits, mantissa_bits;
    uint32_t bias;
    DType dtype;
  };
  constexpr Form forms[] = {{2, 5, 10, 15, DType::f16},
                            {2, 8, 7, 127, DType::bf16},
                            {4, 8, 23, 127, DType::f32},
                            {8, 11, 52, 1023, DType::f64}};
  reader.skip(4);
  uint8_t exponent_at = reader.u8(), exponent_bits = reader.u8();
  uint8_t mantissa_at = reader.u8(), mantissa_bits = reader.u8();
  uint32_t bias = reader.u32();
  type.big_endian = (bits & 1) != 0;
  bool vax = (bits & 0x40) != 0;
  for (const Form& form : forms) {
    if (vax || type.size != form.size || exponent_bits != form.exponent_bits ||
        mantissa_bits != form.mantissa_bits || bias != form.bias || mantissa_at != 0 ||
        exponent_at != form.mantissa_bits)
      continue;
    type.kind = Kind::number;
    type.dtype = form.dtype;
  }
}

/// h5py writes booleans as an enumeration of FALSE and TRUE over one byte.
Status read_enumeration(ByteReader& reader, const Head& head, Datatype& type) {
  Datatype base;
  Head base_head = read_head(reader, base);
  if (base_head.type_class != static_cast<uint8_t>(Class::integer)) return {};
  read_integer(reader, base_head.bits, base);
  if (base.kind != Kind::number || base.size != type.size) return {};
  std::string names;
  for (uint32_t i = 0; i < (head.bits & 0xffff) && !reader.failed() && names.size() < 16; ++i) {
    size_t start = reader.position();
    names += cat(reader.terminated_text(), ",");
    // Up to version 2 names are padded to multiples of eight bytes.
    if (head.version < 3) reader.skip((8 - (reader.position() - start) % 8) % 8);
  }
  type.kind = Kind::number;
  type.dtype = names == "FALSE,TRUE," && type.size == 1 ? DType::boolean : base.dtype;
  type.big_endian = base.big_endian;
  return {};
}

}  // namespace

Expected<Datatype> read_datatype(std::span<const std::byte> message) {
  ByteReader reader(message);
  Datatype type;
  Head head = read_head(reader, type);
  switch (static_cast<Class>(head.type_class)) {
    case Class::integer:
      read_integer(reader, head.bits, type);
      break;
    case Class::real:
      read_real(reader, head.bits, type);
      break;
    case Class::text:
      type.kind = Kind::text;
      type.padded_with_spaces = (head.bits & 15) == 2;
      break;
    case Class::opaque:
      type.kind = Kind::opaque;
      break;
    case Class::enumeration:
      TRY(read_enumeration(reader, head, type));
      break;
    case Class::variable:
      if ((head.bits & 15) == 1) type.kind = Kind::variable_text;
      break;
    default:
      break;
  }
  if (reader.failed()) return damaged("a datatype message is too short");
  return type;
}

Expected<uint64_t> Dataspace::elements() const {
  if (is_null) return uint64_t{0};
  uint64_t count = 1;
  for (uint64_t extent : extents) {
    ENSURE_CODE(ErrorCode::too_large, extent <= static_cast<uint64_t>(max_bytes),
                "a dataset of the HDF5 file has an extent of ", extent);
    // An empty dataset may have other extents whose product overflows: refused as well.
    ENSURE_CODE(
        ErrorCode::too_large,
        !__builtin_mul_overflow(count, extent, &count) && count <= static_cast<uint64_t>(max_bytes),
        "a dataset of the HDF5 file has too many elements: ", extents);
  }
  return count;
}

Expected<Dataspace> read_dataspace(std::span<const std::byte> message, uint8_t length_size) {
  ByteReader reader(message);
  uint8_t version = reader.u8(), rank = reader.u8(), flags = reader.u8();
  ENSURE_CODE(ErrorCode::unsupported, version == 1 || version == 2,
              "the HDF5 file has a dataspace of version ", version);
  Dataspace space;
  space.is_null = reader.u8() == 2 && version == 2;
  if (version == 1) reader.skip(4);
  if (rank > largest_rank) return damaged(cat("a dataspace has ", rank, " dimensions"));
  for (int i = 0; i < rank; ++i) space.extents.push_back(reader.number(length_size));
  space.max_extents = space.extents;
  for (int i = 0; i < rank && (flags & 1) != 0; ++i) {
    uint64_t extent = reader.number(length_size);
    bool all_ones = extent == UINT64_MAX >> (8 * (8 - length_size));
    space.max_extents[i] = all_ones ? Dataspace::unlimited : extent;
    if (extent < space.extents[i]) return damaged("a dataset is larger than its largest size");
  }
  if (reader.failed()) return damaged("a dataspace message is too short");
  return space;
}

}  // namespace wherry::keras::hdf5
