// Collects unsupported operators, types and versions.
#include "runtime/support.h"

#include <algorithm>
#include <set>

#include "ops/context.h"
#include "ops/opaque.h"
#include "ops/registry.h"
#include "runtime/declared_node.h"

namespace wherry {
namespace {

std::string types_of(const Graph& graph, const std::vector<ValueId>& ids) {
  std::string text;
  for (ValueId id : ids) {
    if (!text.empty()) text += ", ";
    text += id == no_value ? "nothing"
                           : cat(quoted(graph.value(id).name), " ", graph.value(id).type.dtype,
                                 text_of(graph.value(id).type.shape));
  }
  return text;
}

int newest_version(const OpDef& op) {
  int newest = 0;
  for (const VersionRule& rule : op.versions) newest = std::max(newest, rule.version);
  return newest;
}

class Collector {
 public:
  Collector(const Model& model, bool asks_operators)
      : model_(model), asks_operators_(asks_operators) {
    for (const OpDef* op : all_ops()) names_.push_back(op->name);
  }

  std::vector<Error> collect() {
    for (const Graph& graph : model_.graphs) {
      for (const Node& node : graph.nodes) {
        size_t before = details_.size();
        check_node(graph, node);
        if (asks_operators_ && details_.size() == before) ask_operator(graph, node);
      }
    }
    return std::move(details_);
  }

 private:
  void add(const Graph& graph, const Node& node, std::string message, std::string advice) {
    std::string place = place_of(graph, node);
    if (model_.graphs.size() > 1) place = cat("graph ", quoted(graph.name), ", ", place);
    Error detail{.code = ErrorCode::unsupported, .message = std::move(message)};
    detail.where = std::move(place);
    detail.received =
        cat("version ", std::max(node.version, 1), ", inputs ", types_of(graph, node.inputs),
            "; outputs ", types_of(graph, node.outputs));
    detail.advice = std::move(advice);
    details_.push_back(std::move(detail));
  }

  void check_node(const Graph& graph, const Node& node) {
    if (node.op == &op::opaque || !node.op->infer || !node.op->reference) {
      missing(graph, node);
      return;
    }
    const OpDef& op = *node.op;
    int newest = newest_version(op);
    if (newest > 0 && node.version > newest) {
      add(graph, node, cat(op.name, " version ", node.version, " is not supported"),
          cat("the newest supported version is ", newest));
    }
    check_types(graph, node, op.inputs, node.inputs, "input");
    check_types(graph, node, op.outputs, node.outputs, "output");
    for (ValueId id : node.inputs) check_scales(graph, node, id);
    for (ValueId id : node.outputs) check_scales(graph, node, id);
  }

  void missing(const Graph& graph, const Node& node) {
    std::string name = op::name_of(node);
    std::string_view near = nearest(name, names_);
    bool custom = node.op == &op::opaque &&
                  node.attributes.as<op::Custom>().code == op::Custom::custom_code_number;
    std::string advice =
        near.empty() ? std::string() : cat("the nearest supported operator is ", near);
    if (custom)
      advice += cat(advice.empty() ? "" : "; ", "define it as a custom operator when loading");
    add(graph, node,
        cat(custom ? "the custom operator " : "the operator ", name, " is not supported"),
        std::move(advice));
  }

  void check_types(const Graph& graph, const Node& node, const FixedList<Argument, 8>& arguments,
                   const std::vector<ValueId>& ids, std::string_view what) {
    for (size_t i = 0; i < ids.size() && arguments.size() > 0; ++i) {
      if (ids[i] == no_value) continue;
      const Argument& argument = arguments[std::min(i, arguments.size() - 1)];
      DType dtype = graph.value(ids[i]).type.dtype;
      if (argument.types.contains(dtype)) continue;
      add(graph, node,
          cat(node.op->name, " does not support ", what, " ", i, " (", argument.name, ") of type ",
              dtype),
          cat("supported types are ", names_of(argument.types)));
    }
  }

  /// Floats are what they are, whatever is noted beside them.
  void check_scales(const Graph& graph, const Node& node, ValueId id) {
    if (id == no_value) return;
    const Value& value = graph.value(id);
    bool integer = value.type.dtype != DType::f32 && value.type.dtype != DType::f16;
    if (!integer || !value.type.quantization || !value.type.quantization->multi_axis) return;
    add(graph, node,
        cat("the tensor ", quoted(value.name), " has scales along several axes, which is not ",
            "supported"),
        "quantise it with a scale per tensor, per channel or per block");
  }

  void ask_operator(const Graph& graph, const Node& node) {
    const DeclaredNode question(model_, graph, node);
    InferContext context = question.context();
    Status status = infer(context);
    if (status || status.error().code != ErrorCode::unsupported) return;
    add(graph, node, status.error().message, status.error().advice);
  }

  const Model& model_;
  bool asks_operators_;
  std::vector<std::string_view> names_;
  std::vector<Error> details_;
};

Error summary(std::vector<Error> details) {
  Error error{.code = ErrorCode::unsupported};
  std::set<std::string_view> nodes;
  for (const Error& detail : details) nodes.insert(detail.where);
  error.message = cat("the model cannot run: ", nodes.size(), " of its operators ",
                      nodes.size() == 1 ? "is" : "are", " not supported");
  error.advice = "docs/operators.md lists every operator with its types and versions";
  error.details = std::move(details);
  return error;
}

}  // namespace

Status check_support(const Model& model) {
  std::vector<Error> details = Collector(model, false).collect();
  if (details.empty()) return {};
  return summary(std::move(details));
}

Error all_unsupported(const Model& model, Error found) {
  std::vector<Error> details = Collector(model, true).collect();
  if (details.empty()) return found;
  return summary(std::move(details));
}

}  // namespace wherry
