// CAST: numbers of one type as numbers of another. Floats are cut off towards zero and saturate,
// NaN becomes the highest integer, integers wrap, complex numbers lose their imaginary part.
#include "ops/quantization/cast.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "ir/truth.h"
#include "ops/context.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field cast_fields[] = {field<&Cast::in_data_type>("in_data_type", 0),
                                 field<&Cast::out_data_type>("out_data_type", 1)};

constexpr TypeSet packed_types = one_of(DType::i4, DType::u4, DType::i2);
constexpr TypeSet cast_types = packed_types | float_types |
                               one_of(DType::i8, DType::u8, DType::i16, DType::u16, DType::i32,
                                      DType::u32, DType::i64, DType::boolean, DType::c64);
constexpr TypeSet real_types = float_types | one_of(DType::c64);

Status infer_cast(InferContext& context) {
  return context.set_output(0, context.declared(0).dtype, context.shape(0));
}

template <class T>
T from_real(double x) {
  if constexpr (std::is_same_v<T, Truth>) {
    return x != 0;
  } else if constexpr (std::is_integral_v<T>) {
    using Limits = std::numeric_limits<T>;
    if (!(x < std::ldexp(1.0, Limits::digits))) return Limits::max();  // NaN too
    return x <= static_cast<double>(Limits::lowest()) ? Limits::lowest() : static_cast<T>(x);
  } else if constexpr (std::is_same_v<T, double>) {
    return x;
  } else {
    return T(static_cast<float>(x));
  }
}

template <class T>
T from_integer(int64_t x) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(x);
  else if constexpr (std::is_same_v<T, double>)
    return static_cast<double>(x);
  else
    return T(static_cast<float>(x));
}

template <class T, class Wide>
Wide widened(T x) {
  if constexpr (std::is_same_v<T, std::complex<float>>)
    return static_cast<Wide>(x.real());
  else if constexpr (std::is_integral_v<T>)
    return static_cast<Wide>(x);
  else
    return static_cast<Wide>(static_cast<double>(x));
}

/// Elements pass in blocks through double or int64, so that there is one loop per type and side.
constexpr size_t block = 256;
template <class Wide>
using Read = void (*)(const TensorView& x, size_t first, std::span<Wide> to);
template <class Wide>
using Write = void (*)(std::span<const Wide> from, const TensorView& y, size_t first);

template <class T, class Wide>
void read(const TensorView& x, size_t first, std::span<Wide> to) {
  for (size_t i = 0; i < to.size(); ++i) to[i] = widened<T, Wide>(x.as<const T>()[first + i]);
}

template <class T, class Wide>
void write(std::span<const Wide> from, const TensorView& y, size_t first) {
  for (size_t i = 0; i < from.size(); ++i) {
    if constexpr (std::is_same_v<Wide, double>)
      y.as<T>()[first + i] = from_real<T>(from[i]);
    else
      y.as<T>()[first + i] = from_integer<T>(from[i]);
  }
}

template <class Wide>
void convert(const TensorView& x, const TensorView& y, Read<Wide> read_block) {
  Write<Wide> write_block = nullptr;
  for_type<float, half, bfloat16, double, int8_t, uint8_t, int16_t, uint16_t, int32_t, uint32_t,
           int64_t, Truth, std::complex<float>>(y.dtype(),
                                                [&]<class T>() { write_block = write<T, Wide>; });
  std::array<Wide, block> buffer;
  size_t count = static_cast<size_t>(y.elements());
  for (size_t first = 0; first < count; first += block) {
    std::span<Wide> part(buffer.data(), std::min(block, count - first));
    read_block(x, first, part);
    write_block(part, y, first);
  }
}

/// Between types of 8 bits and more.
void cast_wide(const TensorView& x, const TensorView& y) {
  if (real_types.contains(x.dtype())) {
    Read<double> read_block = nullptr;
    for_type<float, half, bfloat16, double, std::complex<float>>(
        x.dtype(), [&]<class T>() { read_block = read<T, double>; });
    convert(x, y, read_block);
    return;
  }
  Read<int64_t> read_block = nullptr;
  for_type<int8_t, uint8_t, int16_t, uint16_t, int32_t, uint32_t, int64_t, Truth>(
      x.dtype(), [&]<class T>() { read_block = read<T, int64_t>; });
  convert(x, y, read_block);
}

/// Floats saturate at the bounds of packed types, too.
void clamp_packed(std::span<int8_t> elements, DType dtype) {
  const auto low = static_cast<int8_t>(dtype == DType::i4 ? -8 : dtype == DType::u4 ? 0 : -2);
  const auto high = static_cast<int8_t>(dtype == DType::i4 ? 7 : dtype == DType::u4 ? 15 : 1);
  for (int8_t& element : elements) element = std::min(std::max(element, low), high);
}

Status reference(Call& call) {
  TensorView x = call.input(0), y = call.output(0);
  if (x.dtype() == y.dtype()) {
    std::copy_n(x.data, y.bytes, y.data);
    return {};
  }
  std::vector<int8_t> unpacked, to_pack;
  TensorType x_bytes{DType::i8, x.shape(), {}, {}}, y_bytes{DType::i8, y.shape(), {}, {}};
  if (packed_types.contains(x.dtype())) {
    unpacked = unpack_sub_byte(x);
    x = {&x_bytes, reinterpret_cast<std::byte*>(unpacked.data()), unpacked.size()};
  }
  if (!packed_types.contains(y.dtype())) {
    cast_wide(x, y);
    return {};
  }
  to_pack.resize(static_cast<size_t>(y.elements()));
  cast_wide(x, {&y_bytes, reinterpret_cast<std::byte*>(to_pack.data()), to_pack.size()});
  if (real_types.contains(call.dtype(0))) clamp_packed(to_pack, y.dtype());
  pack_sub_byte(to_pack, y);
  return {};
}

}  // namespace

constinit const AttributesType cast_attributes = attributes_type<Cast>(cast_fields, 37);

constinit const OpDef cast = {.name = "CAST",
                              .code = 53,
                              .attributes = &cast_attributes,
                              .inputs = {{"x", cast_types}},
                              .outputs = {{"y", cast_types}},
                              .versions = {{1, "1.5.0"},
                                           {2, "2.7.0", DType::u32},
                                           {3, "2.8.0", DType::i8},
                                           {4, "2.9.0", DType::u16},
                                           {5, "2.12.0", one_of(DType::f64, DType::f16)},
                                           {6, "2.15.0", DType::i4},
                                           {7, "2.17.0", DType::bf16},
                                           {8, "2.21.0", one_of(DType::i2, DType::u4)}},
                              .infer = infer_cast,
                              .reference = reference,
                              .doc = "the elements of x as another type"};

OpTable cast_ops() { return op_table(cast); }

}  // namespace wherry::op
