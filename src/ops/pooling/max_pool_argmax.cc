// MaxPoolingWithArgmax2D: maxima of windows, and where in each window they stood.
#include "ops/pooling/max_pool_argmax.h"

#include "ops/context.h"
#include "ops/convolution/geometry.h"
#include "ops/fixed_point.h"
#include "ops/pooling/struct_window.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

struct Windows {
  SlidingAxis y, x;
  int64_t channels = 0;
  FloatRange range;
};

Expected<Windows> windows_of(const Node& node, const Shape& data) {
  StructWindow window = TRY(struct_window(node));
  ENSURE(data.rank() == 4, node.op->name, " needs data of rank 4 (NHWC), got the shape ", data);
  return Windows{
      TRY(sliding_axis("height", data[1], {window.filter_h, window.stride_h}, window.padding)),
      TRY(sliding_axis("width", data[2], {window.filter_w, window.stride_w}, window.padding)),
      data[3], activation_range(window.activation)};
}

Status infer_max_pool_argmax(InferContext& context) {
  const Shape& data = context.shape(0);
  Windows windows = TRY(windows_of(context.node(), data));
  Shape pooled{data[0], windows.y.output, windows.x.output, data[3]};
  TRY(context.set_output(0, DType::f32, pooled));
  return context.set_output(1, DType::f32, std::move(pooled));
}

struct Maximum {
  float value = std::numeric_limits<float>::lowest();
  int64_t place = 0;  ///< in the window, row by row; the first one stays when nothing is larger
};

/// `image` begins at the channel that is meant.
Maximum maximum_of(const Windows& w, const float* image, int64_t oy, int64_t ox) {
  Maximum maximum;
  const SlidingAxis::Taps rows = w.y.taps(oy), columns = w.x.taps(ox);
  for (int64_t ky = rows.first; ky < rows.last; ++ky) {
    for (int64_t kx = columns.first; kx < columns.last; ++kx) {
      int64_t pixel = (w.y.origin(oy) + ky) * w.x.input + w.x.origin(ox) + kx;
      float value = image[pixel * w.channels];
      if (value > maximum.value) maximum = {value, ky * w.x.filter + kx};
    }
  }
  return maximum;
}

Status reference(Call& call) {
  const Shape& data = call.shape(0);
  Windows windows = TRY(windows_of(call.node(), data));
  const float* image = call.data<float>(0);
  float *y = call.result<float>(0), *places = call.result<float>(1);
  for (int64_t batch = 0; batch < data[0]; ++batch, image += data.product(1, 4)) {
    for (int64_t oy = 0; oy < windows.y.output; ++oy) {
      for (int64_t ox = 0; ox < windows.x.output; ++ox) {
        for (int64_t channel = 0; channel < windows.channels; ++channel) {
          Maximum maximum = maximum_of(windows, image + channel, oy, ox);
          *y++ = windows.range.clamp(maximum.value);
          *places++ = static_cast<float>(maximum.place) + 0.1f;
        }
      }
    }
  }
  return {};
}

}  // namespace

constinit const OpDef max_pool_argmax = {
    .name = "MaxPoolingWithArgmax2D",
    .attributes = &custom_attributes,
    .inputs = {{"x", DType::f32}},
    .outputs = {{"y", DType::f32}, {"places", DType::f32}},
    .versions = {{1}},
    .infer = infer_max_pool_argmax,
    .reference = reference,
    .doc =
        "MediaPipe's MAX_POOL_2D that also says where in its window each maximum stood; options "
        "are a C struct of padding, strides, filter sizes and activation"};

OpTable max_pool_argmax_ops() { return op_table(max_pool_argmax); }

}  // namespace wherry::op
