// TRANSPOSE_CONV of floats: each output line is the sum of one matrix product for each line of the
// kernel, whose results are laid over each other, a stride apart.
#include "ops/convolution/transpose_conv.h"

#include "kernels/elementwise/binary_f32.h"
#include "kernels/elementwise/unary_f32.h"
#include "kernels/gemm/gemm_f32.h"
#include "ops/convolution/transpose_conv_bias.h"
#include "ops/work_split.h"
#include "runtime/plan.h"

namespace wherry::op {
namespace {

using kernels::GemmF32;
constexpr float infinity = std::numeric_limits<float>::infinity();

/// For each line of the kernel the weights of its taps: columns are (tap, output channel).
using Lines = std::vector<GemmF32>;

/// Null when memory is short.
std::shared_ptr<const Lines> pack(const float* weights, const TransposeConvGeometry& g,
                                  const kernels::Variant<const kernels::GemmF32Kernel*>& variant) {
  const auto taps = static_cast<size_t>(g.x.filter), lines = static_cast<size_t>(g.y.filter);
  const auto depth = static_cast<size_t>(g.channels_in), out = static_cast<size_t>(g.channels_out);
  const auto width = static_cast<size_t>(g.width);
  auto packed = std::make_shared<Lines>();
  std::vector<float> line(taps * out * depth);
  for (size_t ky = 0; ky < lines; ++ky) {
    for (size_t kx = 0; kx < taps; ++kx)
      for (size_t o = 0; o < out; ++o)
        std::copy_n(weights + ((o * lines + ky) * taps + kx) * depth, depth,
                    line.data() + (kx * out + o) * depth);
    packed->push_back(GemmF32(
        {.weights = line.data(), .columns = taps * out, .column_stride = depth},
        {.window =
             {.in_width = width, .channels = depth, .pixel_stride = depth, .out_width = width},
         .low = -infinity,
         .high = infinity,
         .variant = variant}));
    if (!packed->back()) return nullptr;
  }
  return packed;
}

/// What the two operators say in their own ways.
struct Form {
  WeightedRoles roles;
  TransposeConvGeometry geometry;
  FloatRange range;
};

Expected<Form> form_of(const PlanContext& context) {
  if (context.node().op == &transpose_conv_bias) {
    const WeightedRoles& roles = transpose_conv_bias_roles;
    return Form{roles,
                TRY(transpose_conv_bias_geometry(context.node(), context.shape(roles.data),
                                                 context.shape(roles.weights))),
                {}};
  }
  const WeightedRoles& roles = transpose_conv_roles;
  const auto& attributes = context.attributes<TransposeConv>();
  return Form{roles,
              TRY(transpose_conv_geometry(attributes, context.output().shape,
                                          context.shape(roles.weights), context.shape(roles.data))),
              activation_range(attributes.fused_activation_function)};
}

class Transposed {
 public:
  Transposed(PlanContext& context, const Form& form, std::shared_ptr<const Lines> lines)
      : g_(form.geometry),
        roles_(form.roles),
        lines_(std::move(lines)),
        range_(form.range),
        has_bias_(context.has_input(form.roles.bias)),
        out_(static_cast<size_t>(g_.channels_out)),
        add_(kernels::choose(kernels::binary_f32_variants, context.cpu())
                 .kernel->run[static_cast<size_t>(kernels::BinaryOp::add)]),
        clamp_(kernels::choose(kernels::unary_f32_variants, context.cpu())
                   .kernel->run[static_cast<size_t>(kernels::UnaryOp::clamp)]) {
    const auto round_up = [](size_t bytes) { return (bytes + 63) / 64 * 64; };
    product_bytes_ = round_up(static_cast<size_t>(g_.width * g_.x.filter) * out_ * sizeof(float));
    stride_ = product_bytes_ + round_up(lines_->front().scratch_bytes());
    scratch_ = context.add_scratch(stride_ * context.threads());
    const int64_t products = g_.batches * g_.height * g_.width * g_.y.filter * g_.x.filter *
                             g_.channels_in * g_.channels_out;
    tasks_ = tasks_for(context.threads(), static_cast<size_t>(products) / 16);
  }

  void operator()(const StepRun& run) const {
    const auto count = static_cast<size_t>(g_.batches * g_.y.input);
    split_work(run.pool(), tasks_, count, 1, [&](size_t begin, size_t end, size_t thread) {
      auto* scratch = run.scratch<std::byte>(scratch_) + thread * stride_;
      for (size_t line = begin; line < end; ++line) write_line(run, line, scratch);
    });
  }

 private:
  size_t line_size() const { return static_cast<size_t>(g_.x.input) * out_; }

  void write_line(const StepRun& run, size_t line, std::byte* scratch) const {
    float* y = run.output<float>() + line * line_size();
    const float* bias = has_bias_ ? run.input<float>(roles_.bias) : nullptr;
    for (size_t x = 0; x < line_size(); x += out_) {
      if (bias)
        std::copy_n(bias, out_, y + x);
      else
        std::fill_n(y + x, out_, 0.0f);
    }
    const auto height = static_cast<size_t>(g_.y.input);
    const auto batch = static_cast<int64_t>(line / height);
    for (int64_t ky = g_.y.filter; ky-- > 0;) {
      const int64_t iy = g_.y.position_of(static_cast<int64_t>(line % height), ky);
      if (iy < 0 || iy >= g_.height) continue;
      const int64_t first = (batch * g_.height + iy) * g_.width * g_.channels_in;
      const float* product = multiply(run.input<float>(roles_.data) + first,
                                      (*lines_)[static_cast<size_t>(ky)], scratch);
      for (int64_t ix = 0; ix < g_.width; ++ix) add_taps(product, ix, y);
    }
    if (range_.min > -infinity || range_.max < infinity)
      clamp_({.x = y, .y = y, .count = line_size(), .p = range_.min, .q = range_.max});
  }

  const float* multiply(const float* line, const GemmF32& gemm, std::byte* scratch) const {
    auto* product = reinterpret_cast<float*>(scratch);
    gemm.run({.input = line,
              .out = product,
              .out_stride = static_cast<size_t>(g_.x.filter) * out_,
              .row_begin = 0,
              .row_end = static_cast<size_t>(g_.width),
              .panel_begin = 0,
              .panel_end = gemm.panels().count,
              .scratch = scratch + product_bytes_});
    return product;
  }

  /// The taps of input pixel ix stand side by side in the output; those outside do not count.
  void add_taps(const float* product, int64_t ix, float* y) const {
    const int64_t origin = g_.x.origin(ix);
    const SlidingAxis::Taps taps = g_.x.taps(ix);
    if (taps.count() <= 0) return;
    float* to = y + static_cast<size_t>(origin + taps.first) * out_;
    add_({.a = to,
          .b = product + static_cast<size_t>(ix * g_.x.filter + taps.first) * out_,
          .y = to,
          .columns = static_cast<size_t>(taps.count()) * out_,
          .low = -infinity,
          .high = infinity});
  }

  TransposeConvGeometry g_;
  WeightedRoles roles_;
  std::shared_ptr<const Lines> lines_;
  FloatRange range_;
  bool has_bias_;
  size_t out_, product_bytes_ = 0, stride_ = 0, tasks_ = 1;
  int scratch_ = 0;
  void (*add_)(const kernels::BinaryF32&);
  void (*clamp_)(const kernels::UnaryF32&);
};

PlanResult plan_f32(PlanContext& context) {
  const auto form = form_of(context);
  if (!form) return declined("has no geometry");
  const WeightedRoles& roles = form->roles;
  const TransposeConvGeometry& g = form->geometry;
  if (context.dtype(roles.data) != DType::f32 || context.dtype(roles.weights) != DType::f32)
    return declined("needs f32 times f32");
  if (context.output().shape.elements() == 0 || context.shape(roles.data).elements() == 0)
    return declined("has nothing to compute");
  const auto* weights = context.constant<float>(roles.weights);
  if (!weights) return declined("needs constant weights");
  const auto& variant = kernels::choose(kernels::gemm_f32_variants, context.cpu());
  auto lines = context.share<Lines>(context.input_id(roles.weights),
                                    cat("transpose_conv_", variant.name, ' ', g.width),
                                    [&] { return pack(weights, g, variant); });
  if (!lines) return declined("not enough memory for packed weights");
  context.drop_input(roles.weights);
  return Step(Transposed(context, *form, std::move(lines)));
}

constexpr Implementation implementations[] = {{"lines_f32", plan_f32}};

}  // namespace

FastOp transpose_conv_implementations() {
  return {{&transpose_conv, &transpose_conv_bias}, implementations};
}

}  // namespace wherry::op
