// Functions that pool: over windows, and over parts of as many as are wanted.
#include "ops/pooling/pool.h"

#include <limits>

#include "keras/functions/windows.h"

namespace wherry::keras {
namespace {

/// What a window of a picture becomes.
struct Pool {
  bool is_mean = false;
  op::Pool2D options;
};

Expected<ValueId> pool_2d(FunctionCall& call, ValueId x, const Pool& pool) {
  return call.node(pool.is_mean ? op::average_pool_2d : op::max_pool_2d, pool.options, {x});
}

op::Pool2D picture_options(const Windows& windows, size_t height, size_t width) {
  auto at = [](const std::vector<int64_t>& list, size_t i) {
    return static_cast<int32_t>(list[i]);
  };
  return {.padding = windows.padding,
          .stride_w = at(windows.strides, width),
          .stride_h = at(windows.strides, height),
          .filter_width = at(windows.sizes, width),
          .filter_height = at(windows.sizes, height)};
}

Expected<ValueId> pool_1d(FunctionCall& call, ValueId x, const Windows& windows, bool is_mean) {
  op::Pool2D options = picture_options(windows, 0, 0);
  options.stride_h = options.filter_height = 1;
  return call.squeeze(TRY(pool_2d(call, TRY(call.expand(x, 1)), {is_mean, options})), 1);
}

// Means and extremes of blocks are those of rows of blocks: first height and width of each slice,
// then the depth of each column.
Expected<ValueId> pool_3d(FunctionCall& call, ValueId x, const Windows& windows, bool is_mean) {
  Extents shape = call.extents(x);
  ValueId slices = TRY(call.merge_axes(x, 0, 2));
  slices = TRY(pool_2d(call, slices, {is_mean, picture_options(windows, 1, 2)}));
  Extents pooled = call.extents(slices);
  ValueId columns = TRY(call.merge_axes(slices, 1, 3));
  columns = TRY(call.reshape(columns, {shape[0], shape[1], call.extent(columns, 1), shape[4]}));
  op::Pool2D options = picture_options(windows, 0, 0);
  options.stride_w = options.filter_width = 1;
  columns = TRY(pool_2d(call, columns, {is_mean, options}));
  return call.reshape(columns, {shape[0], call.extent(columns, 1), pooled[1], pooled[2], shape[4]});
}

/// `number` is 1 for means; nn.pool says it in an argument.
Expected<Results> import_pool(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("input|inputs|value|x", 0));
  Windows windows = TRY(windows_of(call, call.rank(x) - 2, "ksize|pool_size|window_shape"));
  bool is_mean = call.def().number == 1;
  if (call.def().op == "named") {
    is_mean = lower(TRY(call.text("pooling_type", "max"))) == "avg";
    if (!call.has("strides")) windows.strides.assign(windows.strides.size(), 1);
  }
  for (int64_t dilation : windows.dilations) {
    if (dilation != 1)
      return call.unsupported("pools of spread windows have no operator", cat(windows.dilations));
  }
  if (is_mean && !windows.margins.empty())
    return call.unsupported_argument("padding", call.argument("padding"));
  double least = std::numeric_limits<float>::lowest();  // no maximum
  x = TRY(before_windows(call, x, windows, least));
  ValueId y = windows.rank == 1 ? TRY(pool_1d(call, x, windows, is_mean))
              : windows.rank == 3
                  ? TRY(pool_3d(call, x, windows, is_mean))
                  : TRY(pool_2d(call, x, {is_mean, picture_options(windows, 0, 1)}));
  return TRY(behind_windows(call, y, windows));
}

/// `count` parts of an axis, which may overlap by one element, each reduced.
Expected<ValueId> reduced_parts(FunctionCall& call, ValueId x, int axis, int64_t count) {
  int64_t extent = call.shape(x)[axis];
  if (extent < 0)
    return call.unsupported("adaptive pooling needs axes of known size", text_of(call.shape(x)));
  if (extent == count) return x;
  std::vector<ValueId> parts;
  for (int64_t i = 0; i < count; ++i) {
    Range range{.begin = i * extent / count, .end = ((i + 1) * extent + count - 1) / count};
    ValueId part = TRY(call.slice_axis(x, axis, range));
    parts.push_back(TRY(call.reduce(call.def().op, part, {axis}, true)));
  }
  return call.concatenate(parts, axis);
}

Expected<Results> import_adaptive_pool(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("inputs", 0));
  int rank = call.rank(x) - 2;
  ENSURE(rank >= 1, "the function needs a tensor of rank 3 or more, but gets ",
         text_of(call.shape(x)));
  std::vector<int64_t> counts = TRY(call.sizes("output_size", rank));
  bool is_first = TRY(call.text("data_format", "channels_last")) == "channels_first";
  for (int i = 0; i < rank; ++i) {
    int64_t count = counts[static_cast<size_t>(i)];
    ENSURE(count >= 1 && count <= 1024, "an axis cannot be pooled to ", count, " elements");
    x = TRY(reduced_parts(call, x, (is_first ? 2 : 1) + i, count));
  }
  return x;
}

constexpr FunctionDef functions[] = {
    {{"nn.max_pool", "nn.max_pool1d", "nn.max_pool2d", "nn.max_pool3d"},
     {"MaxPool"},
     import_pool,
     {},
     0,
     "MAX_POOL_2D, in one and three dimensions with RESHAPE"},
    {{"nn.avg_pool", "nn.avg_pool1d", "nn.avg_pool2d", "nn.avg_pool3d"},
     {"AveragePool"},
     import_pool,
     {},
     1,
     "AVERAGE_POOL_2D, in one and three dimensions with RESHAPE"},
    {{"nn.pool"}, {}, import_pool, "named", 0, "MAX_POOL_2D or AVERAGE_POOL_2D"},
    {{},
     {"AdaptiveMaxPool"},
     import_adaptive_pool,
     "REDUCE_MAX",
     0,
     "STRIDED_SLICE, REDUCE_MAX and CONCATENATION"},
    {{},
     {"AdaptiveAveragePool"},
     import_adaptive_pool,
     "MEAN",
     0,
     "STRIDED_SLICE, MEAN and CONCATENATION"},
};

}  // namespace

FunctionTable pooling_functions() { return function_table(functions); }

}  // namespace wherry::keras
