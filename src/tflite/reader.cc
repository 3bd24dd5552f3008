// Reads the tables of a .tflite file into a Model, checking every index and size.
#include "tflite/reader.h"

#include <algorithm>

#include "base/aligned_buffer.h"
#include "base/zip.h"
#include "ir/verifier.h"
#include "ops/opaque.h"
#include "ops/registry.h"
#include "ops/tensorflow_names.h"
#include "tflite/external_buffers.h"
#include "tflite/options.h"
#include "tflite/quantization_table.h"
#include "tflite/wire.h"

namespace wherry::tflite {
namespace {

enum ModelSlot {
  operator_codes = 1,
  subgraphs = 2,
  description = 3,
  buffers = 4,
  metadata = 6,
  signature_defs = 7
};

struct OperatorCode {
  int code = 0;
  std::string custom;
  int version = 1;
};

/// Says what the bytes are instead of a .tflite file, as far as their beginning tells.
Error no_model(std::span<const std::byte> bytes) {
  Error error{.code = ErrorCode::malformed,
              .message = "this is not a .tflite file: the identifier TFL3 is missing at byte 4",
              .advice = "give a file that a converter to .tflite wrote"};
  std::string_view head(reinterpret_cast<const char*>(bytes.data()),
                        std::min<size_t>(bytes.size(), 8));
  if (bytes.empty()) {
    error.message = "this is not a .tflite file: it is empty";
    error.advice = "copy or download the file again";
  } else if (head.starts_with("PK") || head.starts_with("\x89HDF")) {
    error.message = "this is not a .tflite file; it looks like a saved Keras model";
    error.advice = "convert it first: wherry convert MODEL -o OUT.tflite";
  } else if (head.starts_with("version ")) {
    error.message = "this is not a .tflite file but a pointer of Git LFS to one";
    error.advice = "fetch the file itself: git lfs pull";
  }
  return error;
}

class Reader {
 public:
  Reader(const SharedBytes& file, const ReadOptions& options)
      : file_(file), options_(options), wire_(file.bytes) {}

  Expected<Model> read() {
    if (!is_tflite(file_.bytes)) return no_model(file_.bytes);
    TableView root(wire_, wire_.load<uint32_t>(0));
    Model model;
    model.description = root.text(description);
    TRY(read_codes(root));
    TRY(read_buffers(root));
    external_ = TRY(ExternalBuffers::read(root, options_.folder));
    std::vector<TableView> graphs = root.tables(subgraphs);
    TRY(wire_.status());
    ENSURE(!graphs.empty(), "the model has no subgraphs");
    for (size_t i = 0; i < graphs.size(); ++i) {
      model.graphs.push_back(TRY(read_graph(graphs[i]).context(cat("in subgraph ", i))));
    }
    TRY(read_metadata(root, model));
    TRY(read_signatures(root, model));
    TRY(wire_.status());
    model.appended = appended_archive();
    TRY(verify(model));
    return model;
  }

 private:
  Status read_codes(const TableView& root) {
    for (const TableView& table : root.tables(operator_codes)) {
      OperatorCode code;
      code.code = std::max<int>(table.get<int8_t>(0), table.get<int32_t>(3));
      code.custom = table.text(1);
      code.version = table.get<int32_t>(2, 1);
      codes_.push_back(std::move(code));
    }
    return wire_.status();
  }

  /// Each buffer's bytes: inside the FlatBuffer, or after it at offset/size.
  Status read_buffers(const TableView& root) {
    for (const TableView& table : root.tables(buffers)) {
      uint64_t offset = table.get<uint64_t>(1), size = table.get<uint64_t>(2);
      if (offset > 1) {
        ENSURE_CODE(ErrorCode::malformed, fits(offset, size, file_.bytes.size()), "buffer ",
                    buffers_.size(), " lies outside the file");
        buffers_.emplace_back(file_.owner, file_.bytes.subspan(offset, size));
        continue;
      }
      VectorView<std::byte> data = table.vector<std::byte>(0);
      buffers_.push_back(data.size() ? Constant(file_.owner, {data.data(), data.size()})
                                     : Constant());
    }
    return wire_.status();
  }

  Expected<Graph> read_graph(const TableView& table) {
    Graph graph;
    graph.name = table.text(4);
    for (const TableView& tensor : table.tables(0)) {
      graph.values.push_back(
          TRY(read_value(tensor).context(cat("in tensor ", graph.values.size()))));
    }
    graph.inputs = TRY(value_list(table, 1, graph, false));
    graph.outputs = TRY(value_list(table, 2, graph, false));
    for (const TableView& node : table.tables(3)) {
      graph.nodes.push_back(
          TRY(read_node(node, graph).context(cat("in operator ", graph.nodes.size()))));
    }
    TRY(wire_.status());
    mark_empty_constants(graph);
    return graph;
  }

  /// A tensor without elements that nothing computes is a constant, though no buffer can hold its
  /// bytes.
  static void mark_empty_constants(Graph& graph) {
    std::vector<NodeId> producers = graph.producers();
    std::vector<bool> is_input(graph.values.size(), false);
    for (ValueId id : graph.inputs) is_input[static_cast<size_t>(id)] = true;
    for (size_t id = 0; id < graph.values.size(); ++id) {
      Value& value = graph.values[id];
      if (value.constant || value.is_variable || is_input[id] || producers[id] != no_node) continue;
      if (value.type.dtype != DType::string && value.type.shape.elements() == 0)
        value.constant = Constant(nullptr, {});
    }
  }

  Expected<Value> read_value(const TableView& table) {
    Value value;
    value.name = table.text(3);
    value.type = TRY(read_type(table, 0, 1));
    value.type.signature = Shape(table.list<int32_t, int64_t>(7));
    value.type.quantization = TRY(read_quantization(table.table(4)));
    value.is_variable = table.get<uint8_t>(5) != 0;
    value.has_rank = table.get<uint8_t>(8) != 0;
    value.sparsity = TRY(read_sparsity(table.table(6)));
    for (const TableView& variant : table.tables(9))
      value.variant_types.push_back(TRY(read_type(variant, 0, 1)));
    TRY(wire_.status());
    ENSURE(
        value.type.signature.rank() == 0 || value.type.signature.rank() == value.type.shape.rank(),
        "the tensor ", quoted(value.name), " has the shape ", value.type.shape,
        " and the signature ", value.type.signature);
    uint32_t buffer = table.get<uint32_t>(2);
    ENSURE(buffer < buffers_.size() || (buffer == 0 && buffers_.empty()), "the tensor ",
           quoted(value.name), " names buffer ", buffer, " of ", buffers_.size());
    uint32_t external = table.get<uint32_t>(10);
    if (external != 0)
      value.constant = TRY(external_.find(external, alignment_of(value.type.dtype))
                               .context(cat("in the tensor ", quoted(value.name))));
    else if (buffer != 0)
      value.constant = TRY(aligned_buffer(buffer, alignment_of(value.type.dtype)));
    return value;
  }

  static size_t alignment_of(DType dtype) {
    return static_cast<size_t>(std::clamp(bits_of(dtype) / 8, 1, 8));
  }

  /// The bytes of a buffer where elements of this type can be read in place; a buffer that lies
  /// badly in the file is copied once.
  Expected<Constant> aligned_buffer(uint32_t index, size_t alignment) {
    Constant& buffer = buffers_[index];
    std::span<const std::byte> bytes = buffer.bytes();
    if (reinterpret_cast<uintptr_t>(bytes.data()) % alignment == 0) return buffer;
    auto copy = std::make_shared<AlignedBuffer>(bytes.size());
    ENSURE_CODE(ErrorCode::too_large, wire_.spend(bytes.size()) && copy->data(),
                "no memory for a buffer of ", bytes.size(), " bytes");
    std::memcpy(copy->data(), bytes.data(), bytes.size());
    buffer = Constant(copy, {copy->data(), bytes.size()});
    return buffer;
  }

  Expected<TensorType> read_type(const TableView& table, int shape_slot, int type_slot) {
    TensorType type;
    int8_t number = table.get<int8_t>(type_slot);
    ENSURE(number >= 0 && number < dtype_count, "unknown element type ", static_cast<int>(number));
    type.dtype = static_cast<DType>(number);
    type.shape = Shape(table.list<int32_t, int64_t>(shape_slot));
    for (int64_t& extent : type.shape)
      extent = std::max<int64_t>(extent, extent == -1 ? 1 : extent);
    TRY(byte_size(type.dtype, TRY(type.shape.checked_elements())));
    return type;
  }

  Expected<std::shared_ptr<const Sparsity>> read_sparsity(const TableView& table) {
    if (!table) return std::shared_ptr<const Sparsity>();
    auto sparsity = std::make_shared<Sparsity>();
    sparsity->traversal_order = table.list<int32_t>(0);
    sparsity->block_map = table.list<int32_t>(1);
    for (const TableView& dimension : table.tables(2)) {
      Sparsity::Dimension result;
      result.compressed = dimension.get<int8_t>(0) != 0;
      result.dense_size = dimension.get<int32_t>(1);
      result.segments_width = TRY(read_indices(dimension, 2, result.segments));
      result.indices_width = TRY(read_indices(dimension, 4, result.indices));
      sparsity->dimensions.push_back(std::move(result));
    }
    return std::shared_ptr<const Sparsity>(std::move(sparsity));
  }

  /// The union of int32, uint16 and uint8 vectors; returns the width in bits.
  Expected<int> read_indices(const TableView& dimension, int slot, std::vector<int32_t>& result) {
    TableView table = dimension.table(slot + 1);
    switch (dimension.get<uint8_t>(slot)) {
      case 0:
        return 32;
      case 1:
        result = table.list<int32_t>(0);
        return 32;
      case 2:
        result = table.list<uint16_t, int32_t>(0);
        return 16;
      case 3:
        result = table.list<uint8_t, int32_t>(0);
        return 8;
    }
    return Error{.code = ErrorCode::malformed, .message = "unknown kind of sparse index"};
  }

  Expected<std::vector<ValueId>> value_list(const TableView& table, int slot, const Graph& graph,
                                            bool optional) {
    std::vector<ValueId> ids = table.list<int32_t>(slot);
    for (ValueId id : ids) {
      bool valid = id >= (optional ? -1 : 0) && id < static_cast<int64_t>(graph.values.size());
      ENSURE(valid, "tensor index ", id, " is out of range; the subgraph has ", graph.values.size(),
             " tensors");
    }
    return ids;
  }

  Expected<Node> read_node(const TableView& table, const Graph& graph) {
    uint32_t index = table.get<uint32_t>(0);
    ENSURE(index < codes_.size(), "operator code index ", index, " is out of range; the model has ",
           codes_.size());
    const OperatorCode& code = codes_[index];
    Node node;
    node.version = code.version;
    node.op = definition_of(code);
    node.inputs = TRY(value_list(table, 1, graph, true));
    node.outputs = TRY(value_list(table, 2, graph, true));
    node.intermediates = TRY(value_list(table, 8, graph, false));
    if (node.op == &op::opaque || node.op->code == custom_code) {
      TRY(read_custom_options(table, code, node));
      return node;
    }
    const AttributesType& type = *node.op->attributes;
    // A tag that disagrees with the operator code counts as no options, as in the stock runtime.
    TableView options;
    if (type.option_tag_2 && table.get<uint8_t>(11) == type.option_tag_2)
      options = table.table(12);
    else if (type.option_tag && table.get<uint8_t>(3) == type.option_tag)
      options = table.table(4);
    node.attributes =
        TRY(read_options(type, options).context(cat("in the options of ", node.op->name)));
    return node;
  }

  /// Options of operators that are custom or not known. Those that only bear TensorFlow's name of a
  /// builtin operator become that.
  Status read_custom_options(const TableView& table, const OperatorCode& code, Node& node) {
    op::Custom custom{
        .custom_code = code.custom, .code = code.code, .options = table.list<uint8_t>(5)};
    uint64_t offset = table.get<uint64_t>(9), size = table.get<uint64_t>(10);
    if (offset > 1) {
      ENSURE_CODE(ErrorCode::malformed, fits(offset, size, file_.bytes.size()) && wire_.spend(size),
                  "the custom options lie outside the file");
      auto* first = reinterpret_cast<const uint8_t*>(file_.bytes.data()) + offset;
      custom.options.assign(first, first + size);
    }
    std::optional<BuiltinForm> form;
    if (node.op == &op::opaque && code.code == custom_code)
      form = TRY(builtin_form(code.custom, custom.options));
    if (form) node.op = form->op;
    node.attributes =
        form ? form->attributes : Attributes::of(op::custom_attributes, std::move(custom));
    return {};
  }

  const OpDef* definition_of(const OperatorCode& code) const {
    if (code.code != custom_code) {
      const OpDef* op = find_op(code.code);
      return op ? op : &op::opaque;
    }
    for (const OpDef* op : options_.custom_ops) {
      if (op->name == code.custom) return op;
    }
    const OpDef* op = find_custom_op(code.custom);
    return op ? op : &op::opaque;
  }

  /// A zip archive behind the FlatBuffer (labels and the like), its offsets from its own start.
  Constant appended_archive() const {
    if (!ends_in_zip(file_.bytes)) return {};
    auto zip = ZipReader::open(file_);
    if (!zip) return {};
    auto archive = zip->moved_to(0);
    return archive ? Constant::of(std::move(*archive)) : Constant();
  }

  Status read_metadata(const TableView& root, Model& model) {
    for (const TableView& table : root.tables(metadata)) {
      uint32_t buffer = table.get<uint32_t>(1);
      std::string name(table.text(0));
      ENSURE(buffer < buffers_.size(), "the metadata ", quoted(name), " names buffer ", buffer,
             " of ", buffers_.size());
      if (name == buffer_location) continue;  // says how this file is laid out; the writer decides
      model.metadata.push_back({std::move(name), buffers_[buffer]});
    }
    return {};
  }

  Status read_signatures(const TableView& root, Model& model) {
    for (const TableView& table : root.tables(signature_defs)) {
      Signature signature;
      signature.key = table.text(2);
      uint32_t graph = table.get<uint32_t>(4);
      ENSURE(graph < model.graphs.size(), "the signature ", quoted(signature.key),
             " names subgraph ", graph);
      signature.graph = static_cast<int>(graph);
      signature.inputs = TRY(read_entries(table, 0, model.graphs[graph]));
      signature.outputs = TRY(read_entries(table, 1, model.graphs[graph]));
      model.signatures.push_back(std::move(signature));
    }
    return {};
  }

  Expected<std::vector<Signature::Entry>> read_entries(const TableView& table, int slot,
                                                       const Graph& graph) {
    std::vector<Signature::Entry> entries;
    for (const TableView& entry : table.tables(slot)) {
      uint32_t value = entry.get<uint32_t>(1);
      ENSURE(value < graph.values.size(), "a signature names tensor ", value, " of ",
             graph.values.size());
      entries.push_back({std::string(entry.text(0)), static_cast<ValueId>(value)});
    }
    return entries;
  }

  const SharedBytes& file_;
  const ReadOptions& options_;
  Wire wire_;
  std::vector<OperatorCode> codes_;
  std::vector<Constant> buffers_;
  ExternalBuffers external_;
};

}  // namespace

bool is_tflite(std::span<const std::byte> bytes) {
  return bytes.size() >= 8 && std::memcmp(bytes.data() + 4, "TFL3", 4) == 0;
}

Expected<Model> read(const SharedBytes& file, const ReadOptions& options) {
  return Reader(file, options).read();
}

Expected<Model> read_file(const std::string& path, ReadOptions options) {
  SharedBytes file = TRY(map_file(path));
  if (options.folder.empty()) options.folder = path.substr(0, path.find_last_of('/') + 1);
  return read(file, options).context(cat("while reading ", quoted(path)));
}

}  // namespace wherry::tflite
