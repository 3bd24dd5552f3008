// Names and sizes of element types.
#include "ir/dtype.h"

#include "base/checked.h"

namespace wherry {
namespace {

struct Row {
  std::string_view name, schema_name;
  int bits;
};
constexpr Row rows[dtype_count] = {{"f32", "FLOAT32", 32},      {"f16", "FLOAT16", 16},
                                   {"i32", "INT32", 32},        {"u8", "UINT8", 8},
                                   {"i64", "INT64", 64},        {"string", "STRING", 0},
                                   {"bool", "BOOL", 8},         {"i16", "INT16", 16},
                                   {"c64", "COMPLEX64", 64},    {"i8", "INT8", 8},
                                   {"f64", "FLOAT64", 64},      {"c128", "COMPLEX128", 128},
                                   {"u64", "UINT64", 64},       {"resource", "RESOURCE", 32},
                                   {"variant", "VARIANT", 0},   {"u32", "UINT32", 32},
                                   {"u16", "UINT16", 16},       {"i4", "INT4", 4},
                                   {"bf16", "BFLOAT16", 16},    {"i2", "INT2", 2},
                                   {"u4", "UINT4", 4},          {"f8e4m3", "FLOAT8_E4M3FN", 8},
                                   {"f8e5m2", "FLOAT8_E5M2", 8}};

const Row& row_of(DType dtype) { return rows[static_cast<int>(dtype)]; }

}  // namespace

std::string_view name_of(DType dtype) { return row_of(dtype).name; }
std::string_view schema_name_of(DType dtype) { return row_of(dtype).schema_name; }
int bits_of(DType dtype) { return row_of(dtype).bits; }

std::optional<DType> dtype_named(std::string_view short_name) {
  for (int i = 0; i < dtype_count; ++i) {
    if (rows[i].name == short_name) return static_cast<DType>(i);
  }
  return std::nullopt;
}

Expected<int64_t> byte_size(DType dtype, int64_t elements) {
  int64_t bits = TRY(checked_multiply(elements, bits_of(dtype)));
  int64_t bytes = bits / 8 + (bits % 8 != 0);
  ENSURE_CODE(ErrorCode::too_large, bytes <= max_bytes, "a tensor of ", elements, " ", dtype,
              " elements is too large");
  return bytes;
}

std::string names_of(TypeSet set) {
  std::string out;
  for (int i = 0; i < dtype_count; ++i) {
    if (!set.contains(static_cast<DType>(i))) continue;
    if (!out.empty()) out += ", ";
    out += rows[i].name;
  }
  return out;
}

}  // namespace wherry
