// Each node becomes a model of its own, whose session lives as long as the node runs.
#include "runtime/frugal_run.h"

#include <algorithm>
#include <cstring>

#include "base/mapped_file.h"

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

class FrugalRun {
 public:
  FrugalRun(const Graph& graph, const SessionOptions& options)
      : graph_(graph),
        options_(options),
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
    for (const Node& node : graph_.nodes) {
      TRY(run_node(node));
      drop_constants(node);
    }
    std::vector<Tensor> outputs;
    for (ValueId id : graph_.outputs) outputs.push_back(TRY(Tensor::copy_of(TRY(view_of(id)))));
    return outputs;
  }

 private:
  Expected<TensorView> view_of(ValueId id) const {
    auto place = alive_.find(id);
    if (place != alive_.end()) return place->second->view();
    const Value& value = graph_.value(id);
    ENSURE(value.constant, "the value ", quoted(value.name), " is never computed");
    return TensorView{&value.type, const_cast<std::byte*>(value.constant.bytes().data()),
                      value.constant.bytes().size()};
  }

  Status keep(ValueId id, const TensorView& view) {
    alive_[id] = std::make_shared<const Tensor>(TRY(Tensor::copy_of(view)));
    return {};
  }

  /// The node alone, with what is computed before it as inputs of the graph.
  Model model_of(const Node& node, std::vector<ValueId>& fed) const {
    Model model;
    Graph& graph = model.graphs.emplace_back();
    std::map<ValueId, ValueId> renamed;
    auto take = [&](ValueId id) {
      if (id == no_value) return id;
      auto [place, added] = renamed.try_emplace(id, no_value);
      if (!added) return place->second;
      place->second = graph.add(graph_.value(id));
      auto computed = alive_.find(id);
      if (computed == alive_.end()) return place->second;
      Value& value = graph.values.back();
      value.type.shape = computed->second->type.shape, value.type.signature = {};
      if (follows_from_constants_[static_cast<size_t>(id)]) {
        TensorView view = computed->second->view();
        value.constant = Constant(computed->second, {view.data, view.bytes});
        return place->second;
      }
      graph.inputs.push_back(place->second);
      fed.push_back(id);
      return place->second;
    };
    Node copy = node;
    for (ValueId& id : copy.inputs) id = take(id);
    for (ValueId& id : copy.intermediates) id = take(id);
    for (ValueId& id : copy.outputs) {
      id = take(id);
      if (id != no_value) graph.outputs.push_back(id);
    }
    graph.nodes.push_back(std::move(copy));
    return model;
  }

  Status run_node(const Node& node) {
    std::vector<ValueId> fed;
    Session session(TRY(SharedModel::create(model_of(node, fed))), options_);
    GraphRunner& runner = session.runner(0);
    std::vector<Shape> shapes;
    for (ValueId id : fed) shapes.push_back(alive_.at(id)->type.shape);
    TRY(runner.prepare(std::move(shapes)));
    for (size_t i = 0; i < fed.size(); ++i) {
      TensorView from = alive_.at(fed[i])->view();
      if (from.bytes) std::memcpy(runner.input(static_cast<int>(i)).data, from.data, from.bytes);
    }
    forget_inputs(node);
    TRY(session.run(runner));
    int next = 0;
    bool pure = node.op->effects == Effects::pure;
    for (ValueId id : node.outputs) {
      if (id == no_value) continue;
      TRY(keep(id, runner.output(next++)));
      // As a constant it can be packed: weights behind a DEQUANTIZE stay weights.
      follows_from_constants_[static_cast<size_t>(id)] = fed.empty() && pure;
    }
    return {};
  }

  /// Values that nobody reads after this node: the session has copies.
  void forget_inputs(const Node& node) {
    for (ValueId id : node.inputs) {
      if (id == no_value || --readers_[static_cast<size_t>(id)] > 0) continue;
      alive_.erase(id);
    }
  }

  void drop_constants(const Node& node) const {
    for (ValueId id : node.inputs) {
      if (id == no_value) continue;
      const Constant& constant = graph_.value(id).constant;
      if (constant) drop_pages(constant.owner(), constant.bytes());
    }
  }

  const Graph& graph_;
  const SessionOptions& options_;
  std::vector<int> readers_;
  std::map<ValueId, std::shared_ptr<const Tensor>> alive_;
  std::vector<bool> follows_from_constants_;
};

}  // namespace

Expected<std::vector<Tensor>> run_frugally(const Model& model, std::span<const TensorView> inputs,
                                           const SessionOptions& options) {
  if (stands_alone(model)) return FrugalRun(model.main(), options).run(inputs);
  return Session(TRY(SharedModel::create(model)), options).run(inputs);
}

}  // namespace wherry
