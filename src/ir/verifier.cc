// The checks of a single graph and of the graphs together.
#include "ir/verifier.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/checked.h"
#include "ir/op_def.h"

namespace wherry {
namespace {

struct IntegerLimits {
  int64_t min, max;
};
/// Limits of an integer element type; of other types nothing is checked.
std::optional<IntegerLimits> limits_of(DType dtype) {
  switch (dtype) {
    case DType::i2:
      return IntegerLimits{-2, 1};
    case DType::i4:
      return IntegerLimits{-8, 7};
    case DType::u4:
      return IntegerLimits{0, 15};
    case DType::i8:
      return IntegerLimits{-128, 127};
    case DType::u8:
      return IntegerLimits{0, 255};
    case DType::i16:
      return IntegerLimits{-32768, 32767};
    case DType::u16:
      return IntegerLimits{0, 65535};
    case DType::i32:
      return IntegerLimits{INT32_MIN, INT32_MAX};
    default:
      return std::nullopt;
  }
}

class GraphVerifier {
 public:
  explicit GraphVerifier(const Graph& graph)
      : graph_(graph), available_(graph.values.size()), is_input_(graph.values.size()) {}

  Status run() {
    for (const Value& value : graph_.values) TRY(check_value(value));
    TRY(check_inputs());
    for (size_t id = 0; id < graph_.values.size(); ++id) {
      const Value& value = graph_.values[id];
      available_[id] = is_input_[id] || value.constant || value.is_variable;
    }
    // A variable that a node sets is there from then on.
    for (const Node& node : graph_.nodes) {
      for (ValueId id : node.outputs) {
        bool known = id >= 0 && static_cast<size_t>(id) < graph_.values.size();
        if (!known || is_input_[static_cast<size_t>(id)] || graph_.value(id).constant) continue;
        available_[static_cast<size_t>(id)] = false;
      }
    }
    for (size_t n = 0; n < graph_.nodes.size(); ++n)
      TRY(check_node(graph_.nodes[n])
              .context(cat("in node ", n, " (", name_of(graph_.nodes[n]), ")")));
    for (ValueId id : graph_.outputs) {
      TRY(check_id(id, false, "a graph output"));
      ENSURE(available_[static_cast<size_t>(id)], "the graph output ", name_of(id),
             " is never computed");
    }
    return {};
  }

 private:
  static std::string_view name_of(const Node& node) { return node.op ? node.op->name : "?"; }
  std::string name_of(ValueId id) const { return quoted(graph_.value(id).name); }

  Status check_id(ValueId id, bool optional, std::string_view what) const {
    bool valid =
        (optional && id == no_value) || (id >= 0 && static_cast<size_t>(id) < graph_.values.size());
    ENSURE(valid, what, " has the value number ", id, ", the graph has ", graph_.values.size(),
           " values");
    return {};
  }

  Status check_value(const Value& value) const {
    TRY(check_type(value.type).context(cat("in value ", quoted(value.name))));
    if (!value.constant || value.sparsity || value.type.dtype == DType::string) return {};
    int64_t bytes = TRY(byte_size(value.type.dtype, value.type.shape.elements()));
    ENSURE(
        value.type.dtype != DType::variant && static_cast<int64_t>(value.constant.size()) == bytes,
        "the constant ", quoted(value.name), " has ", value.constant.size(), " bytes, its type ",
        text_of(value.type), " needs ", bytes);
    return {};
  }

  Status check_type(const TensorType& type) const {
    TRY(byte_size(type.dtype, TRY(type.shape.checked_elements())));
    ENSURE(type.signature.rank() == 0 || type.signature.rank() == type.shape.rank(), "the shape ",
           type.shape, " and the signature ", type.signature, " differ in rank");
    if (!type.quantization) return {};
    TRY(check_scales(type));
    return check_blocks(*type.quantization);
  }

  static Status check_scales(const TensorType& type) {
    const Quantization& q = *type.quantization;
    // Files carry stray axes where there is nothing to choose: with one scale, or one axis.
    if (q.scales.size() > 1) {
      int32_t axis = type.shape.rank() == 1 ? 0 : q.axis;
      bool fits = axis >= 0 && axis < type.shape.rank() &&
                  type.shape[axis] == static_cast<int64_t>(q.scales.size());
      ENSURE(fits, "there are ", q.scales.size(), " scales along axis ", q.axis,
             " of a tensor of shape ", type.shape);
    }
    ENSURE(q.scales.empty() || q.zero_points.size() <= q.scales.size(), "there are ",
           q.zero_points.size(), " zero points for ", q.scales.size(), " scales");
    for (float scale : q.scales)
      ENSURE(std::isfinite(scale) && scale >= 0, "the scale ", scale, " is no size of a step");
    auto limits = limits_of(type.dtype);
    for (int64_t zero_point : q.zero_points) {
      ENSURE(!limits || (zero_point >= limits->min && zero_point <= limits->max), "the zero point ",
             zero_point, " does not fit the type ", type.dtype);
    }
    return {};
  }

  Status check_blocks(const Quantization& q) const {
    if (q.multi_axis) {
      TRY(check_id(q.multi_axis->scales, false, "the tensor of scales along several axes"));
      TRY(check_id(q.multi_axis->zero_points, true, "the tensor of their zero points"));
    }
    if (!q.blockwise) return {};
    TRY(check_id(q.blockwise->scales, false, "the tensor of block scales"));
    TRY(check_id(q.blockwise->zero_points, true, "the tensor of block zero points"));
    ENSURE(q.blockwise->block_size > 0, "the quantisation has blocks of ", q.blockwise->block_size);
    return {};
  }

  Status check_inputs() {
    for (ValueId id : graph_.inputs) {
      TRY(check_id(id, false, "a graph input"));
      ENSURE(!is_input_[static_cast<size_t>(id)], "the graph input ", name_of(id),
             " is listed twice");
      is_input_[static_cast<size_t>(id)] = true;
    }
    return {};
  }

  Status check_node(const Node& node) {
    ENSURE(node.op, "the node has no operator");
    for (ValueId id : node.outputs) {
      TRY(check_id(id, true, "an output"));
      bool there = id != no_value && (is_input_[static_cast<size_t>(id)] ||
                                      graph_.value(id).constant || graph_.value(id).is_variable);
      bool reads = std::find(node.inputs.begin(), node.inputs.end(), id) != node.inputs.end();
      ENSURE(!there || !reads, "the value ", name_of(id), " is both input and output");
    }
    for (ValueId id : node.inputs) {
      TRY(check_id(id, true, "an input"));
      ENSURE(id == no_value || available_[static_cast<size_t>(id)], "the input ", name_of(id),
             " is read before it is computed");
    }
    for (ValueId id : node.intermediates) TRY(check_id(id, false, "an intermediate value"));
    for (ValueId id : node.outputs) TRY(check_output(id));
    return {};
  }

  Status check_output(ValueId id) {
    if (id == no_value) return {};
    const Value& value = graph_.value(id);
    std::string_view kind = is_input_[static_cast<size_t>(id)] ? "a graph input"
                            : value.constant                   ? "a constant"
                                                               : "computed twice";
    ENSURE(!available_[static_cast<size_t>(id)], "the output ", name_of(id), " is ", kind);
    available_[static_cast<size_t>(id)] = true;
    return {};
  }

  const Graph& graph_;
  std::vector<bool> available_, is_input_;
};

/// Graphs that the options of a node name: fields called "..._subgraph_index" or "..._indices".
std::vector<int32_t> called_graphs(const Node& node) {
  std::vector<int32_t> called;
  if (!node.attributes.type()) return called;
  for (const Field& field : node.attributes.type()->fields) {
    if (field.kind == FieldKind::int32 && field.name.ends_with("subgraph_index"))
      called.push_back(field.in<int32_t>(node.attributes.data()));
    if (field.kind == FieldKind::int32_list && field.name.ends_with("subgraph_indices")) {
      const auto& list = field.in<std::vector<int32_t>>(node.attributes.data());
      called.insert(called.end(), list.begin(), list.end());
    }
  }
  return called;
}

Expected<std::vector<std::vector<size_t>>> all_calls(const Model& model) {
  std::vector<std::vector<size_t>> calls(model.graphs.size());
  for (size_t g = 0; g < model.graphs.size(); ++g) {
    for (const Node& node : model.graphs[g].nodes) {
      for (int32_t called : called_graphs(node)) {
        ENSURE(called >= 0 && static_cast<size_t>(called) < model.graphs.size(), "the operator ",
               node.op->name, " names subgraph ", called, " of ", model.graphs.size());
        calls[g].push_back(static_cast<size_t>(called));
      }
    }
  }
  return calls;
}

/// Takes away graphs that nobody left over calls, until none is left.
Status check_calls(const Model& model) {
  std::vector<std::vector<size_t>> calls = TRY(all_calls(model));
  std::vector<size_t> callers(calls.size(), 0), free;
  for (const auto& list : calls) {
    for (size_t called : list) ++callers[called];
  }
  for (size_t g = 0; g < calls.size(); ++g) {
    if (callers[g] == 0) free.push_back(g);
  }
  for (size_t done = 0; done < free.size(); ++done) {
    for (size_t called : calls[free[done]]) {
      if (--callers[called] == 0) free.push_back(called);
    }
  }
  auto looping = std::find_if(callers.begin(), callers.end(), [](size_t n) { return n > 0; });
  ENSURE(looping == callers.end(), "subgraph ", looping - callers.begin(),
         " calls itself, directly or by way of others");
  return {};
}

Status check_entries(const std::vector<Signature::Entry>& entries,
                     const std::vector<ValueId>& allowed, std::string_view what) {
  std::set<std::string_view> names;
  std::set<ValueId> ids(allowed.begin(), allowed.end());
  for (const Signature::Entry& entry : entries) {
    ENSURE(ids.count(entry.value), "its ", what, " ", quoted(entry.name), " is value ", entry.value,
           ", which is no ", what, " of the graph");
    ENSURE(names.insert(entry.name).second, "it has two ", what, "s called ", quoted(entry.name));
  }
  return {};
}

Status check_signature(const Model& model, const Signature& signature) {
  ENSURE(signature.graph >= 0 && static_cast<size_t>(signature.graph) < model.graphs.size(),
         "it names subgraph ", signature.graph, " of ", model.graphs.size());
  const Graph& graph = model.graphs[static_cast<size_t>(signature.graph)];
  TRY(check_entries(signature.inputs, graph.inputs, "input"));
  return check_entries(signature.outputs, graph.outputs, "output");
}

}  // namespace

Status verify(const Graph& graph) { return GraphVerifier(graph).run(); }

Status verify(const Model& model) {
  ENSURE(!model.graphs.empty(), "the model has no subgraphs");
  for (size_t g = 0; g < model.graphs.size(); ++g)
    TRY(verify(model.graphs[g]).context(cat("in subgraph ", g)));
  TRY(check_calls(model));
  std::set<std::string_view> keys;
  for (const Signature& signature : model.signatures) {
    TRY(check_signature(model, signature).context(cat("in signature ", quoted(signature.key))));
    ENSURE(keys.insert(signature.key).second, "there are two signatures called ",
           quoted(signature.key));
  }
  return {};
}

}  // namespace wherry
