// RESIZE_BILINEAR line by line with vectors over channels, RESIZE_NEAREST_NEIGHBOR pixel by pixel.
#include "ops/image/resize.h"

#include <cstring>

#include "kernels/resize/resize.h"
#include "ops/image/resize_positions.h"
#include "ops/work_split.h"
#include "runtime/plan.h"

namespace wherry::op {
namespace {

ResizeModes modes_of(const PlanContext& context) {
  if (context.node().op == &resize_family[0]) {
    const auto& attributes = context.attributes<ResizeBilinear>();
    return {attributes.align_corners, attributes.half_pixel_centers};
  }
  const auto& attributes = context.attributes<ResizeNearestNeighbor>();
  return {attributes.align_corners, attributes.half_pixel_centers};
}

struct Images {
  size_t in_height, in_width, out_height, out_width, channels, lines, tasks;

  size_t in_line() const { return in_width * channels; }
  size_t out_line() const { return out_width * channels; }
};

Images images_of(PlanContext& context) {
  const Shape &in = context.shape(0), &out = context.output().shape;
  Images images{.in_height = static_cast<size_t>(in[1]),
                .in_width = static_cast<size_t>(in[2]),
                .out_height = static_cast<size_t>(out[1]),
                .out_width = static_cast<size_t>(out[2]),
                .channels = static_cast<size_t>(in[3]),
                .lines = static_cast<size_t>(out[0] * out[1])};
  images.tasks = tasks_for(context.threads(), static_cast<size_t>(out.elements()));
  return images;
}

/// The kernels for one element type.
template <class T>
struct Bilinear {
  void (*blend)(const kernels::ResizeBlend<T>&);
  void (*spread)(const kernels::ResizeSpread<T>&);
};

std::vector<Between<float>> positions(size_t in, size_t out, ResizeModes modes) {
  return float_positions(static_cast<int64_t>(in), static_cast<int64_t>(out), modes);
}

template <class T>
Step bilinear_step(PlanContext& context, Bilinear<T> kernel) {
  const Images images = images_of(context);
  const ResizeModes modes = modes_of(context);
  const auto rows = positions(images.in_height, images.out_height, modes);
  std::vector<kernels::ResizeColumn> columns;
  for (const Between<float>& column : positions(images.in_width, images.out_width, modes))
    columns.push_back({static_cast<size_t>(column.low) * images.channels,
                       static_cast<size_t>(column.high) * images.channels, column.part});
  const size_t stride = (images.in_line() + 15) / 16 * 16;
  const int blended = context.add_scratch(stride * sizeof(float) * context.threads());
  return Step([=](const StepRun& run) {
    split_work(run.pool(), images.tasks, images.lines, 1,
               [&](size_t begin, size_t end, size_t thread) {
                 float* between = run.scratch<float>(blended) + thread * stride;
                 for (size_t line = begin; line < end; ++line) {
                   const Between<float>& row = rows[line % images.out_height];
                   const size_t image = line / images.out_height * images.in_height;
                   const auto at = [&](int64_t y) {
                     return run.input<T>(0) + (image + static_cast<size_t>(y)) * images.in_line();
                   };
                   kernel.blend({at(row.low), at(row.high), between, images.in_line(), row.part});
                   kernel.spread({between, run.output<T>() + line * images.out_line(),
                                  columns.data(), images.out_width, images.channels});
                 }
               });
  });
}

PlanResult plan_bilinear(PlanContext& context) {
  if (context.node().op != &resize_family[0]) return declined("is no RESIZE_BILINEAR");
  if (context.output().shape.elements() == 0) return declined("has nothing to compute");
  const auto* kernel = kernels::choose(kernels::resize_variants, context.cpu()).kernel;
  if (context.dtype(0) == DType::f32)
    return bilinear_step<float>(context, {kernel->blend_f32, kernel->spread_f32});
  if (context.dtype(0) == DType::u8)
    return bilinear_step<uint8_t>(context, {kernel->blend_u8, kernel->spread_u8});
  if (context.dtype(0) == DType::i8)
    return bilinear_step<int8_t>(context, {kernel->blend_i8, kernel->spread_i8});
  return declined("needs f32, u8 or i8, got ", context.dtype(0));
}

PlanResult plan_nearest(PlanContext& context) {
  if (context.node().op != &resize_family[1]) return declined("is no RESIZE_NEAREST_NEIGHBOR");
  if (context.output().shape.elements() == 0) return declined("has nothing to compute");
  const Images images = images_of(context);
  const ResizeModes modes = modes_of(context);
  const size_t pixel = images.channels * static_cast<size_t>(bits_of(context.dtype(0))) / 8;
  const auto sources = [modes](size_t in, size_t out, size_t step) {
    std::vector<size_t> offsets(out);
    for (size_t i = 0; i < out; ++i)
      offsets[i] =
          step * static_cast<size_t>(nearest(static_cast<int64_t>(i), static_cast<int64_t>(in),
                                             static_cast<int64_t>(out), modes));
    return offsets;
  };
  const auto rows = sources(images.in_height, images.out_height, images.in_width * pixel);
  const auto columns = sources(images.in_width, images.out_width, pixel);
  return Step([=](const StepRun& run) {
    split_work(run.pool(), images.tasks, images.lines, 1, [&](size_t begin, size_t end, size_t) {
      std::byte* y = run.output<std::byte>() + begin * images.out_width * pixel;
      for (size_t line = begin; line < end; ++line) {
        const size_t image = line / images.out_height * images.in_height * images.in_width * pixel;
        const std::byte* row = run.input<std::byte>(0) + image + rows[line % images.out_height];
        for (size_t column : columns) {
          std::memcpy(y, row + column, pixel);
          y += pixel;
        }
      }
    });
  });
}

constexpr Implementation implementations[] = {{"bilinear", plan_bilinear},
                                              {"nearest", plan_nearest}};

}  // namespace

FastOp resize_implementations() {
  return {{&resize_family[0], &resize_family[1]}, implementations};
}

}  // namespace wherry::op
