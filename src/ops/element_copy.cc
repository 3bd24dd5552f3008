// Copies boxes of elements by element width.
#include "ops/element_copy.h"

#include <algorithm>

namespace wherry {
namespace {

template <class T>
void copy_box(const T* from, T* to, std::span<const CopyAxis> axes) {
  if (axes.empty()) {
    *to = *from;
    return;
  }
  const CopyAxis axis = axes[0];
  if (axes.size() > 1) {
    for (int64_t i = 0; i < axis.extent; ++i)
      copy_box(from + i * axis.from_step, to + i * axis.to_step, axes.subspan(1));
  } else if (axis.from_step == 1 && axis.to_step == 1) {
    std::copy_n(from, axis.extent, to);
  } else {
    for (int64_t i = 0; i < axis.extent; ++i) to[i * axis.to_step] = from[i * axis.from_step];
  }
}

/// The same box in `merged`, with fewer axes where neighbours can be walked as one; false when it
/// has no elements.
bool merge(std::span<const CopyAxis> axes, std::vector<CopyAxis>& merged) {
  merged.clear();
  for (const CopyAxis& axis : axes) {
    if (axis.extent == 0) return false;
    if (axis.extent == 1) continue;
    bool joins = !merged.empty() && merged.back().from_step == axis.from_step * axis.extent &&
                 merged.back().to_step == axis.to_step * axis.extent;
    if (joins)
      merged.back() = {merged.back().extent * axis.extent, axis.from_step, axis.to_step};
    else
      merged.push_back(axis);
  }
  return true;
}

}  // namespace

std::vector<int64_t> dense_steps(const Shape& shape) {
  std::vector<int64_t> steps(static_cast<size_t>(shape.rank()));
  for (int axis = 0; axis < shape.rank(); ++axis)
    steps[static_cast<size_t>(axis)] = shape.product(axis + 1, shape.rank());
  return steps;
}

ElementCopy::ElementCopy(Call& call, int output) : call_(call), output_(output) {
  const TensorView& view = call.output(output);
  is_string_ = view.dtype() == DType::string;
  is_packed_ = !is_string_ && bits_of(view.dtype()) < 8;
  if (is_string_) strings_.resize(static_cast<size_t>(view.elements()));
  if (is_packed_) packed_.resize(static_cast<size_t>(view.elements()));
}

Status ElementCopy::stage(int input) {
  if (staged_input_ == input) return {};
  if (is_string_) input_strings_ = TRY(strings_of(call_.input(input)));
  if (is_packed_) input_packed_ = unpack_sub_byte(call_.input(input));
  staged_input_ = input;
  return {};
}

Status ElementCopy::fill_from(int input) {
  CopyAxis all{call_.output(output_).elements(), 0, 1};
  return copy(input, {&all, 1});
}

void ElementCopy::fill_number(int32_t number) {
  const TensorView& output = call_.output(output_);
  if (is_packed_) std::fill(packed_.begin(), packed_.end(), static_cast<int8_t>(number));
  if (is_string_ || is_packed_ || output.bytes == 0) return;
  if (bits_of(output.dtype()) == 8) {
    std::fill_n(output.data, output.bytes, static_cast<std::byte>(number & 0xff));
  } else if (output.dtype() == DType::i16) {
    std::fill_n(output.as<int16_t>(), output.elements(), static_cast<int16_t>(number));
  } else {
    std::fill_n(output.data, output.bytes, std::byte{0});
  }
}

Status ElementCopy::copy(int input, std::span<const CopyAxis> axes, int64_t from, int64_t to) {
  if (!merge(axes, merged_)) return {};
  if (is_string_ || is_packed_) TRY(stage(input));
  if (is_string_) {
    copy_box(input_strings_.data() + from, strings_.data() + to, merged_);
  } else if (is_packed_) {
    copy_box(input_packed_.data() + from, packed_.data() + to, merged_);
  } else {
    const TensorView &source = call_.input(input), &target = call_.output(output_);
    bool moved = for_width(target.dtype(), [&]<class T>() {
      copy_box(source.as<const T>() + from, target.as<T>() + to, merged_);
    });
    CHECK(moved);
  }
  return {};
}

Status ElementCopy::finish() {
  if (is_string_) {
    uint64_t total = 4 * (strings_.size() + 2);
    for (std::string_view text : strings_) total += text.size();
    ENSURE_CODE(ErrorCode::too_large, total <= INT32_MAX, "a string tensor of ", total,
                " bytes is too large: its offsets have 32 bits");
    Shape shape = call_.output(output_).shape();
    return call_.set_bytes(output_, shape, string_bytes(strings_));
  }
  if (is_packed_) pack_sub_byte(packed_, call_.output(output_));
  return {};
}

}  // namespace wherry
