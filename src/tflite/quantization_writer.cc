// Writes the quantisation table of a tensor and its details.
#include "tflite/quantization_writer.h"

#include "tflite/quantization_table.h"
#include "tflite/vtable.h"

namespace wherry::tflite {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::uoffset_t;
using Offset = flatbuffers::Offset<void>;

template <class T>
Offset list(SharedVectors& vectors, const std::vector<T>& values) {
  return values.empty() ? Offset() : vectors.of(values);
}

void add(FlatBufferBuilder& builder, int slot, Offset offset) {
  if (!offset.IsNull()) builder.AddOffset(entry(slot), offset);
}

/// What blockwise and multi-axis quantisation have in common.
template <class Details>
void add_scale_tensors(FlatBufferBuilder& builder, const Details& details) {
  builder.AddElement<int32_t>(entry(0), details.scales, 0);
  builder.AddElement<int32_t>(entry(1), details.zero_points, 0);
  builder.AddElement<int32_t>(entry(2), details.block_size, 0);
}

struct Written {
  QuantizationDetails::Kind kind = QuantizationDetails::none;
  Offset table;
};

Written write_details(FlatBufferBuilder& builder, SharedVectors& vectors, const Quantization& q) {
  if (q.blockwise) {
    uoffset_t start = builder.StartTable();
    add_scale_tensors(builder, *q.blockwise);
    return {QuantizationDetails::blockwise, builder.EndTable(start)};
  }
  if (q.multi_axis) {
    Offset axes = list(vectors, q.multi_axis->axes);
    uoffset_t start = builder.StartTable();
    add_scale_tensors(builder, *q.multi_axis);
    add(builder, 3, axes);
    return {QuantizationDetails::multi_axis, builder.EndTable(start)};
  }
  if (q.custom) {
    Offset bytes = list(vectors, *q.custom);
    uoffset_t start = builder.StartTable();
    add(builder, 0, bytes);
    return {QuantizationDetails::custom, builder.EndTable(start)};
  }
  return {};
}

}  // namespace

uoffset_t write_quantization(FlatBufferBuilder& builder, SharedVectors& vectors,
                             const Quantization& q) {
  Offset min = list(vectors, q.min), max = list(vectors, q.max), scales = list(vectors, q.scales);
  Offset zero_points = list(vectors, q.zero_points);
  Written details = write_details(builder, vectors, q);
  uoffset_t start = builder.StartTable();
  add(builder, 0, min), add(builder, 1, max);
  add(builder, 2, scales), add(builder, 3, zero_points);
  add(builder, 5, details.table);
  builder.AddElement<int32_t>(entry(6), q.axis, 0);
  builder.AddElement<uint8_t>(entry(4), details.kind, 0);
  return builder.EndTable(start);
}

}  // namespace wherry::tflite
