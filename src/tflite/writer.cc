// Builds the FlatBuffer head with the flatbuffers library and lays the constants out behind it.
#include "tflite/writer.h"

#include <flatbuffers/flatbuffers.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <tuple>

#include "base/zip.h"
#include "ir/blob_pool.h"
#include "ops/opaque.h"
#include "tflite/option_writer.h"
#include "tflite/quantization_writer.h"
#include "tflite/shared_vectors.h"
#include "tflite/vtable.h"
#include "tflite/wire.h"

namespace wherry::tflite {

using flatbuffers::FlatBufferBuilder;
using Offset = flatbuffers::Offset<void>;

class Writer {
 public:
  Writer(const Model& model, const WriteOptions& options) : model_(model), options_(options) {}

  Expected<WrittenModel> write() {
    TRY(refuse_opaque());
    options_outside_ = custom_option_bytes() > options_.largest_flatbuffer / 2;
    std::vector<Offset> graphs, metadata, signatures;
    for (const Graph& graph : model_.graphs) graphs.push_back(graph_table(graph));
    for (const MetadataEntry& data : model_.metadata) metadata.push_back(metadata_table(data));
    uint64_t data_bytes = 0;
    for (const Constant& blob : pool_.blobs()) data_bytes += blob.size() + data_alignment + 8;
    outside_ = options_outside_ ||
               data_bytes + builder_.GetSize() + (64 << 10) > options_.largest_flatbuffer;
    if (outside_)
      metadata.push_back(
          metadata_table({std::string(buffer_location), text_constant("outside flatbuffers")}));
    for (const Signature& signature : model_.signatures)
      signatures.push_back(signature_table(signature));
    finish(graphs, metadata, signatures);
    return place_blobs();
  }

 private:
  Status refuse_opaque() const {
    Error error{.code = ErrorCode::unsupported,
                .message = "operators without a definition cannot be written"};
    for (const Graph& graph : model_.graphs) {
      for (const Node& node : graph.nodes) {
        if (node.op != &op::opaque) continue;
        const op::Custom& custom = node.attributes.as<op::Custom>();
        if (custom.code == custom_code) continue;
        error.details.push_back({.code = ErrorCode::unsupported,
                                 .message = cat("builtin operator code ", custom.code)});
      }
    }
    if (error.details.empty()) return {};
    return error;
  }

  uint64_t custom_option_bytes() const {
    uint64_t bytes = 0;
    for (const Graph& graph : model_.graphs) {
      for (const Node& node : graph.nodes)
        bytes += node.op->code == custom_code ? node.attributes.as<op::Custom>().options.size() : 0;
    }
    return bytes;
  }

  Offset text(const std::string& value) {
    auto [place, added] = texts_.try_emplace(value, 0);
    if (added) place->second = builder_.CreateString(value).o;
    return place->second;
  }
  template <class T, class From>
  Offset list(const From& values) {
    std::vector<T> converted(values.begin(), values.end());
    return vectors_.of(converted);
  }
  Offset tables(const std::vector<Offset>& offsets) { return builder_.CreateVector(offsets).o; }
  void add(int slot, Offset offset) {
    if (!offset.IsNull()) builder_.AddOffset(entry(slot), offset);
  }
  template <class T>
  void add_scalar(int slot, T value, T absent = T{}) {
    builder_.AddElement<T>(entry(slot), value, absent);
  }

  static Constant text_constant(std::string_view value) {
    std::vector<char> bytes(value.begin(), value.end());
    return Constant::of(std::move(bytes));
  }

  Offset index_vector(const std::vector<int32_t>& indices, int width) {
    Offset values = width == 32   ? list<int32_t>(indices)
                    : width == 16 ? list<uint16_t>(indices)
                                  : list<uint8_t>(indices);
    auto start = builder_.StartTable();
    add(0, values);
    return builder_.EndTable(start);
  }

  Offset sparsity_table(const Sparsity& sparsity) {
    auto kind = [](int width) -> uint8_t { return width == 32 ? 1 : width == 16 ? 2 : 3; };
    std::vector<Offset> dimensions;
    for (const Sparsity::Dimension& dimension : sparsity.dimensions) {
      Offset segments, indices;
      if (dimension.compressed) {
        segments = index_vector(dimension.segments, dimension.segments_width);
        indices = index_vector(dimension.indices, dimension.indices_width);
      }
      auto start = builder_.StartTable();
      add(3, segments), add(5, indices);
      add_scalar<int32_t>(1, dimension.dense_size);
      if (dimension.compressed) {
        add_scalar<uint8_t>(2, kind(dimension.segments_width));
        add_scalar<uint8_t>(4, kind(dimension.indices_width));
      }
      add_scalar<int8_t>(0, dimension.compressed);
      dimensions.push_back(builder_.EndTable(start));
    }
    Offset order = list<int32_t>(sparsity.traversal_order),
           blocks = list<int32_t>(sparsity.block_map);
    Offset all = tables(dimensions);
    auto start = builder_.StartTable();
    add(0, order), add(1, blocks), add(2, all);
    return builder_.EndTable(start);
  }

  Offset variant_table(const TensorType& type) {
    Offset shape = list<int32_t>(type.shape);
    auto start = builder_.StartTable();
    add(0, shape);
    add_scalar<int8_t>(1, static_cast<int8_t>(type.dtype));
    return builder_.EndTable(start);
  }

  Offset value_table(const Value& value) {
    Offset shape = list<int32_t>(value.type.shape), name = text(value.name);
    Offset signature = value.type.signature.rank() ? list<int32_t>(value.type.signature) : Offset();
    Offset quantization = value.type.quantization
                              ? write_quantization(builder_, vectors_, *value.type.quantization)
                              : 0;
    Offset sparsity = value.sparsity ? sparsity_table(*value.sparsity) : Offset();
    std::vector<Offset> variants;
    for (const TensorType& type : value.variant_types) variants.push_back(variant_table(type));
    Offset variant_list = variants.empty() ? Offset() : tables(variants);
    auto start = builder_.StartTable();
    add(0, shape), add(3, name), add(4, quantization), add(6, sparsity), add(7, signature),
        add(9, variant_list);
    add_scalar<uint32_t>(2, pool_.index_of(value.constant));
    add_scalar<int8_t>(1, static_cast<int8_t>(value.type.dtype));
    add_scalar<uint8_t>(5, value.is_variable);
    add_scalar<uint8_t>(8, value.has_rank);
    return builder_.EndTable(start);
  }

  uint32_t code_of(const Graph& graph, const Node& node) {
    bool custom = node.op->code == custom_code;
    std::string name = custom ? node.attributes.as<op::Custom>().custom_code : std::string();
    auto key = std::tuple(node.op->code, name, version_of(graph, node));
    auto place = std::find(codes_.begin(), codes_.end(), key);
    if (place == codes_.end()) place = codes_.insert(codes_.end(), key);
    return static_cast<uint32_t>(place - codes_.begin());
  }

  Offset node_table(const Graph& graph, const Node& node) {
    Offset inputs = list<int32_t>(node.inputs), outputs = list<int32_t>(node.outputs);
    Offset intermediates =
        node.intermediates.empty() ? Offset() : list<int32_t>(node.intermediates);
    const AttributesType& type = *node.attributes.type();
    bool custom = node.op->code == custom_code;
    Offset options, custom_options;
    uint32_t blob = 0;
    if (custom && options_outside_)
      blob = pool_.index_of(Constant::of(node.attributes.as<op::Custom>().options));
    else if (custom)
      custom_options = list<uint8_t>(node.attributes.as<op::Custom>().options);
    else if (type.option_tag || type.option_tag_2)
      options = write_options(builder_, type, node.attributes.data());
    auto start = builder_.StartTable();
    add(1, inputs), add(2, outputs), add(8, intermediates), add(5, custom_options);
    add(type.option_tag_2 ? 12 : 4, options);
    add_scalar<uint32_t>(0, code_of(graph, node));
    if (!custom)
      add_scalar<uint8_t>(3, static_cast<uint8_t>(type.option_tag_2 ? 0 : type.option_tag));
    if (!custom) add_scalar<uint8_t>(11, static_cast<uint8_t>(type.option_tag_2));
    if (blob) add_place(9);
    Offset table = builder_.EndTable(start);
    if (blob) option_places_.push_back({table.o, blob - 1});
    return table;
  }

  Offset graph_table(const Graph& graph) {
    std::vector<Offset> values, nodes;
    for (const Value& value : graph.values) values.push_back(value_table(value));
    for (const Node& node : graph.nodes) nodes.push_back(node_table(graph, node));
    Offset value_list = tables(values), inputs = list<int32_t>(graph.inputs),
           outputs = list<int32_t>(graph.outputs);
    Offset node_list = tables(nodes), name = graph.name.empty() ? Offset() : text(graph.name);
    auto start = builder_.StartTable();
    add(0, value_list), add(1, inputs), add(2, outputs), add(3, node_list), add(4, name);
    return builder_.EndTable(start);
  }

  Offset metadata_table(const MetadataEntry& data) {
    Offset name = text(data.name);
    uint32_t buffer = pool_.index_of(data.data);
    auto start = builder_.StartTable();
    add(0, name);
    add_scalar<uint32_t>(1, buffer);
    return builder_.EndTable(start);
  }

  Offset entry_tables(const std::vector<Signature::Entry>& entries) {
    std::vector<Offset> offsets;
    for (const Signature::Entry& one : entries) {
      Offset name = text(one.name);
      auto start = builder_.StartTable();
      add(0, name);
      add_scalar<uint32_t>(1, static_cast<uint32_t>(one.value));
      offsets.push_back(builder_.EndTable(start));
    }
    return tables(offsets);
  }

  Offset signature_table(const Signature& signature) {
    Offset inputs = entry_tables(signature.inputs), outputs = entry_tables(signature.outputs),
           key = text(signature.key);
    auto start = builder_.StartTable();
    add(0, inputs), add(1, outputs), add(2, key);
    add_scalar<uint32_t>(4, static_cast<uint32_t>(signature.graph));
    return builder_.EndTable(start);
  }

  Offset code_table(const std::tuple<int, std::string, int>& code) {
    auto [number, name, version] = code;
    Offset custom = name.empty() ? Offset() : text(name);
    auto start = builder_.StartTable();
    add(1, custom);
    add_scalar<int32_t>(3, number);
    add_scalar<int32_t>(2, version, 1);
    add_scalar<int8_t>(0, static_cast<int8_t>(std::min(number, 127)));
    return builder_.EndTable(start);
  }

  /// An offset and a size, patched in place_blobs: nonzero, so that the builder stores them.
  void add_place(int slot) {
    add_scalar<uint64_t>(slot, ~uint64_t{0});
    add_scalar<uint64_t>(slot + 1, ~uint64_t{0});
  }

  Offset blob_table() {
    auto start = builder_.StartTable();
    if (outside_) {
      add_place(1);
    } else {
      add_scalar<uint32_t>(0, ~uint32_t{0});
    }
    return builder_.EndTable(start);
  }

  void finish(const std::vector<Offset>& graphs, const std::vector<Offset>& metadata,
              const std::vector<Offset>& signatures) {
    std::vector<Offset> codes, buffers;
    for (const auto& code : codes_) codes.push_back(code_table(code));
    auto empty = builder_.StartTable();
    buffers.push_back(builder_.EndTable(empty));
    for (size_t i = 0; i < pool_.blobs().size(); ++i) buffers.push_back(blob_table());
    for (size_t i = 1; i < buffers.size(); ++i) blob_tables_.push_back(buffers[i].o);
    Offset code_list = tables(codes), graph_list = tables(graphs), buffer_list = tables(buffers);
    Offset description = text(model_.description);
    Offset metadata_list = metadata.empty() ? Offset() : tables(metadata);
    Offset signature_list = signatures.empty() ? Offset() : tables(signatures);
    auto start = builder_.StartTable();
    add(1, code_list), add(2, graph_list), add(3, description), add(4, buffer_list),
        add(6, metadata_list), add(7, signature_list);
    add_scalar<uint32_t>(0, 3);
    builder_.Finish(flatbuffers::Offset<flatbuffers::Table>(builder_.EndTable(start)), "TFL3");
  }

  /// The byte position of field `slot` of a table that ends `from_end` bytes before the end of the
  /// head.
  size_t field_position(uint64_t from_end, int slot) const {
    const uint8_t* head = builder_.GetBufferPointer();
    size_t table = builder_.GetSize() - from_end;
    int32_t to_vtable;
    std::memcpy(&to_vtable, head + table, 4);
    uint16_t offset;
    std::memcpy(&offset, head + static_cast<int64_t>(table) - to_vtable + entry(slot), 2);
    return table + offset;
  }

  void patch_place(WrittenModel& file, uint64_t table, int slot, uint64_t start, uint64_t size) {
    std::memcpy(file.head_.data() + field_position(table, slot), &start, 8);
    std::memcpy(file.head_.data() + field_position(table, slot + 1), &size, 8);
  }

  WrittenModel place_blobs() {
    WrittenModel file;
    auto* head = reinterpret_cast<const std::byte*>(builder_.GetBufferPointer());
    file.head_.assign(head, head + builder_.GetSize());
    uint64_t position = file.head_.size();
    std::vector<uint64_t> starts;
    for (size_t i = 0; i < pool_.blobs().size(); ++i) {
      uint64_t prefix = outside_ ? 0 : 4, size = pool_.blobs()[i].size();
      uint64_t start = (position + prefix + data_alignment - 1) / data_alignment * data_alignment;
      file.pieces_.push_back({start - prefix - position, !outside_, pool_.blobs()[i]});
      if (outside_) {
        patch_place(file, blob_tables_[i], 1, start, size);
      } else {
        size_t place = field_position(blob_tables_[i], 0);
        uint32_t distance = static_cast<uint32_t>(start - prefix - place);
        std::memcpy(file.head_.data() + place, &distance, 4);
      }
      position = start + size;
      starts.push_back(start);
    }
    for (auto [table, blob] : option_places_)
      patch_place(file, table, 9, starts[blob], pool_.blobs()[blob].size());
    finish_file(file, position);
    return file;
  }

  void finish_file(WrittenModel& file, uint64_t position) const {
    static constexpr std::byte zeros[data_alignment] = {};
    if (outside_) file.pieces_.push_back({0, false, Constant(nullptr, zeros)});
    position += outside_ ? data_alignment : 0;
    if (model_.appended) {
      Constant archive = moved_archive(position);
      position += archive.size();
      file.pieces_.push_back({0, false, std::move(archive)});
    }
    file.size_ = position;
  }

  /// What is appended, as a zip archive whose offsets count from the start of the file.
  Constant moved_archive(uint64_t position) const {
    auto zip = ZipReader::open({model_.appended.owner(), model_.appended.bytes()});
    auto moved = zip ? zip->moved_to(position) : std::move(zip).error();
    return moved ? Constant::of(std::move(*moved)) : model_.appended;
  }

  const Model& model_;
  const WriteOptions& options_;
  FlatBufferBuilder builder_;
  SharedVectors vectors_{builder_};
  bool outside_ = false, options_outside_ = false;
  std::map<std::string, Offset> texts_;
  BlobPool pool_;
  std::vector<uint64_t> blob_tables_;
  std::vector<std::pair<uint64_t, size_t>> option_places_;  ///< tables of nodes, and their blobs
  std::vector<std::tuple<int, std::string, int>> codes_;
};

Expected<WrittenModel> write(const Model& model, const WriteOptions& options) {
  return Writer(model, options).write();
}

}  // namespace wherry::tflite
