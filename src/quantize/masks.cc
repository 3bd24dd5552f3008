// Finds SELECT and ADD in front of SOFTMAX and replaces the masking constants.
#include "quantize/masks.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "ops/normalization/softmax.h"
#include "passes/linear.h"
#include "quantize/constants.h"

namespace wherry::quantize {
namespace {

using passes::floats_of;

/// Scores are never that low; what is, masks.
constexpr float deep = -1000;
/// Of SOFTMAX's int8 output.
constexpr double steps = 256;
/// Scores of a row when their number is open.
constexpr int64_t usual_row = 64;

bool passes_through(const Node& node) {
  static const std::set<std::string_view> names = {"RESHAPE", "TRANSPOSE", "EXPAND_DIMS",
                                                   "SQUEEZE"};
  return names.count(node.op->name) > 0;
}

bool selects(const Node& node) { return node.op->name == "SELECT" || node.op->name == "SELECT_V2"; }

/// A SELECT or ADD that masks scores.
struct Masking {
  NodeId node = no_node;
  size_t scores = 0, mask = 0;     ///< inputs of the node
  double depth = 0;                ///< how far below any score a masked one has to lie
  std::vector<ValueId> followers;  ///< the masked scores, up to SOFTMAX
  ValueId product = no_value;      ///< where the mask is computed: the output of its MUL
};

class Softener {
 public:
  Softener(Graph& graph, Ranges& ranges, const Options& options)
      : graph_(graph),
        ranges_(ranges),
        options_(options),
        producers_(graph.producers()),
        consumers_(graph.consumers()) {}

  void run() {
    for (const Node& node : graph_.nodes) {
      bool kept = options_.keep_float && options_.keep_float(node);
      if (node.op == &op::softmax && !kept) find(node);
    }
    std::sort(found_.begin(), found_.end(),
              [](const Masking& a, const Masking& b) { return a.node < b.node; });
    for (const Masking& masking : found_) {
      if (masking.product == no_value || only_masks(masking.product)) apply(masking);
    }
    for (const auto& [product, depth] : products_) scale_product(product, depth);
  }

 private:
  const Node* maker(ValueId id) const {
    NodeId node = producers_[static_cast<size_t>(id)];
    return node == no_node ? nullptr : &graph_.nodes[static_cast<size_t>(node)];
  }

  bool only_reader(ValueId id) const {
    bool is_output =
        std::find(graph_.outputs.begin(), graph_.outputs.end(), id) != graph_.outputs.end();
    return !is_output && consumers_[static_cast<size_t>(id)].size() == 1;
  }

  /// Smallest and largest number of a constant or an activation; nothing for others.
  std::optional<Range> range(ValueId id) const {
    if (id == no_value) return std::nullopt;
    const Value& value = graph_.value(id);
    if (value.constant && value.type.dtype == DType::f32 && !value.sparsity) return range_of(value);
    auto place = ranges_.find(id);
    return place == ranges_.end() ? std::nullopt : std::optional(place->second.seen);
  }

  static double depth_of(const Node& softmax, const Shape& shape, bool fixed) {
    double row = static_cast<double>(fixed ? shape[shape.rank() - 1] : usual_row);
    double beta = std::max(1e-6f, softmax.attributes.as<op::Softmax>().beta);
    return std::log(steps * std::max(row, 1.0)) / beta;
  }

  /// Collects the maskings between the scores and one SOFTMAX, the last first.
  void find(const Node& softmax) {
    ValueId id = softmax.inputs[0];
    const TensorType& type = graph_.value(id).type;
    if (type.dtype != DType::f32 || type.shape.rank() == 0) return;
    Masking masking{.depth = depth_of(softmax, type.shape, type.fixed(type.shape.rank() - 1))};
    while (only_reader(id) && maker(id)) {
      const Node& node = *maker(id);
      masking.followers.push_back(id);
      if (passes_through(node)) {
        id = node.inputs[0];
      } else if (masks(node, masking)) {
        found_.push_back(masking);
        id = node.inputs[masking.scores];
        masking.followers.clear();
      } else {
        return;
      }
    }
  }

  bool masks(const Node& node, Masking& masking) const {
    bool adds = node.op->name == "ADD";
    if (!adds && !selects(node)) return false;
    size_t first = adds ? 0 : 1;
    for (size_t mask : {first, first + 1}) {
      size_t scores = 2 * first + 1 - mask;
      std::optional<Range> number = range(node.inputs[mask]);
      bool others = range(node.inputs[scores]) && !graph_.value(node.inputs[scores]).constant;
      if (!number || !others || number->min > deep || (!adds && number->max > deep)) continue;
      masking.node = producers_[static_cast<size_t>(node.outputs[0])];
      masking.scores = scores, masking.mask = mask, masking.product = no_value;
      if (graph_.value(node.inputs[mask]).constant) return true;
      masking.product = adds ? product_of(node.inputs[mask]) : no_value;
      if (masking.product != no_value) return true;
    }
    return false;
  }

  /// The output of the MUL by a constant that a mask comes from.
  ValueId product_of(ValueId id) const {
    const Node* node = maker(id);
    while (node && passes_through(*node)) {
      id = node->inputs[0];
      node = maker(id);
    }
    return node && node->op->name == "MUL" && factor_of(*node) != no_input ? id : no_value;
  }

  size_t factor_of(const Node& product) const {
    for (size_t i : {size_t{0}, size_t{1}}) {
      const Value& value = graph_.value(product.inputs[i]);
      if (value.constant && value.type.dtype == DType::f32 && !value.sparsity) return i;
    }
    return no_input;
  }

  bool is_masking(NodeId node, ValueId mask) const {
    return std::any_of(found_.begin(), found_.end(), [&](const Masking& masking) {
      return masking.node == node &&
             graph_.nodes[static_cast<size_t>(node)].inputs[masking.mask] == mask;
    });
  }

  /// Whether all that comes of a value is maskings.
  bool only_masks(ValueId id) const {
    if (std::find(graph_.outputs.begin(), graph_.outputs.end(), id) != graph_.outputs.end())
      return false;
    const std::vector<NodeId>& readers = consumers_[static_cast<size_t>(id)];
    return std::all_of(readers.begin(), readers.end(), [&](NodeId reader) {
      const Node& node = graph_.nodes[static_cast<size_t>(reader)];
      return passes_through(node) ? only_masks(node.outputs[0]) : is_masking(reader, id);
    });
  }

  void apply(const Masking& masking) {
    Node& node = graph_.nodes[static_cast<size_t>(masking.node)];
    Range scores = ranges_.at(node.inputs[masking.scores]).best;
    double floor = scores.min - masking.depth;
    double drop = scores.max - floor;
    if (masking.product != no_value) {
      double& needed = products_[masking.product];
      needed = std::max(needed, drop);
    } else {
      double least = selects(node) ? floor : -drop;
      node.inputs[masking.mask] = raised(node.inputs[masking.mask], static_cast<float>(least));
    }
    for (ValueId id : masking.followers) {
      auto place = ranges_.find(id);
      if (place == ranges_.end()) continue;
      float high = selects(node) ? scores.max : place->second.seen.max;
      Range softened{static_cast<float>(floor), std::max(high, static_cast<float>(floor))};
      place->second = {softened, softened};
    }
  }

  /// A copy of a constant without elements below `least`.
  ValueId raised(ValueId id, float least) {
    return changed(id, [least](float element) { return std::max(element, least); });
  }

  /// A copy of a constant with `change` of its elements.
  template <class F>
  ValueId changed(ValueId id, F change) {
    Value value = graph_.value(id);
    std::vector<float> elements = floats_of(value);
    for (float& element : elements) element = change(element);
    value.constant = Constant::of(std::move(elements));
    return graph_.add(std::move(value));
  }

  /// The product shrinks until its lowest number is -depth, and with it what is made of it.
  void scale_product(ValueId product, double depth) {
    Node& node = graph_.nodes[static_cast<size_t>(producers_[static_cast<size_t>(product)])];
    double share = depth / -static_cast<double>(ranges_.at(product).seen.min);
    if (share >= 1) return;
    ValueId& factor = node.inputs[factor_of(node)];
    factor =
        changed(factor, [share](float element) { return static_cast<float>(element * share); });
    shrink(product, static_cast<float>(share));
  }

  void shrink(ValueId id, float share) {
    auto place = ranges_.find(id);
    if (place != ranges_.end()) {
      Range seen = place->second.seen;
      place->second.best = place->second.seen = {seen.min * share, seen.max * share};
    }
    for (NodeId reader : consumers_[static_cast<size_t>(id)]) {
      const Node& node = graph_.nodes[static_cast<size_t>(reader)];
      if (passes_through(node)) shrink(node.outputs[0], share);
    }
  }

  static constexpr size_t no_input = SIZE_MAX;
  Graph& graph_;
  Ranges& ranges_;
  const Options& options_;
  std::vector<NodeId> producers_;
  std::vector<std::vector<NodeId>> consumers_;
  std::vector<Masking> found_;
  std::map<ValueId, double> products_;  ///< the depth each needs
};

}  // namespace

void soften_masks(Graph& graph, Ranges& ranges, const Options& options) {
  Softener(graph, ranges, options).run();
}

}  // namespace wherry::quantize
