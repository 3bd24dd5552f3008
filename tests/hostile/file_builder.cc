// Writes the tables of a small file with the flatbuffers library.
#include "hostile/file_builder.h"

#include <flatbuffers/flatbuffers.h>

namespace wherry::hostile {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::uoffset_t;
using Offsets = std::vector<flatbuffers::Offset<void>>;

constexpr flatbuffers::voffset_t slot(int index) {
  return static_cast<flatbuffers::voffset_t>(4 + 2 * index);
}

class FileBuilder {
 public:
  explicit FileBuilder(const FileParts& parts) : parts_(parts) {}

  std::vector<std::byte> build() {
    auto codes = builder_.CreateVector(Offsets{operator_code()});
    Offsets graph_list;
    for (int i = 0; i < parts_.graphs; ++i) graph_list.push_back(graph());
    auto graphs = builder_.CreateVector(graph_list);
    auto buffers = builder_.CreateVector(buffer_list());
    auto groups = builder_.CreateVector(group_list());
    auto externals = builder_.CreateVector(external_list());
    uoffset_t start = builder_.StartTable();
    builder_.AddElement<uint32_t>(slot(0), parts_.version, 0);
    builder_.AddOffset(slot(1), codes);
    builder_.AddOffset(slot(2), graphs);
    builder_.AddOffset(slot(4), buffers);
    builder_.AddOffset(slot(8), groups);
    builder_.AddOffset(slot(9), externals);
    builder_.Finish(flatbuffers::Offset<void>(builder_.EndTable(start)), "TFL3");
    auto* bytes = reinterpret_cast<const std::byte*>(builder_.GetBufferPointer());
    return {bytes, bytes + builder_.GetSize()};
  }

 private:
  flatbuffers::Offset<void> operator_code() {
    uoffset_t start = builder_.StartTable();
    builder_.AddElement<int32_t>(slot(3), parts_.code, 0);
    return builder_.EndTable(start);
  }
  uoffset_t quantization_details() {
    const FileParts::Details& details = parts_.details;
    auto custom = builder_.CreateVector(details.custom);
    auto axes = builder_.CreateVector(details.axes);
    uoffset_t start = builder_.StartTable();
    if (details.kind == 1) {
      builder_.AddOffset(slot(0), custom);
    } else {
      builder_.AddElement<int32_t>(slot(0), details.scales, 0);
      builder_.AddElement<int32_t>(slot(1), details.zero_points, 0);
      builder_.AddElement<int32_t>(slot(2), details.block_size, 0);
      builder_.AddOffset(slot(3), axes);
    }
    return builder_.EndTable(start);
  }
  flatbuffers::Offset<void> quantization() {
    auto scales = builder_.CreateVector(parts_.scales);
    auto zero_points = builder_.CreateVector(parts_.zero_points);
    uoffset_t details = parts_.details.kind ? quantization_details() : 0;
    uoffset_t start = builder_.StartTable();
    builder_.AddOffset(slot(2), scales);
    builder_.AddOffset(slot(3), zero_points);
    builder_.AddElement<int32_t>(slot(6), parts_.axis, 0);
    if (details) builder_.AddOffset(slot(5), flatbuffers::Offset<void>(details));
    builder_.AddElement<uint8_t>(slot(4), parts_.details.kind, 0);
    return builder_.EndTable(start);
  }
  flatbuffers::Offset<void> tensor(bool is_input) {
    auto shape = builder_.CreateVector(parts_.shape);
    auto details = quantization();
    uoffset_t start = builder_.StartTable();
    builder_.AddOffset(slot(0), shape);
    builder_.AddElement<int8_t>(slot(1), parts_.type, 0);
    builder_.AddElement<uint32_t>(slot(2), is_input ? parts_.input_buffer : 0, 0);
    builder_.AddOffset(slot(4), details);
    if (is_input) builder_.AddElement<uint32_t>(slot(10), parts_.external, 0);
    return builder_.EndTable(start);
  }
  flatbuffers::Offset<void> node() {
    auto inputs = builder_.CreateVector(parts_.node_inputs);
    auto outputs = builder_.CreateVector(parts_.node_outputs);
    uoffset_t start = builder_.StartTable();
    builder_.AddElement<uint32_t>(slot(0), parts_.code_index, 0);
    builder_.AddOffset(slot(1), inputs);
    builder_.AddOffset(slot(2), outputs);
    return builder_.EndTable(start);
  }
  flatbuffers::Offset<void> graph() {
    auto tensors = builder_.CreateVector(Offsets{tensor(true), tensor(false)});
    auto inputs = builder_.CreateVector(parts_.inputs);
    auto outputs = builder_.CreateVector(parts_.outputs);
    auto nodes = builder_.CreateVector(Offsets{node()});
    uoffset_t start = builder_.StartTable();
    builder_.AddOffset(slot(0), tensors);
    builder_.AddOffset(slot(1), inputs);
    builder_.AddOffset(slot(2), outputs);
    builder_.AddOffset(slot(3), nodes);
    return builder_.EndTable(start);
  }
  /// Buffer 0 is empty, as in every file; the others share their bytes.
  Offsets buffer_list() {
    Offsets list;
    uoffset_t empty = builder_.StartTable();
    list.push_back(builder_.EndTable(empty));
    auto data = builder_.CreateVector(parts_.data);
    for (int i = 0; i < parts_.copies_of_data; ++i) {
      uoffset_t start = builder_.StartTable();
      if (!parts_.data.empty()) builder_.AddOffset(slot(0), data);
      builder_.AddElement<uint64_t>(slot(1), parts_.buffer_offset, 0);
      builder_.AddElement<uint64_t>(slot(2), parts_.buffer_size, 0);
      list.push_back(builder_.EndTable(start));
    }
    return list;
  }

  Offsets group_list() {
    Offsets list;
    for (const std::string& name : parts_.groups) {
      auto text = builder_.CreateString(name);
      uoffset_t start = builder_.StartTable();
      builder_.AddOffset(slot(0), text);
      list.push_back(builder_.EndTable(start));
    }
    return list;
  }
  Offsets external_list() {
    Offsets list;
    for (const FileParts::External& external : parts_.externals) {
      auto packing = builder_.CreateString(external.packing);
      uoffset_t start = builder_.StartTable();
      builder_.AddElement<uint32_t>(slot(0), external.id, 0);
      builder_.AddElement<uint32_t>(slot(1), external.group, 0);
      builder_.AddElement<uint64_t>(slot(2), external.offset, 0);
      builder_.AddElement<uint64_t>(slot(3), external.length, 0);
      builder_.AddOffset(slot(4), packing);
      list.push_back(builder_.EndTable(start));
    }
    return list;
  }

  FileParts parts_;
  FlatBufferBuilder builder_;
};

}  // namespace

std::vector<std::byte> file_of(const FileParts& parts) { return FileBuilder(parts).build(); }

}  // namespace wherry::hostile
