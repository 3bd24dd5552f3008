// MIRROR_PAD: widens a tensor with its own mirror image.
#include "ops/shape/mirror_pad.h"

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field mirror_pad_fields[] = {field<&MirrorPad::mode>("mode", 0)};

constexpr TypeSet mirrored_types = whole_byte_types;

Status infer_mirror_pad(InferContext& context) {
  Shape result = context.shape(0);
  std::vector<int64_t> amounts = TRY(context.integers(1));
  ENSURE(context.shape(1) == Shape({result.rank(), 2}), "MIRROR_PAD of the shape ", result,
         " needs paddings of shape [", result.rank(), ", 2], got ", context.shape(1));
  bool symmetric = context.attributes<MirrorPad>().mode == MirrorMode::symmetric;
  for (int axis = 0; axis < result.rank(); ++axis) {
    int64_t limit = std::max<int64_t>(result[axis] - (symmetric ? 0 : 1), 0);
    int64_t before = amounts[static_cast<size_t>(2 * axis)],
            after = amounts[static_cast<size_t>(2 * axis + 1)];
    ENSURE(before >= 0 && before <= limit && after >= 0 && after <= limit,
           "MIRROR_PAD can pad axis ", axis, " by at most ", limit, ", got ", amounts);
    result[axis] += before + after;
  }
  return context.set_output(0, context.dtype(0), std::move(result));
}

/// Consecutive outputs that come from consecutive inputs, forwards or backwards.
struct Stretch {
  int64_t to, from, count, step;
};

std::vector<Stretch> stretches_of(int64_t extent, int64_t before, int64_t after, int64_t gap) {
  std::vector<Stretch> result;
  if (before > 0) result.push_back({0, before - 1 + gap, before, -1});
  result.push_back({before, 0, extent, 1});
  if (after > 0) result.push_back({before + extent, extent - 1 - gap, after, -1});
  return result;
}

/// Copies each combination of stretches, axis by axis.
class Mirror {
 public:
  Mirror(Call& call, ElementCopy& copy)
      : copy_(copy),
        from_(dense_steps(call.shape(0))),
        to_(dense_steps(call.output(0).shape())),
        axes_(from_.size()) {
    bool symmetric = call.attributes<MirrorPad>().mode == MirrorMode::symmetric;
    std::vector<int64_t> amounts = call.integers(1);
    for (size_t axis = 0; axis < from_.size(); ++axis)
      stretches_.push_back(stretches_of(call.shape(0)[static_cast<int>(axis)], amounts[2 * axis],
                                        amounts[2 * axis + 1], symmetric ? 0 : 1));
  }

  Status run(size_t axis = 0, int64_t from = 0, int64_t to = 0) {
    if (axis == axes_.size()) return copy_.copy(0, axes_, from, to);
    for (const Stretch& stretch : stretches_[axis]) {
      axes_[axis] = {stretch.count, stretch.step * from_[axis], to_[axis]};
      TRY(run(axis + 1, from + stretch.from * from_[axis], to + stretch.to * to_[axis]));
    }
    return {};
  }

 private:
  ElementCopy& copy_;
  std::vector<int64_t> from_, to_;
  std::vector<CopyAxis> axes_;
  std::vector<std::vector<Stretch>> stretches_;
};

Status reference(Call& call) {
  ElementCopy copy(call, 0);
  TRY(Mirror(call, copy).run());
  return copy.finish();
}

}  // namespace

constinit const AttributesType mirror_pad_attributes =
    attributes_type<MirrorPad>(mirror_pad_fields, 77);

constinit const OpDef mirror_pad = {
    .name = "MIRROR_PAD",
    .code = 100,
    .attributes = &mirror_pad_attributes,
    .inputs = {{"x", mirrored_types}, {"paddings", one_of(DType::i32, DType::i64)}},
    .outputs = {{"y", mirrored_types}},
    .versions = {{1, "1.13.1"}, {2, "2.3.0", DType::i8}, {3, "2.12.0", DType::i16}},
    .infer = infer_mirror_pad,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
    .doc = "widens a tensor with its own mirror image, with or without repeating the edge"};

OpTable mirror_pad_ops() { return op_table(mirror_pad); }

}  // namespace wherry::op
