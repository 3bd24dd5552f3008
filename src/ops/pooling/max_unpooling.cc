// MaxUnpooling2D: puts the maxima of windows back where they stood.
#include "ops/pooling/max_unpooling.h"

#include <algorithm>
#include <cmath>

#include "ops/context.h"
#include "ops/pooling/struct_window.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

/// One axis of the output: its extent and the padding in front of the first window.
struct Spread {
  int64_t stride, output, before;
};

Expected<Spread> spread_of(int64_t extent, int64_t filter, int64_t stride) {
  int64_t output = TRY(checked_multiply(extent, filter));
  int64_t reach =
      TRY(checked_add(TRY(checked_multiply(std::max<int64_t>(extent - 1, 0), stride)), filter));
  return Spread{stride, output, std::max<int64_t>(reach - output, 0) / 2};
}

Status infer_max_unpooling(InferContext& context) {
  StructWindow window = TRY(struct_window(context.node()));
  const Shape& data = context.shape(0);
  ENSURE(data.rank() == 4, context.op().name, " needs data of rank 4 (NHWC), got the shape ", data);
  ENSURE(context.shape(1) == data, context.op().name, " needs one place for each element of ", data,
         ", got places of the shape ", context.shape(1));
  Spread y = TRY(spread_of(data[1], window.filter_h, window.stride_h));
  Spread x = TRY(spread_of(data[2], window.filter_w, window.stride_w));
  return context.set_output(0, DType::f32, {data[0], y.output, x.output, data[3]});
}

Status reference(Call& call) {
  StructWindow window = TRY(struct_window(call.node()));
  const Shape& data = call.shape(0);
  const Spread y = TRY(spread_of(data[1], window.filter_h, window.stride_h));
  const Spread x = TRY(spread_of(data[2], window.filter_w, window.stride_w));
  const float *maxima = call.data<float>(0), *places = call.data<float>(1);
  float* image = call.result<float>(0);
  std::fill_n(image, call.output(0).elements(), 0.0f);
  for (int64_t pixel = 0; pixel < data.product(0, 3); ++pixel) {
    const int64_t ix = pixel % data[2], iy = pixel / data[2] % data[1];
    const int64_t first_row = pixel / (data[1] * data[2]) * y.output;
    for (int64_t channel = 0; channel < data[3]; ++channel, ++maxima, ++places) {
      if (!(std::fabs(*places) < 0x1p31f)) continue;
      const auto place = static_cast<int64_t>(*places);
      const int64_t oy = iy * y.stride - y.before + place / window.filter_w;
      const int64_t ox = ix * x.stride - x.before + place % window.filter_w;
      if (oy < 0 || oy >= y.output || ox < 0 || ox >= x.output) continue;
      image[((first_row + oy) * x.output + ox) * data[3] + channel] = *maxima;
    }
  }
  return {};
}

}  // namespace

constinit const OpDef max_unpooling = {
    .name = "MaxUnpooling2D",
    .attributes = &custom_attributes,
    .inputs = {{"x", DType::f32}, {"places", DType::f32}},
    .outputs = {{"y", DType::f32}},
    .versions = {{1}},
    .infer = infer_max_unpooling,
    .reference = reference,
    .doc =
        "MediaPipe's reverse of MaxPoolingWithArgmax2D: maxima where they stood, zero elsewhere; "
        "options are a C struct of padding, strides, filter sizes and activation"};

OpTable max_unpooling_ops() { return op_table(max_unpooling); }

}  // namespace wherry::op
