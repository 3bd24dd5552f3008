// Runs graphs node by node: infer with all values known, allocate, compute.
#include "ops/evaluate.h"

#include <cstring>

#include "ops/context.h"

namespace wherry {
namespace {

struct NodeOutputs {
  std::vector<Tensor> tensors;
  ByteBudget& budget;
};

/// Makes the tensor behind output i of a call; `owner` is its NodeOutputs.
Status allocate_output(void* owner, Call& call, int i, const Shape& shape, size_t bytes) {
  NodeOutputs& outputs = *static_cast<NodeOutputs*>(owner);
  Tensor& tensor = outputs.tensors[static_cast<size_t>(i)];
  TRY(outputs.budget.take(static_cast<int64_t>(bytes)));
  outputs.budget.give_back(static_cast<int64_t>(tensor.buffer.size()));
  TensorType type = tensor.type;
  type.shape = shape;
  tensor = TRY(Tensor::sized(std::move(type), bytes));
  call.output(i) = {&tensor.type, tensor.buffer.data(), bytes};
  return {};
}

/// Strings come later, through Call::set_bytes; only their number is known here.
constexpr int64_t least_string_bytes = 16;

Status prepare_outputs(const InferContext& context, NodeOutputs& outputs) {
  for (size_t i = 0; i < outputs.tensors.size(); ++i) {
    TensorType type = context.outputs()[i];
    type.signature = {};
    bool known = context.state(static_cast<int>(i)) == InferContext::State::known;
    if (known && type.dtype == DType::string)
      TRY(outputs.budget.check(TRY(checked_multiply(type.shape.elements(), least_string_bytes))));
    if (known && type.dtype != DType::string) {
      TRY(outputs.budget.take(TRY(byte_size(type.dtype, type.shape.elements()))));
      outputs.tensors[i] = TRY(Tensor::zeros(std::move(type)));
    } else {
      outputs.tensors[i].type = std::move(type);
    }
  }
  return {};
}

Expected<std::vector<Tensor>> run_node(const Model* model, const Graph& graph, const Node& node,
                                       Environment& environment, std::span<const TensorView> inputs,
                                       std::vector<TensorType> declared, ByteBudget& budget) {
  InferContext context(model, &graph, node, {inputs.begin(), inputs.end()}, std::move(declared));
  TRY(infer(context));
  NodeOutputs outputs{std::vector<Tensor>(node.outputs.size()), budget};
  TRY(prepare_outputs(context, outputs));
  std::vector<TensorView> views;
  for (const Tensor& tensor : outputs.tensors) views.push_back(tensor.view());
  Call call(graph, node, environment, inputs, views, &allocate_output, &outputs);
  TRY(node.op->reference(call));
  return std::move(outputs.tensors);
}

std::vector<TensorType> declared_outputs(const Graph& graph, const Node& node) {
  std::vector<TensorType> declared;
  for (ValueId id : node.outputs)
    declared.push_back(id == no_value ? TensorType{} : graph.value(id).type);
  return declared;
}

/// The environment of a single folded node: no model, no state.
class NoEnvironment final : public Environment {
 public:
  const Model& model() const override { return model_; }
  Resources& resources() override { return resources_; }
  Expected<std::vector<Tensor>> call_graph(int, std::span<const TensorView>) override {
    return Error{.code = ErrorCode::unsupported,
                 .message = "a graph cannot be called while folding constants"};
  }
  Status spend_step() override { return {}; }
  bool first_time(int) override { return false; }

 private:
  Model model_;
  Resources resources_;
};

}  // namespace

/// One execution of one graph.
class GraphRun {
 public:
  GraphRun(Evaluator& evaluator, const Graph& graph)
      : evaluator_(evaluator),
        graph_(graph),
        views_(graph.values.size()),
        owned_(graph.values.size()),
        dense_(graph.values.size()),
        readers_left_(graph.values.size()) {}
  ~GraphRun() {
    for (size_t id = 0; id < owned_.size(); ++id) release(id);
  }

  Expected<std::vector<Tensor>> run(std::span<const TensorView> inputs) {
    TRY(set_inputs(inputs));
    TRY(set_constants());
    count_readers();
    for (const Node& node : graph_.nodes) {
      TRY(evaluator_.spend_step());
      TRY(run_one(node).context(cat("at ", place_of(graph_, node))));
    }
    return copy_outputs();
  }

 private:
  Expected<std::vector<Tensor>> copy_outputs() const {
    std::vector<Tensor> outputs;
    int64_t bytes = 0;
    for (ValueId id : graph_.outputs) {
      const TensorView& view = views_[static_cast<size_t>(id)];
      ENSURE(view.type, "the output ", quoted(graph_.value(id).name), " is never computed");
      bytes = TRY(checked_add(bytes, static_cast<int64_t>(view.bytes)));
      TRY(evaluator_.budget_.check(bytes));
      outputs.push_back(TRY(Tensor::copy_of(view)));
    }
    return outputs;
  }

  void release(size_t id) {
    evaluator_.budget_.give_back(static_cast<int64_t>(owned_[id].buffer.size()));
    owned_[id] = {};
  }

  Status set_inputs(std::span<const TensorView> inputs) {
    ENSURE_CODE(ErrorCode::invalid_data, inputs.size() == graph_.inputs.size(), "the graph ",
                quoted(graph_.name), " takes ", graph_.inputs.size(), " inputs, got ",
                inputs.size());
    for (size_t i = 0; i < inputs.size(); ++i) {
      const Value& value = graph_.value(graph_.inputs[i]);
      ENSURE_CODE(ErrorCode::invalid_data, inputs[i].dtype() == value.type.dtype, "the input ",
                  quoted(value.name), " has type ", value.type.dtype, ", got ", inputs[i].dtype());
      types_.push_back(std::make_unique<TensorType>(value.type));
      types_.back()->shape = inputs[i].shape();
      size_t id = static_cast<size_t>(graph_.inputs[i]);
      views_[id] = inputs[i];
      views_[id].type = types_.back().get();
      report(graph_.inputs[i]);
    }
    return {};
  }

  Status set_constants() {
    std::vector<NodeId> producers = graph_.producers();
    for (size_t id = 0; id < graph_.values.size(); ++id) {
      const Value& value = graph_.values[id];
      if (value.constant) {
        dense_[id] = TRY(dense_constant(value));
        views_[id] = {&value.type, const_cast<std::byte*>(dense_[id].bytes().data()),
                      dense_[id].size()};
        continue;
      }
      if (!value.is_variable || views_[id].type || producers[id] != no_node) continue;
      auto place = evaluator_.variables_.find(&value);
      if (place == evaluator_.variables_.end())
        place = evaluator_.variables_.emplace(&value, TRY(initial_state(value))).first;
      views_[id] = place->second.view();
    }
    return {};
  }

  Expected<Tensor> initial_state(const Value& value) {
    int64_t bytes = TRY(byte_size(value.type.dtype, TRY(value.type.shape.checked_elements())));
    TRY(evaluator_.budget_.take(bytes));
    evaluator_.variable_bytes_ += bytes;
    Tensor tensor = TRY(Tensor::zeros(value.type));
    int32_t zero_point = value.type.zero_point();
    if (value.type.dtype == DType::i8 || value.type.dtype == DType::u8) {
      std::memset(tensor.buffer.data(), zero_point & 0xff, tensor.buffer.size());
    } else if (value.type.dtype == DType::i16) {
      std::fill_n(tensor.view().as<int16_t>(), tensor.buffer.size() / 2,
                  static_cast<int16_t>(zero_point));
    }
    return tensor;
  }

  void count_readers() {
    for (const Node& node : graph_.nodes) {
      for (ValueId id : node.inputs) {
        if (id != no_value) ++readers_left_[static_cast<size_t>(id)];
      }
    }
    for (ValueId id : graph_.outputs) ++readers_left_[static_cast<size_t>(id)];
  }

  Status run_one(const Node& node) {
    std::vector<TensorView> inputs;
    for (ValueId id : node.inputs) {
      inputs.push_back(id == no_value ? TensorView{} : views_[static_cast<size_t>(id)]);
      ENSURE(id == no_value || inputs.back().type, "the input ", quoted(graph_.value(id).name),
             " is read before it is computed");
    }
    std::vector<Tensor> outputs = TRY(run_node(&evaluator_.model_, graph_, node, evaluator_, inputs,
                                               declared_outputs(graph_, node), evaluator_.budget_));
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (node.outputs[i] == no_value) {
        evaluator_.budget_.give_back(static_cast<int64_t>(outputs[i].buffer.size()));
        continue;
      }
      size_t id = static_cast<size_t>(node.outputs[i]);
      release(id);
      owned_[id] = std::move(outputs[i]);
      views_[id] = owned_[id].view();
      report(node.outputs[i]);
      if (readers_left_[id] == 0) release(id);
    }
    for (ValueId id : node.inputs) {
      if (id != no_value && --readers_left_[static_cast<size_t>(id)] == 0)
        release(static_cast<size_t>(id));
    }
    return {};
  }

  void report(ValueId id) const {
    if (evaluator_.observer_)
      evaluator_.observer_(evaluator_.observer_owner_, graph_, id, views_[static_cast<size_t>(id)]);
  }

  Evaluator& evaluator_;
  const Graph& graph_;
  std::vector<TensorView> views_;
  std::vector<Tensor> owned_;
  std::vector<Constant> dense_;
  std::vector<int> readers_left_;
  std::vector<std::unique_ptr<TensorType>> types_;
};

Status ByteBudget::check(int64_t bytes) const {
  ENSURE_CODE(ErrorCode::too_large, bytes <= limit_ - used_, "the tensors need more than ", limit_,
              " bytes at once: ", used_, " are in use, ", bytes, " more are needed");
  return {};
}

Status ByteBudget::take(int64_t bytes) {
  TRY(check(bytes));
  used_ += bytes;
  return {};
}

Expected<std::vector<Tensor>> Evaluator::run(std::span<const TensorView> inputs, int graph) {
  steps_ = 0;
  budget_.set_used(variable_bytes_);
  return call_graph(graph, inputs);
}

Expected<std::vector<Tensor>> Evaluator::call_graph(int graph, std::span<const TensorView> inputs) {
  ENSURE(graph >= 0 && static_cast<size_t>(graph) < model_.graphs.size(), "the model has no graph ",
         graph);
  ENSURE(depth_ < options_.max_depth, "graphs call each other more than ", options_.max_depth,
         " deep");
  ++depth_;
  auto result = GraphRun(*this, model_.graphs[static_cast<size_t>(graph)]).run(inputs);
  --depth_;
  return result;
}

Status Evaluator::spend_step() {
  ENSURE_CODE(ErrorCode::cancelled, ++steps_ <= options_.max_steps, "stopped after ",
              options_.max_steps, " steps");
  ENSURE_CODE(ErrorCode::cancelled,
              !options_.cancelled || !options_.cancelled->load(std::memory_order_relaxed),
              "cancelled");
  return {};
}

Expected<std::vector<Tensor>> evaluate_node(const Graph& graph, const Node& node,
                                            std::span<const TensorView> inputs,
                                            std::vector<TensorType> declared, int64_t max_bytes) {
  ENSURE(node.op->effects == Effects::pure, node.op->name, " cannot be folded");
  NoEnvironment environment;
  ByteBudget budget(max_bytes);
  if (declared.empty()) declared = declared_outputs(graph, node);
  return run_node(nullptr, graph, node, environment, inputs, std::move(declared), budget);
}

}  // namespace wherry
