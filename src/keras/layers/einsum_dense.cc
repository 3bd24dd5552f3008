// EinsumDense: the product of the input with a kernel by an equation.
#include <algorithm>

#include "keras/einsum.h"
#include "keras/layer_import.h"
#include "keras/quantized_weights.h"

namespace wherry::keras {
namespace {

/// What the equation says of the kernel and the result.
struct Parts {
  Einsum plan;
  Shape kernel;
  Shape result;  ///< -1 where unknown
};

/// The option "output_shape": extents of the result behind the batch, None where they follow.
Expected<Shape> result_shape(LayerImport& layer, ValueId x, const Einsum& plan) {
  const PyValue& written = layer.option("output_shape");
  std::vector<PyValue> items = written.items();
  if (written.is_integer()) items.push_back(written);
  int rank = static_cast<int>(plan.result.size());
  int given = static_cast<int>(items.size());
  ENSURE(given <= rank,
         "the option 'output_shape' has more entries than the result of the "
         "equation ",
         layer.option("equation").shown(), ": ", written.shown());
  // Axes of "..." are not given; where they come last, the others follow the batch.
  bool ends_hidden = layer.text("equation").ends_with("...");
  std::vector<int64_t> from_left = plan.left.batch;
  from_left.insert(from_left.end(), plan.left.free.begin(), plan.left.free.end());
  Shape shape;
  for (int i = 0; i < rank; ++i) {
    size_t place = static_cast<size_t>(plan.result[static_cast<size_t>(i)]);
    bool follows = place < from_left.size();
    int64_t extent = follows ? layer.shape(x)[static_cast<int>(from_left[place])] : -1;
    int at = ends_hidden ? i - 1 : i - (rank - given);
    const PyValue nothing{};
    const PyValue& item = at >= 0 && at < given ? items[static_cast<size_t>(at)] : nothing;
    if (item.is_integer()) extent = item.integer();
    ENSURE(follows || extent > 0,
           "the option 'output_shape' leaves an axis of the kernel open: ", written.shown());
    shape.push_back(extent);
  }
  return shape;
}

Expected<Parts> parts_of(LayerImport& layer, ValueId x) {
  std::string_view equation = layer.text("equation");
  size_t comma = equation.find(','), arrow = equation.find("->");
  bool complete =
      comma != std::string_view::npos && arrow != std::string_view::npos && comma < arrow;
  ENSURE(complete, "the option 'equation' is no equation: ", equation);
  int kernel_rank = static_cast<int>(arrow - comma - 1);
  Parts parts{.plan = TRY(parse_einsum(equation, layer.rank(x), kernel_rank))};
  parts.result = TRY(result_shape(layer, x, parts.plan));
  const EinsumOperand &left = parts.plan.left, &right = parts.plan.right;
  parts.kernel = Shape(std::vector<int64_t>(static_cast<size_t>(kernel_rank), -1));
  for (size_t i = 0; i < right.contracted.size(); ++i)
    parts.kernel[static_cast<int>(right.contracted[i])] =
        layer.shape(x)[static_cast<int>(left.contracted[i])];
  size_t in_left = left.batch.size() + left.free.size();
  for (size_t i = 0; i < parts.plan.result.size(); ++i) {
    size_t place = static_cast<size_t>(parts.plan.result[i]);
    int64_t extent = parts.result[static_cast<int>(i)];
    if (place < left.batch.size()) parts.kernel[static_cast<int>(right.batch[place])] = extent;
    if (place >= in_left) parts.kernel[static_cast<int>(right.free[place - in_left])] = extent;
  }
  for (int64_t extent : parts.kernel)
    ENSURE(extent > 0, "the axes of the kernel in the equation ", equation,
           " must be known, the input is ", text_of(layer.shape(x)));
  return parts;
}

/// As Keras stores it: from the first axis in "bias_axes" on, 1 for the others.
Expected<Shape> bias_shape(LayerImport& layer, const Parts& parts) {
  std::string_view axes = layer.option("bias_axes").text();
  Shape shape;
  for (size_t i = 0; i < parts.plan.letters.size(); ++i) {
    bool own = axes.find(parts.plan.letters[i]) != std::string_view::npos;
    if (own || shape.rank() > 0) shape.push_back(own ? parts.result[static_cast<int>(i)] : 1);
  }
  ENSURE(
      shape.rank() > 0 && std::all_of(shape.begin(), shape.end(), [](int64_t e) { return e > 0; }),
      "the option 'bias_axes' names no known axes of the result: ",
      layer.option("bias_axes").shown());
  return shape;
}

/// True when the bias has one number for each of the kernel's free axes, in their order.
bool is_bias_by_column(const Parts& parts, const Shape& bias) {
  int64_t columns = 1;
  for (int64_t axis : parts.plan.right.free) columns *= parts.kernel[static_cast<int>(axis)];
  size_t in_left = parts.plan.left.free.size();
  int behind = parts.result.rank() - bias.rank();
  for (int i = 0; i < bias.rank(); ++i) {
    bool from_kernel =
        static_cast<size_t>(parts.plan.result[static_cast<size_t>(behind + i)]) >= in_left;
    if (bias[i] != 1 && !from_kernel) return false;
  }
  return bias.elements() == columns;
}

Expected<ValueId> multiply_by_weights(LayerImport& layer, ValueId x, const Parts& parts,
                                      ValueId bias) {
  const EinsumOperand& kernel = parts.plan.right;
  std::vector<int64_t> order = kernel.free;
  order.insert(order.end(), kernel.contracted.begin(), kernel.contracted.end());
  EinsumWeights weights{.bias = bias};
  for (int64_t axis : kernel.free) weights.free.push_back(parts.kernel[static_cast<int>(axis)]);
  int64_t columns = weights.free.elements(), all = parts.kernel.elements();
  weights.matrix = TRY(layer.weight("kernel", parts.kernel, {order, {columns, all / columns}}));
  return einsum(layer, parts.plan, x, weights);
}

/// The kernel as a matrix, as Keras flattens it.
MatrixSizes matrix_sizes(const Parts& parts) {
  MatrixSizes sizes{1, 1};
  for (int64_t axis : parts.plan.right.contracted)
    sizes.inputs *= parts.kernel[static_cast<int>(axis)];
  sizes.outputs = parts.kernel.elements() / sizes.inputs;
  return sizes;
}

/// GPTQ and AWQ take the largest axis of three for the model's width, and flatten by it.
MatrixSizes calibrated_sizes(const Parts& parts) {
  const Shape& kernel = parts.kernel;
  if (kernel.rank() != 3) return matrix_sizes(parts);
  bool width_first = kernel[0] >= kernel[1] && kernel[0] >= kernel[2];
  return width_first ? MatrixSizes{kernel[0], kernel[1] * kernel[2]}
                     : MatrixSizes{kernel[0] * kernel[1], kernel[2]};
}

Status take_weights(LayerImport& layer, const QuantizedForm& form, const Parts& parts,
                    bool biased) {
  bool calibrated = form.mode == QuantizedMode::gptq || form.mode == QuantizedMode::awq;
  MatrixSizes sizes = calibrated ? calibrated_sizes(parts) : matrix_sizes(parts);
  TRY(take_quantized_kernel(layer, form, sizes, biased));
  if (form.mode == QuantizedMode::none || form.mode == QuantizedMode::int8) return {};
  Weight kernel = layer.stored("kernel");
  kernel.shape = parts.kernel;
  layer.replace("kernel", std::move(kernel));
  return {};
}

/// What the scale of rounded inputs [axes of the input, 1 for those summed over] is in the result.
Expected<ValueId> scale_of_result(LayerImport& layer, const Parts& parts, ValueId scale) {
  const EinsumOperand& left = parts.plan.left;
  std::vector<int64_t> kept = left.batch;
  kept.insert(kept.end(), left.free.begin(), left.free.end());
  std::vector<int64_t> order;
  Extents extents;
  for (int64_t place : parts.plan.result) {
    bool from_left = place < static_cast<int64_t>(kept.size());
    extents.push_back(from_left
                          ? layer.extent(scale, static_cast<int>(kept[static_cast<size_t>(place)]))
                          : Extent(1));
    if (from_left) order.push_back(kept[static_cast<size_t>(place)]);
  }
  for (int64_t axis : left.contracted) order.push_back(axis);
  return layer.reshape(TRY(layer.transpose(scale, order)), extents);
}

/// By what the product is to be divided, or no_value.
Expected<ValueId> divisor_of(LayerImport& layer, const QuantizedForm& form, const Parts& parts,
                             ValueId of_inputs) {
  ValueId scale = of_inputs == no_value ? no_value : TRY(scale_of_result(layer, parts, of_inputs));
  if (form.mode != QuantizedMode::int8) return scale;
  ValueId own = TRY(layer.weight("kernel_scale", layer.stored("kernel_scale").shape));
  return scale == no_value ? own : TRY(layer.multiply(scale, own));
}

Expected<Results> import(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  Parts parts = TRY(parts_of(layer, x));
  bool biased = layer.has("bias_axes") && !layer.option("bias_axes").text().empty();
  QuantizedForm form = TRY(quantized_form(layer.record()));
  TRY(take_weights(layer, form, parts, biased));
  RoundedInputs rounded = TRY(rounded_inputs(layer, form, x, parts.plan.left.contracted));
  Shape shape = biased ? TRY(bias_shape(layer, parts)) : Shape{};
  bool plain = parts.plan.left.batch.empty() && parts.plan.right.summed.empty();
  bool scaled = rounded.scale != no_value || form.mode == QuantizedMode::int8;
  bool inside = plain && biased && !scaled && is_bias_by_column(parts, shape);
  ValueId y = no_value;
  if (plain) {
    ValueId bias =
        inside ? TRY(layer.weight("bias", shape, {.shape = {shape.elements()}})) : no_value;
    y = TRY(multiply_by_weights(layer, rounded.numbers, parts, bias));
  } else {
    ValueId kernel = TRY(layer.weight("kernel", parts.kernel));
    y = TRY(einsum(layer, parts.plan, rounded.numbers, kernel));
  }
  ValueId divisor = TRY(divisor_of(layer, form, parts, rounded.scale));
  if (divisor != no_value) y = TRY(layer.divide(y, divisor));
  if (biased && !inside) y = TRY(layer.add(y, TRY(layer.weight("bias", shape))));
  return TRY(layer.activate(y));
}

constexpr LayerDef einsum_dense = {
    .class_names = {"EinsumDense"},
    .config = {text("equation", ""), anything("output_shape", true), anything("bias_axes"),
               activation("activation"), anything("quantization_config"),
               ignored("gptq_unpacked_column_size"), ignored("awq_unpacked_column_size")},
    .import = import,
    .doc =
        "FULLY_CONNECTED, or BATCH_MATMUL for equations with an axis in all three parts, with "
        "RESHAPE and TRANSPOSE where the equation needs them"};

}  // namespace

LayerTable einsum_dense_layers() { return layer_table(einsum_dense); }

}  // namespace wherry::keras
