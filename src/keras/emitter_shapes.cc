// Nodes that move elements: reshaping, slicing, padding, joining; and products and reductions.
#include <algorithm>
#include <span>

#include "keras/emitter.h"
#include "ops/linear/batch_matmul.h"
#include "ops/linear/fully_connected.h"
#include "ops/registry.h"
#include "ops/shape/concatenation.h"
#include "ops/shape/pack.h"
#include "ops/shape/pad.h"
#include "ops/shape/shape_of.h"
#include "ops/shape/split.h"
#include "ops/shape/squeeze.h"
#include "ops/shape/strided_slice.h"
#include "ops/shape/unpack.h"

namespace wherry::keras {
namespace {

bool is_open(const Extent& extent) { return extent.size < 0; }

bool is_plain(const Extent& extent) { return extent.times == 1 && extent.plus == 0; }

bool is_identity(const std::vector<int64_t>& order) {
  return std::is_sorted(order.begin(), order.end());
}

bool is_axis_of(const Emitter& emitter, const Extent& extent, ValueId x, int axis) {
  if (axis == emitter.rank(x)) return false;
  if (!is_open(extent)) return extent.size == emitter.shape(x)[axis];
  return extent.of == x && extent.axis == axis && is_plain(extent);
}

/// Where a shape differs from that of a tensor by axes of one element only.
struct UnitAxes {
  std::vector<int32_t> added, dropped;
};

std::optional<UnitAxes> unit_axes(const Emitter& emitter, ValueId x, const Extents& to) {
  UnitAxes result;
  int axis = 0, place = 0, left_over = 0;
  for (const Extent& extent : to) {
    auto matches = [&] {
      if (is_axis_of(emitter, extent, x, axis)) return true;
      bool fills = is_open(extent) && extent.of == no_value && axis < emitter.rank(x);
      return fills && emitter.shape(x)[axis] < 0;
    };
    while (!matches() && extent.size != 1 && axis < emitter.rank(x) && emitter.shape(x)[axis] == 1)
      result.dropped.push_back(axis++);
    left_over += is_open(extent) && extent.of == no_value;
    if (matches())
      ++axis;
    else if (extent.size == 1)
      result.added.push_back(place);
    else
      return std::nullopt;
    ++place;
  }
  while (axis < emitter.rank(x) && emitter.shape(x)[axis] == 1) result.dropped.push_back(axis++);
  if (axis < emitter.rank(x) || left_over > 1) return std::nullopt;
  return result;
}

/// The end of the extents from `begin` on that one operator makes: numbers, or neighbouring axes
/// of one tensor.
size_t end_of_stretch(const Extents& extents, size_t begin) {
  const Extent& first = extents[begin];
  size_t end = begin + 1;
  for (; end < extents.size() && extents[end].of == first.of; ++end) {
    bool follows = extents[end].axis == first.axis + static_cast<int>(end - begin);
    if (first.of != no_value && !follows) break;
  }
  return end;
}

bool all_are(const std::vector<int64_t>& numbers, int64_t number) {
  return std::all_of(numbers.begin(), numbers.end(), [&](int64_t n) { return n == number; });
}

/// One number for all elements where that does.
Expected<ValueId> operand(Emitter& emitter, const std::vector<int64_t>& numbers) {
  if (!all_are(numbers, numbers[0])) return emitter.integers(numbers);
  return emitter.number(static_cast<double>(numbers[0]), DType::i32);
}

/// These neighbouring axes of one tensor, of which `shape` is the shape.
Expected<ValueId> stretch_of(Emitter& emitter, ValueId shape, std::span<const Extent> extents) {
  int64_t first = extents[0].axis, count = static_cast<int64_t>(extents.size());
  ValueId sizes = shape;
  if (first != 0 || count != emitter.rank(extents[0].of))
    sizes = TRY(emitter.node(op::strided_slice, op::StridedSlice{},
                             {shape, emitter.integers({first}), emitter.integers({first + count}),
                              emitter.integers({1})}));
  std::vector<int64_t> times, plus;
  for (const Extent& extent : extents) {
    times.push_back(extent.times);
    plus.push_back(extent.plus);
  }
  if (!all_are(times, 1)) sizes = TRY(emitter.multiply(sizes, TRY(operand(emitter, times))));
  return all_are(plus, 0) ? sizes : emitter.add(sizes, TRY(operand(emitter, plus)));
}

}  // namespace

Expected<ValueId> Emitter::shape_tensor(const Extents& to) {
  for (const Extent& extent : to) {
    if (extent.of != no_value && is_shape_of(extent.of, to)) return node("SHAPE", {extent.of});
  }
  std::vector<ValueId> parts;
  std::map<ValueId, ValueId> shapes;
  for (size_t begin = 0, end = 0; begin < to.size(); begin = end) {
    end = end_of_stretch(to, begin);
    std::span<const Extent> stretch(to.data() + begin, end - begin);
    ValueId of = stretch[0].of;
    if (of == no_value) {
      std::vector<int64_t> numbers;
      for (const Extent& extent : stretch) numbers.push_back(extent.size);
      parts.push_back(integers(numbers));
      continue;
    }
    if (!shapes.count(of)) shapes[of] = TRY(node("SHAPE", {of}));
    parts.push_back(TRY(stretch_of(*this, shapes[of], stretch)));
  }
  return parts.empty() ? integers({}) : concatenate(parts, 0);
}

bool Emitter::is_shape_of(ValueId x, const Extents& extents) const {
  int axis = 0;
  for (const Extent& extent : extents) {
    if (!is_axis_of(*this, extent, x, axis)) return false;
    ++axis;
  }
  return axis == rank(x);
}

Expected<ValueId> Emitter::reshape(ValueId x, const Extents& wanted) {
  Extents to = wanted;
  if (is_shape_of(x, wanted)) return x;
  int64_t open = std::count_if(to.begin(), to.end(), is_open);
  auto difference = open > 1 ? unit_axes(*this, x, wanted) : std::nullopt;
  if (difference && difference->dropped.empty() && difference->added.size() == 1)
    return node("EXPAND_DIMS", {x, TRY(number(difference->added[0], DType::i32))});
  if (difference && difference->added.empty())
    return node(op::squeeze, op::Squeeze{difference->dropped}, {x});
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
