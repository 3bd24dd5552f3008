// Finds chains of dense layers and rescales their channels until they agree.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <mutex>
#include <numeric>

#include "ops/linear/fully_connected.h"
#include "passes/linear.h"
#include "quantize/float_loops.h"
#include "quantize/quantize.h"

namespace wherry::quantize {
namespace {

using passes::floats_of;

/// Channels settle after a few turns; a chain hands its changes on from pair to pair.
constexpr int turns = 8;
/// Beyond this a channel would hardly be used at all on one side.
constexpr float largest_factor = 1e4f;

/// A matrix [outputs, inputs].
struct Dense {
  Node* node;
  Constant weights;                                  ///< at hand in those that are balanced
  std::vector<float> rows, columns;                  ///< their factors
  bool rows_change = false, columns_change = false;  ///< by some pair
  std::vector<float> largest_in_rows = {}, largest_in_columns = {};

  /// Calls f(first, last) with parts of the rows, from several threads.
  template <class F>
  void spread_rows(size_t threads, F&& f) const {
    const size_t bytes = columns.size() * 4;
    Parts(rows.size() * bytes, bytes).spread(threads, [&](size_t first, size_t size, size_t) {
      f(first / bytes, (first + size) / bytes);
    });
  }

  /// Row `row` as stored.
  std::span<const float> read(size_t row, std::vector<float>& copy) const {
    size_t bytes = columns.size() * 4;
    return floats_in(weights.bytes().subspan(row * bytes, bytes), copy);
  }

  /// The largest absolute value of every row, before the row's own factor.
  const std::vector<float>& row_maxima(size_t threads) {
    if (!columns_change && !largest_in_rows.empty()) return largest_in_rows;
    largest_in_rows.resize(rows.size());
    spread_rows(threads, [&](size_t first, size_t last) {
      std::vector<float> copy, products(columns.size());
      for (size_t row = first; row < last; ++row) {
        std::span<const float> elements = read(row, copy);
        if (columns_change) multiply(elements, 1, columns, products);
        largest_in_rows[row] = largest_magnitude(columns_change ? products : elements);
      }
    });
    return largest_in_rows;
  }

  /// The same for columns.
  const std::vector<float>& column_maxima(size_t threads) {
    if (!rows_change && !largest_in_columns.empty()) return largest_in_columns;
    largest_in_columns.assign(columns.size(), 0);
    std::mutex mutex;
    spread_rows(threads, [&](size_t first, size_t last) {
      std::vector<float> copy, of_part(columns.size(), 0);
      for (size_t row = first; row < last; ++row)
        raise_magnitudes(of_part, read(row, copy), rows[row]);
      std::lock_guard lock(mutex);
      raise_magnitudes(largest_in_columns, of_part, 1);
    });
    return largest_in_columns;
  }
};

class Equaliser {
 public:
  Equaliser(Graph& graph, const Options& options)
      : graph_(graph), options_(options), readers_(graph.consumers()) {}

  Equalisation run() {
    for (Node& node : graph_.nodes) {
      if (node.op == &op::fully_connected) add(node);
    }
    if (pairs_.empty()) return {};
    for (int turn = 0; turn < turns; ++turn) {
      for (auto [first, second] : pairs_) balance(layers_[first], layers_[second]);
    }
    Equalisation factors;
    for (Dense& layer : layers_) {
      if (!layer.rows_change && !layer.columns_change) continue;
      multiply_bias(layer);
      factors[layer.node->inputs[1]] = {std::move(layer.rows), std::move(layer.columns)};
    }
    return factors;
  }

 private:
  bool own_floats(ValueId id) const {
    const Value& value = graph_.value(id);
    return value.constant && !value.sparsity && value.type.dtype == DType::f32 &&
           readers_[static_cast<size_t>(id)].size() == 1;
  }

  bool plain(const Node& node) const {
    const auto& attributes = node.attributes.as<op::FullyConnected>();
    bool bias = node.inputs.size() > 2 && node.inputs[2] != no_value;
    return attributes.weights_format == op::WeightsFormat::normal && own_floats(node.inputs[1]) &&
           (!bias || own_floats(node.inputs[2])) &&
           !(options_.keep_float && options_.keep_float(node));
  }

  /// The index of the layer that makes the value and nothing else reads; -1 for none.
  int maker_of(ValueId id) const {
    if (readers_[static_cast<size_t>(id)].size() != 1) return -1;
    for (ValueId output : graph_.outputs) {
      if (output == id) return -1;
    }
    for (size_t i = 0; i < layers_.size(); ++i) {
      const Node& node = *layers_[i].node;
      Activation activation = node.attributes.as<op::FullyConnected>().fused_activation_function;
      bool passes_factors = activation == Activation::none || activation == Activation::relu;
      if (node.outputs[0] == id) return passes_factors ? static_cast<int>(i) : -1;
    }
    return -1;
  }

  void add(Node& node) {
    if (!plain(node)) return;
    const Shape& shape = graph_.value(node.inputs[1]).type.shape;
    if (shape.elements() == 0) return;
    int maker = maker_of(node.inputs[0]);
    layers_.push_back({.node = &node,
                       .weights = graph_.value(node.inputs[1]).constant,
                       .rows = std::vector<float>(static_cast<size_t>(shape[0]), 1),
                       .columns = std::vector<float>(static_cast<size_t>(shape[1]), 1)});
    if (maker < 0) return;
    Dense &first = layers_[static_cast<size_t>(maker)], &second = layers_.back();
    if (first.rows.size() != second.columns.size()) return;
    pairs_.emplace_back(static_cast<size_t>(maker), layers_.size() - 1);
    first.rows_change = second.columns_change = true;
    for (Dense* layer : {&first, &second}) layer->weights = layer->weights.at_hand();
  }

  void balance(Dense& first, Dense& second) const {
    const size_t threads = options_.workshop.threads();
    const std::vector<float>&before = first.row_maxima(threads),
          &after = second.column_maxima(threads);
    for (size_t channel = 0; channel < first.rows.size(); ++channel) {
      float factor = std::sqrt(before[channel] * first.rows[channel] /
                               (after[channel] * second.columns[channel]));
      if (!(factor > 1 / largest_factor && factor < largest_factor)) continue;
      first.rows[channel] /= factor;
      second.columns[channel] *= factor;
    }
  }

  void multiply_bias(const Dense& layer) {
    const std::vector<ValueId>& inputs = layer.node->inputs;
    if (inputs.size() <= 2 || inputs[2] == no_value) return;
    std::vector<float> bias = floats_of(graph_.value(inputs[2]));
    for (size_t i = 0; i < bias.size(); ++i) bias[i] *= layer.rows[i];
    graph_.value(inputs[2]).constant = Constant::of(std::move(bias));
  }

  Graph& graph_;
  const Options& options_;
  std::vector<std::vector<NodeId>> readers_;
  std::vector<Dense> layers_;
  std::vector<std::pair<size_t, size_t>> pairs_;
};

}  // namespace

Equalisation equalise_dense(Graph& graph, const Options& options) {
  if (options.per_channel_dense) return {};
  return Equaliser(graph, options).run();
}

void multiply_dense(Graph& graph, const Equalisation& factors, const Workshop& workshop) {
  for (const auto& entry : factors) {
    const DenseFactors& of = entry.second;
    Value& value = graph.value(entry.first);
    size_t row_bytes = of.columns.size() * 4;
    auto fill = [weights = value.constant, of, row_bytes](size_t at, std::span<std::byte> part) {
      weights.read(at, part);
      std::vector<float> copy, products(of.columns.size());
      for (size_t done = 0; done < part.size(); done += row_bytes) {
        std::span<std::byte> row = part.subspan(done, row_bytes);
        multiply(floats_in(row, copy), of.rows[(at + done) / row_bytes], of.columns, products);
        std::memcpy(row.data(), products.data(), row_bytes);
      }
    };
    value.constant = workshop.defer({.method = cat("rows by ", bytes_as_text(of.rows),
                                                   ", columns by ", bytes_as_text(of.columns)),
                                     .size = value.constant.size(),
                                     .granule = std::lcm(value.constant.granule(), row_bytes),
                                     .fill = std::move(fill),
                                     .sources = {value.constant}});
  }
}

}  // namespace wherry::quantize
