// The custom operators AveragePool3D and MaxPool3D: pools of volumes, options as TensorFlow's.
#include "ops/pooling/pool_3d.h"

#include "ops/custom_options.h"
#include "ops/opaque.h"
#include "ops/pooling/windows.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

Expected<Padding> padding_of(const CustomOptions& options, std::string_view name) {
  std::string text = TRY(options.text("padding"));
  ENSURE(text == "SAME" || text == "VALID", name, " has the unknown padding ", quoted(text),
         "; known: SAME, VALID");
  return text == "SAME" ? Padding::same : Padding::valid;
}

/// Five numbers for N, D, H, W and C, of which the first and last are 1.
Expected<std::vector<int64_t>> spatial(const CustomOptions& options, std::string_view option,
                                       std::string_view name) {
  std::vector<int64_t> list = TRY(options.integers(option));
  ENSURE(list.size() == 5 && list[0] == 1 && list[4] == 1, name, " needs ", option,
         " as [1, depth, height, width, 1], got ", list);
  return std::vector<int64_t>(list.begin() + 1, list.end() - 1);
}

Expected<PoolWindows> windows_of(const OpDef& op, const Custom& custom, const Shape& data) {
  ENSURE(data.rank() == 5, op.name, " needs data of rank 5 (NDHWC), got the shape ", data);
  CustomOptions options = TRY(CustomOptions::read(custom.options, op.name));
  if (options.has("data_format")) {
    std::string layout = TRY(options.text("data_format"));
    ENSURE_CODE(ErrorCode::unsupported, layout == "NDHWC", op.name,
                " supports the layout NDHWC only, got ", quoted(layout));
  }
  Padding padding = TRY(padding_of(options, op.name));
  std::vector<int64_t> filter = TRY(spatial(options, "ksize", op.name));
  std::vector<int64_t> stride = TRY(spatial(options, "strides", op.name));
  constexpr std::string_view names[] = {"depth", "height", "width"};
  PoolWindows windows{{}, data[0], data[4]};
  for (size_t axis = 0; axis < 3; ++axis)
    windows.axes[axis] = TRY(sliding_axis(names[axis], data[static_cast<int>(axis) + 1],
                                          {filter[axis], stride[axis]}, padding));
  return windows;
}

Status infer_pool_3d(InferContext& context) {
  const Shape& data = context.shape(0);
  PoolWindows windows = TRY(windows_of(context.op(), context.attributes<Custom>(), data));
  TRY(check_pool(context, Activation::none));
  return context.set_output(
      0, context.dtype(0),
      {data[0], windows.axes[0].output, windows.axes[1].output, windows.axes[2].output, data[4]});
}

template <PoolKind kind>
Status reference(Call& call) {
  PoolWindows windows = TRY(windows_of(*call.node().op, call.attributes<Custom>(), call.shape(0)));
  return run_pool(call, kind, windows, Activation::none);
}

constexpr TypeSet pooled_types = one_of(DType::f32, DType::i8, DType::i16);

}  // namespace

constinit const OpDef pool_3d_family[2] = {
    {.name = "AveragePool3D",
     .attributes = &custom_attributes,
     .inputs = {{"x", pooled_types}},
     .outputs = {{"y", pooled_types}},
     .versions = {{1}},
     .infer = infer_pool_3d,
     .reference = reference<PoolKind::average>,
     .doc = "the average of each window of a volume; padding does not count"},
    {.name = "MaxPool3D",
     .attributes = &custom_attributes,
     .inputs = {{"x", pooled_types}},
     .outputs = {{"y", pooled_types}},
     .versions = {{1}},
     .infer = infer_pool_3d,
     .reference = reference<PoolKind::maximum>,
     .doc = "the largest element of each window of a volume"},
};

OpTable pool_3d_ops() { return op_table(pool_3d_family); }

}  // namespace wherry::op
