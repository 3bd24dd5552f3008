// Loading of models, and what they say of themselves.
#include "api/internals.h"
#include "ir/text.h"
#include "ops/macs.h"
#include "ops/opaque.h"
#include "tflite/reader.h"
#include "tflite/writer.h"

namespace wherry {
namespace v1 {
namespace {

Expected<Model> load_shared(const SharedBytes& file, const std::string& folder,
                            const LoadOptions& options) {
  auto implementation = std::make_shared<Model::Implementation>();
  std::vector<const OpDef*> definitions;
  for (const auto& custom : options.custom_operators) {
    ENSURE_CODE(ErrorCode::usage, custom, "a custom operator is null");
    implementation->custom.push_back(std::make_unique<CustomOpDef>(custom));
    definitions.push_back(implementation->custom.back().get());
  }
  wherry::Model model = TRY(tflite::read(file, {.custom_ops = definitions, .folder = folder}));
  implementation->file_bytes = static_cast<int64_t>(file.bytes.size());
  implementation->shared = TRY(SharedModel::create(std::move(model)));
  return Model(std::move(implementation));
}

}  // namespace

Expected<Model> Model::load(const std::string& path, const LoadOptions& options) {
  SharedBytes file = TRY(map_file(path));
  std::string folder = path.substr(0, path.find_last_of('/') + 1);
  return load_shared(file, folder, options).context(cat("while reading ", quoted(path)));
}

Expected<Model> Model::load(std::span<const std::byte> bytes, const LoadOptions& options) {
  return load_shared(share({bytes.begin(), bytes.end()}), "", options);
}

Expected<Model> Model::load(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                            const LoadOptions& options) {
  return load_shared({std::move(owner), bytes}, "", options);
}

const std::string& Model::description() const { return implementation_->model().description; }

int64_t Model::file_bytes() const { return implementation_->file_bytes; }

int Model::graph_count() const { return static_cast<int>(implementation_->model().graphs.size()); }

std::string Model::minimum_runtime() const {
  return tflite::minimum_runtime(implementation_->model());
}

std::vector<SignatureInfo> Model::signatures() const {
  std::vector<SignatureInfo> result;
  for (const Signature& signature : implementation_->model().signatures) {
    SignatureInfo& info = result.emplace_back();
    info.key = signature.key;
    info.graph = signature.graph;
    for (const auto& entry : signature.inputs) info.inputs.push_back({entry.name, entry.value});
    for (const auto& entry : signature.outputs) info.outputs.push_back({entry.name, entry.value});
  }
  return result;
}

std::vector<MetadataInfo> Model::metadata() const {
  std::vector<MetadataInfo> result;
  for (const MetadataEntry& entry : implementation_->model().metadata)
    result.push_back({entry.name, entry.data.bytes()});
  return result;
}

std::span<const std::byte> Model::constant(int graph, int tensor) const {
  const wherry::Model& model = implementation_->model();
  if (graph < 0 || graph >= graph_count() || tensor < 0) return {};
  const Graph& found = model.graphs[static_cast<size_t>(graph)];
  if (static_cast<size_t>(tensor) >= found.values.size()) return {};
  const Constant& constant = found.value(tensor).constant;
  return constant ? constant.bytes() : std::span<const std::byte>();
}

ElementType public_type(DType dtype) { return static_cast<ElementType>(dtype); }

namespace {

std::string details_of(const Quantization& q) {
  if (q.blockwise)
    return cat("a scale for ", q.blockwise->block_size, " elements along the last axis, in tensor ",
               q.blockwise->scales);
  if (q.multi_axis)
    return cat("scales along the axes ", q.multi_axis->axes, " in blocks of ",
               q.multi_axis->block_size, ", in tensor ", q.multi_axis->scales);
  if (q.custom) return cat(q.custom->size(), " bytes of another program");
  return {};
}

SparsityInfo public_sparsity(const Sparsity& sparsity) {
  SparsityInfo info{sparsity.traversal_order, sparsity.block_map, {}};
  for (const Sparsity::Dimension& dimension : sparsity.dimensions) {
    info.dimensions.push_back(
        {dimension.compressed, dimension.dense_size, dimension.segments, dimension.indices});
  }
  return info;
}

}  // namespace

QuantizationInfo public_quantization(const TensorType& type) {
  if (!type.quantization) return {};
  const Quantization& q = *type.quantization;
  return {q.scales, q.zero_points, q.axis, details_of(q)};
}

namespace {

NodeInfo describe_node(const wherry::Model& model, const Graph& graph, const Node& node,
                       int index) {
  NodeInfo info{.index = index, .op = op::name_of(node)};
  info.is_custom = node.attributes.type() == &op::custom_attributes;
  info.is_supported = node.op->infer && node.op->reference;
  info.version = std::max(node.version, 1);
  info.minimum_runtime = std::string(tflite::runtime_of(graph, node));
  info.inputs = node.inputs;
  info.outputs = node.outputs;
  if (node.attributes.type()) {
    for (const Field& field : node.attributes.type()->fields)
      info.options.push_back(
          {std::string(field.name), print_option(field, node.attributes.data())});
  }
  info.macs = macs_of(model, graph, node);
  if (!node.origin.layer.empty())
    info.layer = cat("layer ", quoted(node.origin.layer), " (", node.origin.class_name, ")");
  return info;
}

}  // namespace

TensorInfo describe(const Value& value, int index, const TensorType& type) {
  TensorInfo info{.index = index, .name = value.name, .type = public_type(type.dtype)};
  info.shape = type.shape.dims();
  info.shape_signature = value.type.signature.rank() ? value.type.signature.dims() : info.shape;
  info.quantization = public_quantization(type);
  auto bytes = byte_size(type.dtype, type.shape.elements());
  info.bytes = bytes ? *bytes : 0;
  info.is_constant = static_cast<bool>(value.constant);
  info.stored_bytes = info.is_constant ? static_cast<int64_t>(value.constant.size()) : 0;
  info.is_variable = value.is_variable;
  if (value.sparsity) info.sparsity = public_sparsity(*value.sparsity);
  return info;
}

GraphInfo Model::graph(int index) const {
  GraphInfo info;
  if (index < 0 || index >= graph_count()) return info;
  const wherry::Model& model = implementation_->model();
  const Graph& graph = model.graphs[static_cast<size_t>(index)];
  info.name = graph.name;
  info.inputs = graph.inputs;
  info.outputs = graph.outputs;
  for (size_t i = 0; i < graph.values.size(); ++i)
    info.tensors.push_back(describe(graph.values[i], static_cast<int>(i), graph.values[i].type));
  for (size_t i = 0; i < graph.nodes.size(); ++i)
    info.nodes.push_back(describe_node(model, graph, graph.nodes[i], static_cast<int>(i)));
  return info;
}

}  // namespace v1
}  // namespace wherry
