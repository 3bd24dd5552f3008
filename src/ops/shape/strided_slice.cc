// STRIDED_SLICE: what Python's x[a:b:c, ..., newaxis, i] takes out of a tensor.
#include "ops/shape/strided_slice.h"

#include <algorithm>

#include "ops/element_copy.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr Field strided_slice_fields[] = {
    field<&StridedSlice::begin_mask>("begin_mask", 0),
    field<&StridedSlice::end_mask>("end_mask", 1),
    field<&StridedSlice::ellipsis_mask>("ellipsis_mask", 2),
    field<&StridedSlice::new_axis_mask>("new_axis_mask", 3),
    field<&StridedSlice::shrink_axis_mask>("shrink_axis_mask", 4),
    field<&StridedSlice::offset>("offset", 5)};

constexpr TypeSet sliced_types = whole_byte_types | one_of(DType::string);

struct Bounds {
  std::vector<int64_t> begin, end, strides;
};

/// What one axis of the input contributes.
struct Cut {
  int64_t first, count, stride;
  bool kept;  ///< false: a single element whose axis is dropped
};

/// The cuts of all input axes in order, and the shape of the result.
class Cutter {
 public:
  Cutter(const Shape& shape, const StridedSlice& masks, const Bounds& bounds)
      : shape_(shape), masks_(masks), bounds_(bounds) {}

  Status run() {
    int entries = static_cast<int>(bounds_.begin.size());
    ENSURE(entries <= 31 && bounds_.end.size() == bounds_.begin.size() &&
               bounds_.strides.size() == bounds_.begin.size(),
           "STRIDED_SLICE needs begin, end and strides of one length up to 31, got ", bounds_.begin,
           ", ", bounds_.end, " and ", bounds_.strides);
    int used = 0, ellipses = 0;
    for (int i = 0; i < entries; ++i) {
      if (bit(masks_.ellipsis_mask, i))
        ++ellipses;
      else if (!bit(masks_.new_axis_mask, i))
        ++used;
    }
    ENSURE(ellipses <= 1 && used <= shape_.rank(), "STRIDED_SLICE of the shape ", shape_, " with ",
           used, " indices and ", ellipses, " ellipses");
    for (int i = 0; i < entries; ++i) TRY(apply(i, shape_.rank() - used));
    while (static_cast<int>(cuts.size()) < shape_.rank()) keep_whole();
    return {};
  }

  std::vector<Cut> cuts;
  Shape result;

 private:
  static bool bit(int32_t mask, int i) { return static_cast<uint32_t>(mask) >> i & 1; }

  void keep_whole() {
    int64_t extent = shape_[static_cast<int>(cuts.size())];
    cuts.push_back({0, extent, 1, true});
    result.push_back(extent);
  }

  Status apply(int i, int left_over) {
    if (bit(masks_.ellipsis_mask, i)) {
      for (int k = 0; k < left_over; ++k) keep_whole();
      return {};
    }
    if (bit(masks_.new_axis_mask, i)) {
      result.push_back(1);
      return {};
    }
    Cut cut = TRY(cut_of(static_cast<size_t>(i), shape_[static_cast<int>(cuts.size())]));
    cuts.push_back(cut);
    if (cut.kept) result.push_back(cut.count);
    return {};
  }

  Expected<Cut> cut_of(size_t i, int64_t extent) const {
    int64_t stride = bounds_.strides[i], begin = bounds_.begin[i], end = bounds_.end[i];
    bool from_start = bit(masks_.begin_mask, static_cast<int>(i)),
         to_end = bit(masks_.end_mask, static_cast<int>(i));
    ENSURE(stride != 0, "STRIDED_SLICE got the stride 0 at entry ", i);
    if (from_start) begin = stride > 0 ? 0 : extent - 1;
    if (begin < 0 && !from_start) begin += extent;
    if (bit(masks_.shrink_axis_mask, static_cast<int>(i))) {
      ENSURE(begin >= 0 && begin < extent, "STRIDED_SLICE takes index ", bounds_.begin[i],
             " of the extent ", extent);
      return Cut{begin, 1, 1, false};
    }
    int64_t low = stride > 0 ? 0 : -1, high = stride > 0 ? extent : extent - 1;
    begin = std::clamp(begin, low, std::max(low, high));
    if (masks_.offset && !to_end) {
      end += begin;
      ENSURE(end >= low && end <= high, "STRIDED_SLICE leaves the extent ", extent, ": ",
             bounds_.end[i], " elements from ", begin);
    } else if (!to_end) {
      end = std::clamp(end < 0 ? end + extent : end, low, std::max(low, high));
    } else {
      end = stride > 0 ? extent : -1;
    }
    int64_t distance = stride > 0 ? end - begin : begin - end;
    int64_t step = stride > 0 ? stride : -stride;
    return Cut{begin, distance > 0 ? (distance - 1) / step + 1 : 0, stride, true};
  }

  const Shape& shape_;
  const StridedSlice& masks_;
  const Bounds& bounds_;
};

Status infer_strided_slice(InferContext& context) {
  Bounds bounds;
  bounds.begin = TRY(context.integers(1));
  bounds.end = TRY(context.integers(2));
  bounds.strides = TRY(context.integers(3));
  Cutter cutter(context.shape(0), context.attributes<StridedSlice>(), bounds);
  TRY(cutter.run());
  return context.set_output(0, context.dtype(0), cutter.result);
}

Status reference(Call& call) {
  Bounds bounds{call.integers(1), call.integers(2), call.integers(3)};
  Cutter cutter(call.shape(0), call.attributes<StridedSlice>(), bounds);
  TRY(cutter.run());
  std::vector<int64_t> steps = dense_steps(call.shape(0));
  std::vector<CopyAxis> axes(cutter.cuts.size());
  int64_t start = 0, to_step = 1;
  for (size_t axis = axes.size(); axis-- > 0;) {
    const Cut& cut = cutter.cuts[axis];
    if (cut.count == 0) return ElementCopy(call, 0).finish();
    axes[axis] = {cut.count, cut.count > 1 ? cut.stride * steps[axis] : 0, to_step};
    to_step *= cut.count;
    start += cut.first * steps[axis];
  }
  ElementCopy copy(call, 0);
  TRY(copy.copy(0, axes, start));
  return copy.finish();
}

bool adds_axes(const Graph&, const Node& node) {
  const auto& masks = node.attributes.as<StridedSlice>();
  return masks.ellipsis_mask != 0 || masks.new_axis_mask != 0;
}
bool counts_from_begin(const Graph&, const Node& node) {
  return node.attributes.as<StridedSlice>().offset;
}

}  // namespace

constinit const AttributesType strided_slice_attributes =
    attributes_type<StridedSlice>(strided_slice_fields, 32);

constinit const OpDef strided_slice = {
    .name = "STRIDED_SLICE",
    .code = 45,
    .attributes = &strided_slice_attributes,
    .inputs = {{"x", sliced_types},
               {"begin", DType::i32},
               {"end", DType::i32},
               {"strides", DType::i32}},
    .outputs = {{"y", sliced_types}},
    .versions = {{1, "1.6.0"},
                 {2, "1.14.0", DType::i8},
                 {3, "2.1.0", DType::boolean},
                 {4, "2.2.0", {}, rank_above<0, 4>},
                 {5, "2.5.0", DType::string},
                 {6, "2.6.0", {}, adds_axes},
                 {7, "2.14.0", DType::u32},
                 {8, "2.14.0", {}, counts_from_begin}},
    .infer = infer_strided_slice,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
    .doc = "takes x[begin:end:strides], with masks for open ends, ellipsis, new and dropped axes"};

OpTable strided_slice_ops() { return op_table(strided_slice); }

}  // namespace wherry::op
