// REVERSE_SEQUENCE: turns the first so many elements of each sequence of a batch around.
#include "ops/shape/reverse_sequence.h"

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field reverse_sequence_fields[] = {field<&ReverseSequence::seq_dim>("seq_dim", 0),
                                             field<&ReverseSequence::batch_dim>("batch_dim", 1)};

constexpr TypeSet sequence_types =
    one_of(DType::f32, DType::u8, DType::i16, DType::i32, DType::i64);

Status infer_reverse_sequence(InferContext& context) {
  const auto& attributes = context.attributes<ReverseSequence>();
  const Shape& shape = context.shape(0);
  int sequence = TRY(resolve_axis(attributes.seq_dim, shape.rank(), "sequence axis"));
  int batch = TRY(resolve_axis(attributes.batch_dim, shape.rank(), "batch axis"));
  ENSURE(sequence != batch, "REVERSE_SEQUENCE needs two different axes, got ", sequence,
         " for both");
  ENSURE(context.shape(1) == Shape({shape[batch]}), "REVERSE_SEQUENCE needs ", shape[batch],
         " lengths, got the shape ", context.shape(1));
  return context.set_output(0, context.dtype(0), shape);
}

Status reference(Call& call) {
  const auto& attributes = call.attributes<ReverseSequence>();
  const Shape& shape = call.shape(0);
  size_t sequence = static_cast<size_t>(TRY(resolve_axis(attributes.seq_dim, shape.rank())));
  size_t batch = static_cast<size_t>(TRY(resolve_axis(attributes.batch_dim, shape.rank())));
  std::vector<int64_t> steps = dense_steps(shape);
  std::vector<CopyAxis> axes;
  for (size_t axis = 0; axis < steps.size(); ++axis)
    axes.push_back({shape[static_cast<int>(axis)], steps[axis], steps[axis]});
  int64_t extent = axes[sequence].extent, step = steps[sequence];
  axes[batch].extent = 1;
  ElementCopy copy(call, 0);
  for (int64_t b = 0; b < shape[static_cast<int>(batch)]; ++b) {
    int64_t length = integer_at(call.input(1), b), start = b * steps[batch];
    ENSURE_CODE(ErrorCode::invalid_data, length >= 0 && length <= extent,
                "REVERSE_SEQUENCE cannot turn ", length, " of ", extent, " elements around");
    axes[sequence] = {length, -step, step};
    TRY(copy.copy(0, axes, start + (length - 1) * step, start));
    axes[sequence] = {extent - length, step, step};
    TRY(copy.copy(0, axes, start + length * step, start + length * step));
  }
  return copy.finish();
}

}  // namespace

constinit const AttributesType reverse_sequence_attributes =
    attributes_type<ReverseSequence>(reverse_sequence_fields, 87);

constinit const OpDef reverse_sequence = {
    .name = "REVERSE_SEQUENCE",
    .code = 112,
    .attributes = &reverse_sequence_attributes,
    .inputs = {{"x", sequence_types}, {"lengths", one_of(DType::i32, DType::i64)}},
    .outputs = {{"y", sequence_types}},
    .versions = {{1, "1.14.0"}},
    .infer = infer_reverse_sequence,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input},
    .doc = "turns the first lengths[b] elements of sequence b around"};

OpTable reverse_sequence_ops() { return op_table(reverse_sequence); }

}  // namespace wherry::op
