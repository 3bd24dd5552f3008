// ConvLSTM: an LSTM whose products are convolutions; data has its channels last.
#include "keras/layers/convolution_options.h"
#include "keras/recurrent/cell_options.h"
#include "keras/recurrent/lstm_cell.h"
#include "ops/convolution/conv_2d.h"
#include "ops/convolution/conv_3d.h"

namespace wherry::keras {
namespace {

struct Convolution {
  Padding padding = Padding::same;
  std::vector<int32_t> strides, dilations;  ///< depth, height, width: the last `rank` count
};

class ConvLstmCell final : public LstmStep {
 public:
  ConvLstmCell(LayerImport layer, GateWeights weights, Convolution input)
      : LstmStep(std::move(layer), std::move(weights)), input_(std::move(input)) {}

  Expected<Values> project(ValueId x) override {
    int rank = layer_.def().rank;
    int64_t channels = layer_.shape(x).back();
    ENSURE(weights_.kernel_rows().rank() == rank + 1 && weights_.kernel_rows().back() == channels,
           "the layer has a kernel of shape ", weights_.kernel_rows().dims(),
           ", which does not fit an input of ", channels, " channels");
    bool whole = layer_.rank(x) == rank + 3;  // [batch, steps, ...]
    Extents leading = {layer_.extent(x, 0), whole ? layer_.extent(x, 1) : Extent(1)};
    ValueId pictures = whole ? TRY(layer_.merge_axes(x, 0, 2)) : x;
    ValueId y = TRY(convolve(pictures, kernel_of(true), bias(), input_));
    if (!whole) return Values{y};
    Extents to = layer_.extents(y);
    to.erase(to.begin());
    to.insert(to.begin(), leading.begin(), leading.end());
    return Values{TRY(layer_.reshape(y, to))};
  }

 protected:
  Expected<ValueId> recurrent_product(ValueId output) override {
    Convolution plain{Padding::same, {1, 1, 1}, {1, 1, 1}};
    return convolve(output, kernel_of(false), zeros(), plain);
  }

 private:
  /// CONV_2D wants [out, height, width, in], CONV_3D the kernel as stored.
  ValueId kernel_of(bool input) {
    bool stored = layer_.def().rank == 3;
    if (stored)
      return input ? weights_.kernel_as_stored(layer_, gates)
                   : weights_.recurrent_as_stored(layer_, gates);
    return input ? weights_.kernel(layer_, gates) : weights_.recurrent(layer_, gates);
  }

  ValueId zeros() {
    return layer_.constant(std::vector<float>(static_cast<size_t>(4 * width()), 0.0f),
                           {4 * width()}, "bias");
  }
  ValueId bias() { return weights_.has_bias() ? weights_.bias(layer_, gates) : zeros(); }

  Expected<ValueId> convolve(ValueId x, ValueId kernel, ValueId bias, const Convolution& how) {
    if (layer_.def().rank == 3)
      return layer_.node(op::conv_3d,
                         op::Conv3D{.padding = how.padding,
                                    .stride_d = how.strides[0],
                                    .stride_w = how.strides[2],
                                    .stride_h = how.strides[1],
                                    .dilation_d_factor = how.dilations[0],
                                    .dilation_w_factor = how.dilations[2],
                                    .dilation_h_factor = how.dilations[1]},
                         {x, kernel, bias});
    bool flat = layer_.def().rank == 1;
    if (flat) x = TRY(layer_.expand(x, 1));
    ValueId y = TRY(layer_.node(op::conv_2d,
                                op::Conv2D{.padding = how.padding,
                                           .stride_w = how.strides[2],
                                           .stride_h = how.strides[1],
                                           .dilation_w_factor = how.dilations[2],
                                           .dilation_h_factor = how.dilations[1]},
                                {x, kernel, bias}));
    return flat ? layer_.squeeze(y, 1) : Expected<ValueId>(y);
  }

  Convolution input_;
};

/// Of the axes depth, height and width; those that the layer does not have count 1.
std::vector<int32_t> three(const std::vector<int64_t>& list) {
  std::vector<int32_t> result(3, 1);
  for (size_t i = 0; i < list.size(); ++i)
    result[3 - list.size() + i] = static_cast<int32_t>(list[i]);
  return result;
}

}  // namespace

Expected<std::unique_ptr<Cell>> make_conv_lstm_cell(LayerImport layer) {
  WindowOptions window = TRY(window_options(layer, "kernel_size"));
  Convolution input{window.padding, three(window.strides), three(window.dilations)};
  GateWeights weights = TRY(GateWeights::take(layer, 4, layer.integer("filters"), has_bias(layer)));
  Shape recurrent = weights.recurrent_rows();
  ENSURE(recurrent.rank() == layer.def().rank + 1,
         "the weight 'recurrent_kernel' should have the rank ", layer.def().rank + 2);
  return std::unique_ptr<Cell>(
      new ConvLstmCell(std::move(layer), std::move(weights), std::move(input)));
}

}  // namespace wherry::keras
