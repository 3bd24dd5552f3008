// Nodes that move elements: reshaping, slicing, padding, joining; and products and reductions.
#include <algorithm>

#include "keras/emitter.h"
#include "ops/linear/batch_matmul.h"
#include "ops/linear/fully_connected.h"
#include "ops/registry.h"
#include "ops/shape/concatenation.h"
#include "ops/shape/pack.h"
#include "ops/shape/pad.h"
#include "ops/shape/shape_of.h"
#include "ops/shape/split.h"
#include "ops/shape/strided_slice.h"
#include "ops/shape/unpack.h"

namespace wherry::keras {
namespace {

bool is_open(const Extent& extent) { return extent.size < 0; }

bool is_plain(const Extent& extent) { return extent.times == 1 && extent.plus == 0; }

bool is_identity(const std::vector<int64_t>& order) {
  return std::is_sorted(order.begin(), order.end());
}

}  // namespace

Expected<ValueId> Emitter::shape_tensor(const Extents& to) {
  std::vector<int64_t> numbers;
  for (const Extent& extent : to) numbers.push_back(extent.size);
  bool plain = std::all_of(to.begin(), to.end(), [](const Extent& e) { return e.of == no_value; });
  if (plain) return integers(numbers);
  std::vector<ValueId> parts;
  std::map<ValueId, ValueId> shapes;
  for (const Extent& extent : to) {
    if (extent.of == no_value) {
      parts.push_back(TRY(number(static_cast<double>(extent.size), DType::i32)));
      continue;
    }
    if (!shapes.count(extent.of)) shapes[extent.of] = TRY(node("SHAPE", {extent.of}));
    int64_t axis = extent.axis;
    ValueId size =
        TRY(node(op::strided_slice, op::StridedSlice{.shrink_axis_mask = 1},
                 {shapes[extent.of], integers({axis}), integers({axis + 1}), integers({1})}));
    size = TRY(times(size, static_cast<double>(extent.times)));
    parts.push_back(TRY(plus(size, static_cast<double>(extent.plus))));
  }
  return stack(parts, 0);
}

bool Emitter::is_shape_of(ValueId x, const Extents& extents) const {
  int axis = 0;
  for (const Extent& extent : extents) {
    if (axis == rank(x)) return false;
    bool same = is_open(extent) ? extent.of == x && extent.axis == axis && is_plain(extent)
                                : extent.size == shape(x)[axis];
    if (!same) return false;
    ++axis;
  }
  return axis == rank(x);
}

Expected<ValueId> Emitter::reshape(ValueId x, const Extents& wanted) {
  Extents to = wanted;
  if (is_shape_of(x, wanted)) return x;
  int64_t open = std::count_if(to.begin(), to.end(), is_open);
  bool has_left_over = std::any_of(to.begin(), to.end(), [](const Extent& extent) {
    return is_open(extent) && extent.of == no_value;
  });
  if (!has_left_over && open > 0)  // one need not be computed
    std::find_if(to.begin(), to.end(), is_open)->of = no_value;
  Shape target;
  for (const Extent& extent : to) target.push_back(extent.size);
  if (open <= 1 && target == shape(x)) return x;
  return node("RESHAPE", {x, TRY(shape_tensor(to))});
}

Expected<ValueId> Emitter::expand(ValueId x, int axis) {
  Extents to = extents(x);
  to.insert(to.begin() + axis, Extent(1));
  return reshape(x, to);
}

Expected<ValueId> Emitter::squeeze(ValueId x, int axis) {
  Extents to = extents(x);
  to.erase(to.begin() + axis);
  return reshape(x, to);
}

Expected<ValueId> Emitter::merge_axes(ValueId x, int first, int last) {
  Extents to;
  const Shape from = shape(x);
  int64_t merged = 1;
  for (int i = first; i < last; ++i) merged = merged < 0 || from[i] < 0 ? -1 : merged * from[i];
  for (int i = 0; i < from.rank(); ++i) {
    if (i == first && first < last) to.push_back(merged);
    if (i < first || i >= last) to.push_back(extent(x, i));
  }
  if (first == last) to.insert(to.begin() + first, Extent(1));
  return reshape(x, to);
}

Expected<ValueId> Emitter::transpose(ValueId x, const std::vector<int64_t>& order) {
  if (is_identity(order)) return x;
  return node("TRANSPOSE", {x, integers(order)});
}

Expected<ValueId> Emitter::concatenate(const std::vector<ValueId>& parts, int64_t at) {
  if (parts.size() == 1) return parts[0];
  int axis = TRY(this->axis(at, parts[0]));
  return node(op::concatenation, op::Concatenation{.axis = axis}, parts);
}

Expected<ValueId> Emitter::stack(const std::vector<ValueId>& parts, int64_t at) {
  int axis = TRY(resolve_axis(at, rank(parts[0]) + 1));
  op::Pack pack{.values_count = static_cast<int32_t>(parts.size()), .axis = axis};
  return node(op::pack, pack, parts);
}

Expected<std::vector<ValueId>> Emitter::unstack(ValueId x, int64_t at) {
  int axis = TRY(this->axis(at, x));
  int32_t count = static_cast<int32_t>(shape(x)[axis]);
  ENSURE(count > 0, "axis ", axis, " of ", text_of(shape(x)), " cannot be taken apart");
  op::Unpack unpack{.num = count, .axis = axis};
  return emit({.op = op::unpack,
               .attributes = Attributes::of(op::unpack_attributes, unpack),
               .inputs = {x},
               .output_count = count});
}

Expected<std::vector<ValueId>> Emitter::split(ValueId x, const std::vector<int64_t>& sizes,
                                              int64_t at) {
  int axis = TRY(this->axis(at, x));
  ValueId axis_constant = TRY(number(axis, DType::i32));
  int32_t count = static_cast<int32_t>(sizes.size());
  ENSURE(count > 0, "a tensor cannot be split into no parts");
  if (std::all_of(sizes.begin(), sizes.end(), [&](int64_t size) { return size == sizes[0]; })) {
    return emit({.op = op::split,
                 .attributes = Attributes::of(op::split_attributes, op::Split{count}),
                 .inputs = {axis_constant, x},
                 .output_count = count});
  }
  return emit({.op = op::split_v,
               .attributes = Attributes::of(op::split_v_attributes, op::Split{count}),
               .inputs = {x, integers(sizes), axis_constant},
               .output_count = count});
}

Expected<ValueId> Emitter::slice(ValueId x, const std::vector<Range>& ranges) {
  op::StridedSlice options;
  std::vector<int64_t> begin, end, steps;
  bool whole = true;
  for (size_t i = 0; i < ranges.size(); ++i) {
    const Range& range = ranges[i];
    whole &= !range.begin && !range.end && range.step == 1;
    if (!range.begin) options.begin_mask |= 1 << i;
    if (!range.end) options.end_mask |= 1 << i;
    begin.push_back(range.begin.value_or(0));
    end.push_back(range.end.value_or(0));
    steps.push_back(range.step);
  }
  if (whole) return x;
  return node(op::strided_slice, options, {x, integers(begin), integers(end), integers(steps)});
}

Expected<ValueId> Emitter::slice_axis(ValueId x, int axis, Range range) {
  std::vector<Range> ranges(static_cast<size_t>(rank(x)));
  ranges[static_cast<size_t>(axis)] = range;
  return slice(x, ranges);
}

Expected<ValueId> Emitter::pad(ValueId x, const std::vector<Margin>& margins, double value) {
  std::vector<int32_t> amounts;
  bool any = false;
  for (const Margin& margin : margins) {
    amounts.push_back(static_cast<int32_t>(margin.before));
    amounts.push_back(static_cast<int32_t>(margin.after));
    any |= margin.before != 0 || margin.after != 0;
  }
  if (!any) return x;
  ValueId table =
      constant(std::move(amounts), Shape{static_cast<int64_t>(margins.size()), 2}, "paddings");
  if (value == 0) return node("PAD", {x, table});
  return node("PADV2", {x, table, TRY(number(value, x))});
}

Expected<ValueId> Emitter::tile(ValueId x, const std::vector<int64_t>& multiples) {
  if (std::all_of(multiples.begin(), multiples.end(), [](int64_t n) { return n == 1; })) return x;
  return node("TILE", {x, integers(multiples)});
}

Expected<ValueId> Emitter::reverse(ValueId x, int64_t at) {
  int64_t axis = TRY(this->axis(at, x));
  return node("REVERSE_V2", {x, integers({axis})});
}

Expected<ValueId> Emitter::reduce(std::string_view op, ValueId x, const std::vector<int64_t>& axes,
                                  bool keep) {
  std::vector<int64_t> resolved;
  for (int64_t at : axes) resolved.push_back(TRY(axis(at, x)));
  return node(op, {x, integers(resolved)}, {{"keep_dims", keep ? 1.0 : 0.0}});
}

Expected<ValueId> Emitter::matmul(ValueId a, ValueId b, bool transpose_a, bool transpose_b) {
  op::BatchMatMul options{.adj_x = transpose_a, .adj_y = transpose_b};
  return node(op::batch_matmul, options, {a, b});
}

Expected<ValueId> Emitter::fully_connected(ValueId x, ValueId weights, ValueId bias) {
  op::FullyConnected options;
  options.keep_num_dims = rank(x) != 2;
  std::vector<ValueId> inputs = {x, weights};
  if (bias != no_value) inputs.push_back(bias);
  return node(op::fully_connected, options, std::move(inputs));
}

}  // namespace wherry::keras
