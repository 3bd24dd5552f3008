// CONV_3D and CONV_3D_TRANSPOSE: convolutions of volumes, in float.
#include "ops/convolution/conv_3d.h"

#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field conv_3d_fields[] = {
    field<&Conv3D::padding>("padding", 0),
    field<&Conv3D::stride_d>("stride_d", 1),
    field<&Conv3D::stride_w>("stride_w", 2),
    field<&Conv3D::stride_h>("stride_h", 3),
    field<&Conv3D::fused_activation_function>("fused_activation_function", 4),
    field<&Conv3D::dilation_d_factor>("dilation_d_factor", 5, 1),
    field<&Conv3D::dilation_w_factor>("dilation_w_factor", 6, 1),
    field<&Conv3D::dilation_h_factor>("dilation_h_factor", 7, 1)};

constexpr WeightedRoles roles{0, 1, 2, 4}, transpose_roles{2, 1, 3, 3};

Status infer_conv_3d(InferContext& context) {
  const auto& attributes = context.attributes<Conv3D>();
  const Shape &data = context.shape(0), &weights = context.shape(1);
  Conv3DGeometry g = TRY(conv_3d_geometry(attributes, data, weights));
  ENSURE(data[4] == weights[3], "CONV_3D on ", data[4], " channels got weights of the shape ",
         weights);
  TRY(check_weighted(context, roles, {attributes.fused_activation_function}));
  return context.set_output(
      0, DType::f32, {data[0], g.axes[0].output, g.axes[1].output, g.axes[2].output, weights[4]});
}

Status infer_conv_3d_transpose(InferContext& context) {
  const auto& attributes = context.attributes<Conv3D>();
  Shape output(TRY(context.integers(0)));
  TRY(output.checked_elements());
  const Shape &weights = context.shape(1), &data = context.shape(2);
  Conv3DGeometry g = TRY(conv_3d_geometry(attributes, output, weights));
  ENSURE(
      data.rank() == 5 && data[4] == weights[4] && data[0] == output[0] && output[4] == weights[3],
      "CONV_3D_TRANSPOSE of the shape ", data, " with weights ", weights, " cannot give the shape ",
      output);
  for (int axis = 0; axis < 3; ++axis)
    ENSURE(data[axis + 1] == g.axes[axis].output, "CONV_3D_TRANSPOSE to the shape ", output,
           " needs data of ", g.axes[axis].output, " elements along axis ", axis + 1, ", got ",
           data);
  TRY(check_weighted(context, transpose_roles, {attributes.fused_activation_function}));
  return context.set_output(0, DType::f32, std::move(output));
}

/// Positions of one output element, and how far its sums have come.
struct Volume {
  const Conv3DGeometry& g;
  int64_t channels_in, channels_out;

  /// sums[o] += x . weights[.., o], weights stored IO.
  void add(const float* x, const float* w, float* sums) const {
    for (int64_t i = 0; i < channels_in; ++i) {
      for (int64_t o = 0; o < channels_out; ++o) sums[o] += x[i] * *w++;
    }
  }
  /// The same, weights stored OI.
  void add_transposed(const float* x, const float* w, float* sums) const {
    for (int64_t o = 0; o < channels_out; ++o, w += channels_in)
      sums[o] = dot<float>(x, w, channels_in, 0, 0, sums[o]);
  }
  int64_t tap_index(int64_t z, int64_t y, int64_t x) const {
    return (z * g.axes[1].filter + y) * g.axes[2].filter + x;
  }

  void gather(const float* image, const float* w, const int64_t (&at)[3], float* sums) const {
    SlidingAxis::Taps taps[3];
    for (int axis = 0; axis < 3; ++axis) taps[axis] = g.axes[axis].taps(at[axis]);
    for (int64_t z = taps[0].first; z < taps[0].last; ++z) {
      int64_t iz = g.axes[0].origin(at[0]) + z * g.axes[0].dilation;
      for (int64_t y = taps[1].first; y < taps[1].last; ++y) {
        int64_t iy = iz * g.axes[1].input + g.axes[1].origin(at[1]) + y * g.axes[1].dilation;
        for (int64_t x = taps[2].first; x < taps[2].last; ++x) {
          int64_t ix = iy * g.axes[2].input + g.axes[2].origin(at[2]) + x * g.axes[2].dilation;
          add(image + ix * channels_in, w + tap_index(z, y, x) * channels_in * channels_out, sums);
        }
      }
    }
  }

  void gather_transposed(const float* image, const float* w, const int64_t (&at)[3],
                         float* sums) const {
    for (int64_t z = g.axes[0].filter; z-- > 0;) {
      int64_t iz = position(0, at, z);
      for (int64_t y = iz < 0 ? 0 : g.axes[1].filter; y-- > 0;) {
        int64_t iy = position(1, at, y);
        for (int64_t x = iy < 0 ? 0 : g.axes[2].filter; x-- > 0;) {
          int64_t ix = position(2, at, x);
          if (ix < 0) continue;
          int64_t element = (iz * g.axes[1].output + iy) * g.axes[2].output + ix;
          add_transposed(image + element * channels_in,
                         w + tap_index(z, y, x) * channels_in * channels_out, sums);
        }
      }
    }
  }
  int64_t position(int axis, const int64_t (&at)[3], int64_t tap) const {
    int64_t result = g.axes[axis].position_of(at[axis], tap);
    return result < g.axes[axis].output ? result : -1;
  }
};

/// f(image, position, sums) for each element position of the output; then bias and activation.
template <class F>
Status for_each_position(Call& call, const WeightedRoles& inputs, F&& f) {
  const Shape &out = call.output(0).shape(), &in = call.shape(inputs.data);
  FloatRange range = finite_activation_range(call.attributes<Conv3D>().fused_activation_function);
  const float* bias = call.has_input(inputs.bias) ? call.data<float>(inputs.bias) : nullptr;
  float* sums = call.result<float>(0);
  if (out.elements() == 0) return {};
  for (int64_t batch = 0; batch < out[0]; ++batch) {
    const float* image = call.data<float>(inputs.data) + batch * in.product(1, 5);
    int64_t at[3];
    for (at[0] = 0; at[0] < out[1]; ++at[0]) {
      for (at[1] = 0; at[1] < out[2]; ++at[1]) {
        for (at[2] = 0; at[2] < out[3]; ++at[2], sums += out[4]) {
          std::fill_n(sums, out[4], 0.0f);
          f(image, at, sums);
          for (int64_t c = 0; c < out[4]; ++c)
            sums[c] = range.clamp(sums[c] + (bias ? bias[c] : 0.0f));
        }
      }
    }
  }
  return {};
}

Status run_conv_3d(Call& call) {
  Conv3DGeometry g = TRY(conv_3d_geometry(call.attributes<Conv3D>(), call.shape(0), call.shape(1)));
  Volume volume{g, call.shape(1)[3], call.shape(1)[4]};
  const float* w = call.data<float>(1);
  return for_each_position(call, roles,
                           [&](const float* image, const int64_t(&at)[3], float* sums) {
                             volume.gather(image, w, at, sums);
                           });
}

Status run_conv_3d_transpose(Call& call) {
  Conv3DGeometry g =
      TRY(conv_3d_geometry(call.attributes<Conv3D>(), call.output(0).shape(), call.shape(1)));
  Volume volume{g, call.shape(1)[4], call.shape(1)[3]};
  const float* w = call.data<float>(1);
  return for_each_position(call, transpose_roles,
                           [&](const float* image, const int64_t(&at)[3], float* sums) {
                             volume.gather_transposed(image, w, at, sums);
                           });
}

int64_t macs(const InferContext& context) {
  return context.outputs()[0].shape.elements() * context.shape(1).product(0, 4);
}
int64_t transpose_macs(const InferContext& context) {
  return context.shape(2).elements() * context.shape(1).product(0, 4);
}

}  // namespace

Expected<Conv3DGeometry> conv_3d_geometry(const Conv3D& attributes, const Shape& image,
                                          const Shape& weights) {
  ENSURE(image.rank() == 5, "a convolution of volumes needs rank 5 (NDHWC), got the shape ", image);
  ENSURE(weights.rank() == 5, "a convolution of volumes needs weights of rank 5, got the shape ",
         weights);
  Conv3DGeometry result;
  result.axes[0] = TRY(sliding_axis("depth", image[1],
                                    {weights[0], attributes.stride_d, attributes.dilation_d_factor},
                                    attributes.padding));
  result.axes[1] = TRY(sliding_axis("height", image[2],
                                    {weights[1], attributes.stride_h, attributes.dilation_h_factor},
                                    attributes.padding));
  result.axes[2] = TRY(sliding_axis("width", image[3],
                                    {weights[2], attributes.stride_w, attributes.dilation_w_factor},
                                    attributes.padding));
  return result;
}

constinit const AttributesType conv_3d_attributes = attributes_type<Conv3D>(conv_3d_fields, 106);

constinit const OpDef conv_3d_family[2] = {
    {.name = "CONV_3D",
     .code = 132,
     .attributes = &conv_3d_attributes,
     .inputs = {{"x", DType::f32},
                {"weights", DType::f32},
                {"bias", DType::f32, Presence::optional}},
     .outputs = {{"y", DType::f32}},
     .versions = {{1, "2.5.0"}},
     .infer = infer_conv_3d,
     .reference = run_conv_3d,
     .macs = macs,
     .doc = "sums of products under a window that slides through the volume"},
    {.name = "CONV_3D_TRANSPOSE",
     .code = 141,
     .attributes = &conv_3d_attributes,
     .inputs = {{"output_shape", DType::i32},
                {"weights", DType::f32},
                {"x", DType::f32},
                {"bias", DType::f32, Presence::optional}},
     .outputs = {{"y", DType::f32}},
     .versions = {{1, "2.6.0"}},
     .infer = infer_conv_3d_transpose,
     .reference = run_conv_3d_transpose,
     .macs = transpose_macs,
     .doc = "spreads each element over a window: the transpose of CONV_3D"},
};

OpTable conv_3d_ops() { return op_table(conv_3d_family); }

}  // namespace wherry::op
