// Multiplies numbers by 1 + share or 1 - share, after a fixed pattern.
#include "convert/movement.h"

#include <cstring>

#include "base/half.h"
#include "ir/op_def.h"

namespace wherry {
namespace {

/// Larger weights are left as they are: a few roundings in every layer tell enough.
constexpr size_t most_moved_bytes = 64 << 10;

template <class T>
void move(std::span<T> numbers, float share, uint32_t pattern) {
  for (size_t i = 0; i < numbers.size(); ++i) {
    bool up = ((static_cast<uint32_t>(i) + pattern) * 2654435761u) >> 31 != 0;
    numbers[i] = T(static_cast<float>(numbers[i]) * (up ? 1 + share : 1 - share));
  }
}

template <class T>
Constant moved_constant(const Constant& constant, float share, uint32_t pattern) {
  std::vector<T> numbers(constant.size() / sizeof(T));
  std::memcpy(numbers.data(), constant.bytes().data(), numbers.size() * sizeof(T));
  move(std::span<T>(numbers), share, pattern);
  return Constant::of(std::move(numbers));
}

/// Biases and weights that are stored as floats; half floats are stored for nothing else.
std::vector<bool> weights_of(const Graph& graph) {
  std::vector<bool> weights(graph.values.size());
  for (size_t id = 0; id < weights.size(); ++id)
    weights[id] = graph.values[id].type.dtype == DType::f16;
  for (const Node& node : graph.nodes) {
    for (int input : {node.op->quantization.weights, node.op->quantization.bias}) {
      bool there = input >= 0 && static_cast<size_t>(input) < node.inputs.size();
      ValueId id = there ? node.inputs[static_cast<size_t>(input)] : no_value;
      if (id != no_value) weights[static_cast<size_t>(id)] = true;
    }
  }
  return weights;
}

}  // namespace

std::vector<Movement> movements_of(Format format) {
  switch (format) {
    case Format::float32:
      return {{0x1p-23f, 16}};
    case Format::float16:
      return {{0x1p-23f, 0x1p12}, {0x1p-11f, 16}};
    case Format::dynamic:
      return {{0x1p-8f, 16}};
    case Format::int8:
      return {};
  }
  return {};
}

Expected<Tensor> moved_a_little(const Tensor& input, float share, uint32_t pattern) {
  Tensor moved = TRY(Tensor::copy_of(input.view()));
  if (input.type.dtype == DType::f32) move(moved.view().span<float>(), share, pattern);
  return moved;
}

Model with_moved_weights(const Model& model, float share, uint32_t pattern) {
  Model moved = model;
  for (Graph& graph : moved.graphs) {
    std::vector<bool> weights = weights_of(graph);
    for (size_t id = 0; id < weights.size(); ++id) {
      Value& value = graph.values[id];
      bool small = value.constant && value.constant.size() <= most_moved_bytes;
      if (!weights[id] || !small || value.sparsity) continue;
      if (value.type.dtype == DType::f32)
        value.constant = moved_constant<float>(value.constant, share, pattern);
      else if (value.type.dtype == DType::f16)
        value.constant = moved_constant<half>(value.constant, share, pattern);
    }
  }
  return moved;
}

}  // namespace wherry
