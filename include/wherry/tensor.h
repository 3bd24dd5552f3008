// Element types and descriptions of tensors, as seen from outside.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wherry/v1.h"

namespace wherry::v1 {

/// Numbers are those of the .tflite format.
enum class ElementType : int8_t {
  float32 = 0,
  float16 = 1,
  int32 = 2,
  uint8 = 3,
  int64 = 4,
  string = 5,
  boolean = 6,
  int16 = 7,
  complex64 = 8,
  int8 = 9,
  float64 = 10,
  complex128 = 11,
  uint64 = 12,
  resource = 13,
  variant = 14,
  uint32 = 15,
  uint16 = 16,
  int4 = 17,
  bfloat16 = 18,
  int2 = 19,
  uint4 = 20,
  float8_e4m3 = 21,
  float8_e5m2 = 22,
};

/// "float32", "int8", "bool", "string" ...
std::string_view name_of(ElementType type);
/// Bits of one element: 4 for int4; 0 for strings and variants.
int bits_of(ElementType type);

/// real = (stored - zero_point) * scale. No scales: not quantised. One: for the whole tensor.
/// Several: one for each index along `axis`.
struct QuantizationInfo {
  std::vector<float> scales;
  std::vector<int64_t> zero_points;
  int axis = 0;
  std::string details;  ///< in words, where scales alone do not say it; empty otherwise
};

/// How a tensor is sparse in the file.
struct SparsityInfo {
  struct Dimension {
    bool compressed = false;
    int dense_size = 0;
    std::vector<int32_t> segments, indices;
  };
  std::vector<int32_t> traversal_order, block_map;
  std::vector<Dimension> dimensions;  ///< empty: a dense tensor
};

struct TensorInfo {
  int index = -1;  ///< in its graph
  std::string name;
  ElementType type = ElementType::float32;
  std::vector<int64_t> shape;            ///< 1 where the model leaves an extent open
  std::vector<int64_t> shape_signature;  ///< the same with -1 for open extents
  QuantizationInfo quantization;
  int64_t bytes = 0;         ///< of a dense tensor of this shape; strings: of the data held now
  int64_t stored_bytes = 0;  ///< of a constant in the file; 0: not a constant
  bool is_constant = false;
  bool is_variable = false;  ///< keeps its contents from one run to the next
  SparsityInfo sparsity;
};

/// The ElementType whose elements are stored as T; `variant` for any other T.
template <class T>
inline constexpr ElementType element_type_of = ElementType::variant;
template <>
inline constexpr ElementType element_type_of<float> = ElementType::float32;
template <>
inline constexpr ElementType element_type_of<double> = ElementType::float64;
template <>
inline constexpr ElementType element_type_of<bool> = ElementType::boolean;
template <>
inline constexpr ElementType element_type_of<int8_t> = ElementType::int8;
template <>
inline constexpr ElementType element_type_of<uint8_t> = ElementType::uint8;
template <>
inline constexpr ElementType element_type_of<int16_t> = ElementType::int16;
template <>
inline constexpr ElementType element_type_of<uint16_t> = ElementType::uint16;
template <>
inline constexpr ElementType element_type_of<int32_t> = ElementType::int32;
template <>
inline constexpr ElementType element_type_of<uint32_t> = ElementType::uint32;
template <>
inline constexpr ElementType element_type_of<int64_t> = ElementType::int64;
template <>
inline constexpr ElementType element_type_of<uint64_t> = ElementType::uint64;
template <>
inline constexpr ElementType element_type_of<std::complex<float>> = ElementType::complex64;
template <>
inline constexpr ElementType element_type_of<std::complex<double>> = ElementType::complex128;

}  // namespace wherry::v1
