// Names and sizes of public element types.
#include "wherry/tensor.h"

#include "ir/dtype.h"

namespace wherry {
namespace v1 {
namespace {

constexpr std::string_view names[] = {
    "float32",  "float16",  "int32",     "uint8",       "int64",      "string",
    "bool",     "int16",    "complex64", "int8",        "float64",    "complex128",
    "uint64",   "resource", "variant",   "uint32",      "uint16",     "int4",
    "bfloat16", "int2",     "uint4",     "float8_e4m3", "float8_e5m2"};
static_assert(std::size(names) == dtype_count);
static_assert(static_cast<int>(ElementType::float8_e5m2) == static_cast<int>(DType::f8e5m2));
static_assert(static_cast<int>(ElementType::bfloat16) == static_cast<int>(DType::bf16));

}  // namespace

std::string_view name_of(ElementType type) { return names[static_cast<size_t>(type)]; }

int bits_of(ElementType type) { return wherry::bits_of(static_cast<DType>(type)); }

}  // namespace v1
}  // namespace wherry
