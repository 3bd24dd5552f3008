// A few nodes at a time become a model of their own, whose session lives as long as they run.
#include "runtime/frugal_run.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/buffer_pool.h"
#include "ops/convolution/conv_2d.h"
#include "ops/linear/fully_connected.h"
#include "ops/shape/transpose.h"

namespace wherry {
namespace {

/// State and calls tie nodes together; strings and tables of scales need the whole graph around
/// them.
bool stands_alone(const Model& model) {
  if (model.graphs.size() != 1) return false;
  bool plain_nodes =
      std::all_of(model.main().nodes.begin(), model.main().nodes.end(),
                  [](const Node& node) { return node.op->effects != Effects::stateful; });
  bool plain_values =
      std::all_of(model.main().values.begin(), model.main().values.end(), [](const Value& value) {
        return value.type.dtype != DType::string && value.type.dtype != DType::resource &&
               !(value.type.quantization && value.type.quantization->blockwise);
      });
  return plain_nodes && plain_values;
}

/// Nodes that run in one session, and are packed together, have constants of so many bytes at most,
/// unless a single one has more.
constexpr size_t piece_bytes = 1 << 20;

bool reads_only_constants(const Graph& graph, const Node& node) {
  return std::all_of(node.inputs.begin(), node.inputs.end(), [&](ValueId id) {
    return id == no_value || static_cast<bool>(graph.value(id).constant);
  });
}

/// The nodes in an order in which those that read only constants (a DEQUANTIZE of weights) stand
/// before their first reader.
std::vector<const Node*> late_constants(const Graph& graph) {
  std::map<ValueId, const Node*> waiting;
  std::vector<const Node*> order;
  for (const Node& node : graph.nodes) {
    if (reads_only_constants(graph, node) && node.op->effects == Effects::pure &&
        node.outputs.size() == 1) {
      waiting[node.outputs[0]] = &node;
      continue;
    }
    for (ValueId id : node.inputs) {
      auto place = waiting.find(id);
      if (place == waiting.end()) continue;
      order.push_back(place->second);
      waiting.erase(place);
    }
    order.push_back(&node);
  }
  for (auto [id, node] : waiting) order.push_back(node);
  return order;
}

class FrugalRun {
 public:
  using Piece = std::span<const Node* const>;

  FrugalRun(const Graph& graph, SessionOptions options)
      : graph_(graph),
        options_(std::move(options)),
        readers_(graph.values.size(), 0),
        follows_from_constants_(graph.values.size(), false) {
    for (const Node& node : graph.nodes) {
      for (ValueId id : node.inputs) {
        if (id != no_value) ++readers_[static_cast<size_t>(id)];
      }
    }
    for (ValueId id : graph.outputs) ++readers_[static_cast<size_t>(id)];
  }

  Expected<std::vector<Tensor>> run(std::span<const TensorView> inputs) {
    ENSURE_CODE(ErrorCode::invalid_data, inputs.size() == graph_.inputs.size(), "the model takes ",
                graph_.inputs.size(), " inputs, got ", inputs.size());
    for (size_t i = 0; i < inputs.size(); ++i) TRY(keep(graph_.inputs[i], inputs[i]));
    std::vector<const Node*> order = late_constants(graph_);
    for (size_t first = 0; first < order.size();) {
      size_t last = first, bytes = 0;
      // What is made of constants stays with its reader, to which it is a constant then.
      bool whole = false;
      while (last < order.size()) {
        bytes += constant_bytes(*order[last]);
        if (whole && bytes > piece_bytes) break;
        whole = !reads_only_constants(graph_, *order[last++]);
      }
      Piece piece(order.data() + first, last - first);
      TRY(run_piece(piece));
      drop_constants(piece);
      first = last;
    }
    std::vector<Tensor> outputs;
    for (ValueId id : graph_.outputs) outputs.push_back(TRY(Tensor::copy_of(TRY(view_of(id)))));
    return outputs;
  }

 private:
  size_t constant_bytes(const Node& node) const {
    size_t sum = 0;
    for (ValueId id : node.inputs) {
      if (id != no_value) sum += graph_.value(id).constant.size();
    }
    return sum;
  }

  Expected<TensorView> view_of(ValueId id) const {
    auto place = alive_.find(id);
    if (place != alive_.end()) return place->second->view();
    const Value& value = graph_.value(id);
    ENSURE(value.constant, "the value ", quoted(value.name), " is never computed");
    return TensorView{&value.type, const_cast<std::byte*>(value.constant.bytes().data()),
                      value.constant.size()};
  }

  Status keep(ValueId id, const TensorView& view) {
    alive_[id] = std::make_shared<const Tensor>(TRY(Tensor::copy_of(view)));
    return {};
  }

  /// The nodes of a piece as a model; `fed` and `made` are its inputs and outputs in graph_.
  struct Part {
    Model model;
    std::vector<ValueId> fed, made;
    std::map<ValueId, ValueId> renamed;
  };

  ValueId take(Part& part, ValueId id) const {
    if (id == no_value) return id;
    auto [place, added] = part.renamed.try_emplace(id, no_value);
    if (!added) return place->second;
    Graph& graph = part.model.main();
    place->second = graph.add(graph_.value(id));
    Value& value = graph.values.back();
    value.constant = value.constant.at_hand();  // until the piece has run
    auto computed = alive_.find(id);
    if (computed == alive_.end()) return place->second;
    value.type.shape = computed->second->type.shape, value.type.signature = {};
    if (follows_from_constants_[static_cast<size_t>(id)]) {
      TensorView view = computed->second->view();
      value.constant = Constant(computed->second, {view.data, view.bytes});
      return place->second;
    }
    graph.inputs.push_back(place->second);
    part.fed.push_back(id);
    return place->second;
  }

  /// Deferred weights of a product come in the order in which they are stored, where that is all
  /// that keeps them from being at hand: products read both orders.
  Constant stored_weights(const Node& node, size_t input) const {
    const bool reads_both = node.op == &op::conv_2d || node.op == &op::fully_connected;
    if (input != 1 || !reads_both || node.inputs[1] == no_value) return {};
    Constant stored = graph_.value(node.inputs[1]).constant.with_first_axis_last();
    if (!stored || stored.is_deferred()) return {};
    auto address = reinterpret_cast<uintptr_t>(stored.bytes().data());
    return address % alignof(float) == 0 ? stored : copied(stored);
  }

  /// At an address that suits every type.
  Constant copied(const Constant& from) const {
    auto buffer = buffers_.lend(from.size());
    auto copy = [&](size_t first, std::span<const std::byte> part) -> Status {
      std::memcpy(buffer->data() + first, part.data(), part.size());
      return {};
    };
    CHECK(from.visit(options_.plan.threads, copy));
    return {buffer, {buffer->data(), from.size()}};
  }

  /// The weights as what a TRANSPOSE makes of `stored`.
  ValueId take_transposed(Part& part, ValueId id, Constant stored) const {
    auto [place, added] = part.renamed.try_emplace(id, no_value);
    if (!added) return place->second;
    Graph& graph = part.model.main();
    Value weights = graph_.value(id);
    weights.constant = {};
    const int rank = weights.type.shape.rank();
    std::vector<int32_t> order(static_cast<size_t>(rank));
    for (int i = 0; i < rank; ++i) order[static_cast<size_t>(i)] = (i + rank - 1) % rank;
    Value source = weights;
    for (int i = 0; i < rank; ++i) source.type.shape[i] = weights.type.shape[(i + 1) % rank];
    source.constant = std::move(stored);
    const ValueId from = graph.add(std::move(source));
    const ValueId axes = graph.add({.name = "axes",
                                    .type = {DType::i32, {rank}, {}, {}},
                                    .constant = Constant::of(std::move(order))});
    place->second = graph.add(std::move(weights));
    graph.nodes.push_back({.op = &op::transpose,
                           .attributes = Attributes::defaults(op::transpose_attributes),
                           .inputs = {from, axes},
                           .outputs = {place->second}});
    return place->second;
  }

  /// What nobody reads after the piece is no output of it.
  Part part_of(Piece piece) const {
    Part part;
    part.model.graphs.emplace_back();
    for (const Node* node : piece) {
      Node copy = *node;
      for (size_t i = 0; i < copy.inputs.size(); ++i) {
        Constant stored = stored_weights(*node, i);
        copy.inputs[i] = stored ? take_transposed(part, node->inputs[i], std::move(stored))
                                : take(part, node->inputs[i]);
      }
      for (ValueId& id : copy.intermediates) id = take(part, id);
      for (ValueId& id : copy.outputs) {
        bool wanted = id != no_value && readers_[static_cast<size_t>(id)] > 0;
        if (wanted) part.made.push_back(id);
        id = take(part, id);
        if (wanted) part.model.main().outputs.push_back(id);
      }
      part.model.main().nodes.push_back(std::move(copy));
    }
    return part;
  }

  void count_reads(Piece piece) {
    for (const Node* node : piece) {
      for (ValueId id : node->inputs) {
        if (id != no_value) --readers_[static_cast<size_t>(id)];
      }
    }
  }

  Status run_piece(Piece piece) {
    count_reads(piece);
    Part part = part_of(piece);
    if (part.made.empty()) return {};
    Session session(TRY(SharedModel::create(std::move(part.model))), options_);
    GraphRunner& runner = session.runner(0);
    std::vector<Shape> shapes;
    for (ValueId id : part.fed) shapes.push_back(alive_.at(id)->type.shape);
    TRY(runner.prepare(std::move(shapes)));
    for (size_t i = 0; i < part.fed.size(); ++i) {
      TensorView from = alive_.at(part.fed[i])->view();
      if (from.bytes) std::memcpy(runner.input(static_cast<int>(i)).data, from.data, from.bytes);
    }
    std::erase_if(
        alive_, [&](const auto& entry) { return readers_[static_cast<size_t>(entry.first)] == 0; });
    TRY(session.run(runner));
    for (size_t i = 0; i < part.made.size(); ++i)
      TRY(keep(part.made[i], runner.output(static_cast<int>(i))));
    mark_constants(piece);
    return {};
  }

  /// What follows from constants alone can be packed: weights behind a DEQUANTIZE stay weights,
  /// also where a node of a later piece reads them once more.
  void mark_constants(Piece piece) {
    for (const Node* node : piece) {
      bool follows = node->op->effects == Effects::pure &&
                     std::all_of(node->inputs.begin(), node->inputs.end(), [&](ValueId id) {
                       return id == no_value || graph_.value(id).constant ||
                              follows_from_constants_[static_cast<size_t>(id)];
                     });
      for (ValueId id : node->outputs) {
        if (id != no_value) follows_from_constants_[static_cast<size_t>(id)] = follows;
      }
    }
  }

  void drop_constants(Piece piece) const {
    for (const Node* node : piece) {
      for (ValueId id : node->inputs) {
        if (id == no_value) continue;
        const Constant& constant = graph_.value(id).constant;
        if (constant) constant.drop_pages();
      }
    }
  }

  const Graph& graph_;
  SessionOptions options_;
  std::vector<int> readers_;
  std::map<ValueId, std::shared_ptr<const Tensor>> alive_;
  std::vector<bool> follows_from_constants_;
  BufferPool buffers_;  ///< for weights that files hold at odd addresses
};

}  // namespace

Expected<std::vector<Tensor>> run_frugally(const Model& model, std::span<const TensorView> inputs,
                                           const SessionOptions& options) {
  if (!stands_alone(model)) return Session(TRY(SharedModel::create(model)), options).run(inputs);
  SessionOptions once = options;
  once.plan.runs_once = true;  // not where a graph may be called again and again
  return FrugalRun(model.main(), once).run(inputs);
}

}  // namespace wherry
