// Moves elements of any type (strings and packed sub-byte types too) from inputs into an output.
#pragma once

#include <string_view>

#include "ops/context.h"

namespace wherry {

/// Numbers and truths of at least a byte.
inline constexpr TypeSet whole_byte_types = one_of(
    DType::f32, DType::f16, DType::bf16, DType::f64, DType::i8, DType::u8, DType::i16, DType::u16,
    DType::i32, DType::u32, DType::i64, DType::u64, DType::boolean, DType::c64, DType::c128);

/// One axis of a box of elements: how many, and how far apart they lie on both sides, in elements.
/// Steps may be negative or 0.
struct CopyAxis {
  int64_t extent, from_step, to_step;
};

/// Distance in elements between neighbours along each axis of a dense tensor.
std::vector<int64_t> dense_steps(const Shape& shape);

/// Collects boxes copied into one output; strings and packed elements are staged and stored by
/// finish(). Offsets and boxes must lie inside the tensors: callers have checked them.
class ElementCopy {
 public:
  ElementCopy(Call& call, int output);

  /// Every element := element 0 of an input.
  Status fill_from(int input);
  /// Every element := its stored zero point when quantised, else 0 or the empty string.
  void fill_zero_point() { fill_number(call_.output(output_).type->zero_point()); }
  /// Every element := stored 0, or the empty string.
  void fill_zero() { fill_number(0); }
  /// A box of the input, from its element `from` on, to the output's element `to` on.
  Status copy(int input, std::span<const CopyAxis> axes, int64_t from = 0, int64_t to = 0);
  /// `count` neighbouring elements.
  Status copy_run(int input, int64_t from, int64_t to, int64_t count) {
    CopyAxis run{count, 1, 1};
    return copy(input, {&run, 1}, from, to);
  }
  /// Must be called once, after the last copy.
  Status finish();

 private:
  void fill_number(int32_t number);
  Status stage(int input);

  Call& call_;
  int output_;
  int staged_input_ = -1;
  std::vector<CopyAxis> merged_;
  std::vector<std::string_view> strings_, input_strings_;
  std::vector<int8_t> packed_, input_packed_;
  bool is_string_, is_packed_;
};

}  // namespace wherry
