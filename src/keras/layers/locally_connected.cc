// LocallyConnected1D and LocallyConnected2D: convolutions with weights of their own at each
// position: windows by GATHER, then one product for each.
#include <algorithm>

#include "keras/layer_import.h"
#include "ops/convolution/geometry.h"
#include "ops/indexing/gather.h"

namespace wherry::keras {
namespace {

/// Two axes; one-dimensional layers have height 1.
struct Plane {
  SlidingAxis axes[2];
  int64_t channels = 0, filters = 0;

  int64_t inputs() const { return axes[0].input * axes[1].input; }
  int64_t positions() const { return axes[0].output * axes[1].output; }
  int64_t taps() const { return axes[0].filter * axes[1].filter; }
  /// The input element under a tap at a position, row by row; -1 on the padding.
  int64_t element(int64_t position, int64_t tap) const {
    int64_t row = axes[0].origin(position / axes[1].output) + tap / axes[1].filter,
            column = axes[1].origin(position % axes[1].output) + tap % axes[1].filter;
    bool inside = row >= 0 && row < axes[0].input && column >= 0 && column < axes[1].input;
    return inside ? row * axes[1].input + column : -1;
  }
};

Expected<Plane> plane_of(LayerImport& layer, ValueId x) {
  int rank = layer.def().rank;
  std::vector<int64_t> size = TRY(layer.sizes("kernel_size", rank)),
                       strides = TRY(layer.sizes("strides", rank));
  Plane plane{.channels = layer.shape(x).back(), .filters = layer.integer("filters")};
  for (int i = 0; i < rank; ++i) {
    int64_t input = layer.shape(x)[i + 1];
    ENSURE(input > 0 && plane.channels > 0 && plane.filters > 0,
           "the layer has weights for each position of its input, whose size must be known, got ",
           text_of(layer.shape(x)));
    size_t at = static_cast<size_t>(i);
    SlidingAxis axis = TRY(sliding_axis(i + 1 == rank ? "width" : "height", input,
                                        {size[at], strides[at]}, TRY(layer.padding())));
    // Here "same" centres windows on multiples of the stride, unlike convolutions do.
    if (TRY(layer.padding()) == Padding::same) {
      axis.before = axis.filter / 2;
      int64_t end = (axis.output - 1) * axis.stride + axis.filter - axis.before;
      axis.after = std::max<int64_t>(end - input, 0);
    }
    plane.axes[i + 2 - rank] = axis;
  }
  return plane;
}

/// Weights [position, tap, channel, filter]; those on the padding stay 0.
class Weights {
 public:
  explicit Weights(const Plane& plane)
      : plane_(plane),
        values_(static_cast<size_t>(plane.positions() * plane.taps() * plane.channels *
                                    plane.filters)) {}

  float& at(int64_t position, int64_t tap, int64_t channel, int64_t filter) {
    int64_t row = (position * plane_.taps() + tap) * plane_.channels + channel;
    return values_[static_cast<size_t>(row * plane_.filters + filter)];
  }
  /// Calls visit(position, tap, channel, filter, input element) for every weight on the input.
  template <class Visit>
  void visit_inside(Visit visit) {
    for (int64_t position = 0; position < plane_.positions(); ++position) {
      for (int64_t tap = 0; tap < plane_.taps(); ++tap) {
        int64_t element = plane_.element(position, tap);
        if (element < 0) continue;
        for (int64_t channel = 0; channel < plane_.channels; ++channel) {
          for (int64_t filter = 0; filter < plane_.filters; ++filter)
            visit(position, tap, channel, filter, element);
        }
      }
    }
  }
  std::vector<float> take() { return std::move(values_); }

 private:
  const Plane& plane_;
  std::vector<float> values_;
};

// Implementation 1: [position, window, filter], the window in the input's order of axes.
Expected<std::vector<float>> weights_by_position(LayerImport& layer, const Plane& plane) {
  Shape shape{plane.positions(), plane.taps() * plane.channels, plane.filters};
  std::vector<float> stored = TRY(layer.floats("kernel", shape));
  if (!layer.channels_first()) return stored;
  Weights weights(plane);
  size_t next = 0;
  for (int64_t position = 0; position < plane.positions(); ++position) {
    for (int64_t channel = 0; channel < plane.channels; ++channel) {
      for (int64_t tap = 0; tap < plane.taps(); ++tap) {
        for (int64_t filter = 0; filter < plane.filters; ++filter)
          weights.at(position, tap, channel, filter) = stored[next++];
      }
    }
  }
  return weights.take();
}

// Implementation 2: from every element of the input to every element of the output.
Expected<std::vector<float>> weights_by_pair(LayerImport& layer, const Plane& plane) {
  bool first = layer.channels_first(), one = layer.def().rank == 1;
  auto axes = [&](int64_t channels, int64_t height, int64_t width) {
    Shape shape;
    if (first) shape.push_back(channels);
    if (!one) shape.push_back(height);
    shape.push_back(width);
    if (!first) shape.push_back(channels);
    return shape;
  };
  Shape shape = axes(plane.channels, plane.axes[0].input, plane.axes[1].input);
  for (int64_t extent : axes(plane.filters, plane.axes[0].output, plane.axes[1].output))
    shape.push_back(extent);
  std::vector<float> stored = TRY(layer.floats("kernel", shape));
  Weights weights(plane);
  weights.visit_inside([&](int64_t position, int64_t tap, int64_t channel, int64_t filter,
                           int64_t element) {
    int64_t from = first ? channel * plane.inputs() + element : element * plane.channels + channel,
            to = first ? filter * plane.positions() + position : position * plane.filters + filter;
    int64_t place = from * plane.positions() * plane.filters + to;
    weights.at(position, tap, channel, filter) = stored[static_cast<size_t>(place)];
  });
  return weights.take();
}

// Implementation 3: only the pairs that are joined, in order of the output's element, then the
// input's.
Expected<std::vector<float>> weights_by_joined_pair(LayerImport& layer, const Plane& plane) {
  struct Pair {
    int64_t to, from, position, tap, channel, filter;
  };
  bool first = layer.channels_first();
  std::vector<Pair> pairs;
  Weights weights(plane);
  weights.visit_inside([&](int64_t position, int64_t tap, int64_t channel, int64_t filter,
                           int64_t element) {
    int64_t from = first ? channel * plane.inputs() + element : element * plane.channels + channel,
            to = first ? filter * plane.positions() + position : position * plane.filters + filter;
    pairs.push_back({to, from, position, tap, channel, filter});
  });
  std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
    return std::pair(a.to, a.from) < std::pair(b.to, b.from);
  });
  std::vector<float> stored = TRY(layer.floats("kernel", {static_cast<int64_t>(pairs.size())}));
  for (size_t i = 0; i < pairs.size(); ++i) {
    const Pair& pair = pairs[i];
    weights.at(pair.position, pair.tap, pair.channel, pair.filter) = stored[i];
  }
  return weights.take();
}

Expected<std::vector<float>> weights_of(LayerImport& layer, const Plane& plane) {
  switch (layer.integer("implementation")) {
    case 1:
      return weights_by_position(layer, plane);
    case 2:
      return weights_by_pair(layer, plane);
    case 3:
      return weights_by_joined_pair(layer, plane);
    default:
      return layer.unsupported("the option 'implementation' should be 1, 2 or 3",
                               cat(layer.integer("implementation")));
  }
}

/// What every window sees: [batch, position, 1, taps * channels].
Expected<ValueId> windows_of(LayerImport& layer, ValueId x, const Plane& plane) {
  std::vector<Margin> margins(static_cast<size_t>(layer.rank(x)));
  for (int i = 0; i < layer.def().rank; ++i) {
    const SlidingAxis& axis = plane.axes[i + 2 - layer.def().rank];
    margins[static_cast<size_t>(i + 1)] = {axis.before, axis.after};
  }
  x = TRY(layer.pad(x, margins));
  if (layer.def().rank == 2) x = TRY(layer.merge_axes(x, 1, 3));
  int64_t width = plane.axes[1].input + plane.axes[1].before + plane.axes[1].after;
  std::vector<int32_t> picked;
  for (int64_t position = 0; position < plane.positions(); ++position) {
    for (int64_t tap = 0; tap < plane.taps(); ++tap) {
      const SlidingAxis &rows = plane.axes[0], &columns = plane.axes[1];
      int64_t row = position / columns.output * rows.stride + tap / columns.filter,
              column = position % columns.output * columns.stride + tap % columns.filter;
      picked.push_back(static_cast<int32_t>(row * width + column));
    }
  }
  Shape shape{plane.positions(), plane.taps()};
  ValueId seen = TRY(layer.node(op::gather, op::Gather{.axis = 1},
                                {x, layer.constant(std::move(picked), shape, "windows")}));
  return layer.reshape(seen, {layer.extent(seen, 0), Extent(plane.positions()), Extent(1),
                              Extent(plane.taps() * plane.channels)});
}

/// [positions, filters]; with channels first Keras reads the same numbers as [filters, positions].
Expected<ValueId> bias_of(LayerImport& layer, const Plane& plane, const Shape& shape) {
  if (!layer.channels_first()) return layer.weight("bias", shape);
  std::vector<float> stored = TRY(layer.floats("bias", shape)), turned(stored.size());
  size_t positions = static_cast<size_t>(plane.positions()), next = 0;
  for (size_t filter = 0; filter < stored.size() / positions; ++filter) {
    for (size_t position = 0; position < positions; ++position)
      turned[position * static_cast<size_t>(plane.filters) + filter] = stored[next++];
  }
  return layer.constant(std::move(turned), shape, "bias");
}

Expected<Results> import(LayerImport& layer) {
  int rank = layer.def().rank;
  ValueId x = TRY(layer.channels_to_last(TRY(layer.float_input())));
  ENSURE(layer.rank(x) == rank + 2, "the layer needs an input of rank ", rank + 2, ", but gets ",
         text_of(layer.shape(x)));
  Plane plane = TRY(plane_of(layer, x));
  TRY(layer.take({"kernel", layer.flag("use_bias") ? "bias" : ""}));
  Shape shape{1, plane.positions(), plane.taps() * plane.channels, plane.filters};
  ValueId weights = layer.constant(TRY(weights_of(layer, plane)), shape, "kernel");
  ValueId y = TRY(layer.matmul(TRY(windows_of(layer, x, plane)), weights));
  Extents output = {layer.extent(y, 0)};
  Shape bias;
  for (int i = 2 - rank; i < 2; ++i) {
    output.push_back(Extent(plane.axes[i].output));
    bias.push_back(plane.axes[i].output);
  }
  output.push_back(Extent(plane.filters));
  bias.push_back(plane.filters);
  y = TRY(layer.reshape(y, output));
  if (layer.holds("bias")) y = TRY(layer.add(y, TRY(bias_of(layer, plane, bias))));
  return TRY(layer.activate_channels_last(y));
}

constexpr FixedList<ConfigKey, 40> config = {integer("filters"),
                                             sizes("kernel_size"),
                                             sizes("strides", 1),
                                             text("padding", "valid"),
                                             text("data_format", "channels_last"),
                                             activation("activation"),
                                             flag("use_bias", true),
                                             integer("implementation", 1)};

constexpr LayerDef layers[] = {
    {.class_names = {"LocallyConnected1D"},
     .config = config,
     .rank = 1,
     .import = import,
     .doc = "GATHER, RESHAPE, BATCH_MATMUL, RESHAPE, ADD"},
    {.class_names = {"LocallyConnected2D"},
     .config = config,
     .rank = 2,
     .import = import,
     .doc = "RESHAPE, GATHER, RESHAPE, BATCH_MATMUL, RESHAPE, ADD"},
};

}  // namespace

LayerTable locally_connected_layers() { return layer_table(layers); }

}  // namespace wherry::keras
