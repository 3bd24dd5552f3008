// Functions of pixels and their neighbours: blurs, and the largest or least sums around.
#include <cmath>

#include "keras/functions/windows.h"
#include "ops/convolution/depthwise_conv_2d.h"

namespace wherry::keras {
namespace {

/// A bell curve of `size` numbers whose sum is 1.
std::vector<double> bell(int64_t size, double sigma) {
  std::vector<double> curve;
  double sum = 0;
  for (int64_t i = 0; i < size; ++i) {
    double distance = (static_cast<double>(i) - static_cast<double>(size - 1) / 2) / sigma;
    curve.push_back(std::exp(-0.5 * distance * distance));
    sum += curve.back();
  }
  for (double& weight : curve) weight /= sum;
  return curve;
}

/// The deviations in both directions.
Expected<std::array<double, 2>> deviations(FunctionCall& call) {
  const PyValue& written = call.argument("sigma");
  std::array<double, 2> sigma{1, 1};
  if (written.is_number()) sigma = {written.real(), written.real()};
  if (written.items().size() == 2) sigma = {written.items()[0].real(), written.items()[1].real()};
  ENSURE(sigma[0] > 0 && sigma[1] > 0, "'sigma' should be positive, got ", written.shown());
  return sigma;
}

Expected<Results> import_blur(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("images", 0));
  bool is_single = call.rank(x) == 3;
  if (is_single) x = TRY(call.expand(x, 0));
  ENSURE(call.rank(x) == 4, "the function needs pictures, got ", text_of(call.shape(x)));
  bool is_first = TRY(call.text("data_format", "channels_last")) == "channels_first";
  if (is_first) x = TRY(call.transpose(x, {0, 2, 3, 1}));
  int64_t channels = call.shape(x)[3];
  std::vector<int64_t> size = TRY(call.sizes("kernel_size", 2, 3));
  std::array<double, 2> sigma = TRY(deviations(call));
  constexpr int64_t most = 1 << 10;
  ENSURE(channels > 0 && channels <= most && size[0] > 0 && size[1] > 0 && size[0] <= most &&
             size[1] <= most && size[0] * size[1] * channels <= (1 << 24),
         "a blur of ", size, " pixels and ", channels, " channels is not possible");
  // Keras takes the first curve, of the first size, for the columns, and the other for the rows.
  std::vector<double> across = bell(size[0], sigma[0]), down = bell(size[1], sigma[1]);
  std::vector<float> kernel;
  for (double row : down) {
    for (double column : across)
      kernel.insert(kernel.end(), static_cast<size_t>(channels), static_cast<float>(row * column));
  }
  ValueId weights = call.constant(std::move(kernel), {1, size[0], size[1], channels}, "kernel");
  ValueId bias =
      call.constant(std::vector<float>(static_cast<size_t>(channels)), {channels}, "bias");
  ValueId y = TRY(call.node(op::depthwise_conv_2d, op::DepthwiseConv2D{.padding = Padding::same},
                            {x, weights, bias}));
  if (is_first) y = TRY(call.transpose(y, {0, 3, 1, 2}));
  return is_single ? TRY(call.squeeze(y, 0)) : y;
}

constexpr FunctionDef functions[] = {
    {{}, {"GaussianBlur"}, import_blur, {}, 0, "DEPTHWISE_CONV_2D"},
};

}  // namespace

FunctionTable smoothing_functions() { return function_table(functions); }

}  // namespace wherry::keras
