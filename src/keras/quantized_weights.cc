// Reads kernels of int8, packed int4, float8, GPTQ and AWQ, and emits the rounding of inputs.
#include "keras/quantized_weights.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/half.h"

namespace wherry::keras {
namespace {

constexpr double largest_float8 = 448;  // of e4m3

struct ModeName {
  std::string_view name;
  QuantizedMode mode;
};
constexpr ModeName mode_names[] = {{"int8", QuantizedMode::int8},
                                   {"int4", QuantizedMode::int4},
                                   {"float8", QuantizedMode::float8},
                                   {"gptq", QuantizedMode::gptq},
                                   {"awq", QuantizedMode::awq}};

/// "gptq/4/128_from_float32", or "gptq/4/128": the mode and the numbers behind it.
struct Policy {
  std::string_view mode;
  std::vector<int64_t> numbers;
};

Policy parse_policy(std::string_view text) {
  Policy policy;
  text = text.substr(0, text.find("_from_"));
  policy.mode = text.substr(0, text.find('/'));
  while (text.find('/') != std::string_view::npos) {
    text = text.substr(text.find('/') + 1);
    int64_t number = -1;
    std::from_chars(text.data(), text.data() + text.size(), number);
    policy.numbers.push_back(number);
  }
  return policy;
}

Error unknown_policy(std::string_view policy) {
  return {.code = ErrorCode::unsupported,
          .message = "Keras quantised this layer in a way that is not known here",
          .received = quoted(policy),
          .advice = std::string(quantize_later)};
}

/// What the layer's "quantization_config" says of its inputs, or what Keras does without one.
std::optional<QuantizedForm::Rounding> input_rounding(const PyValue& config, QuantizedMode mode,
                                                      bool is_table) {
  bool by_default = mode == QuantizedMode::int8 || (mode == QuantizedMode::int4 && is_table);
  if (config.is_none()) return by_default ? std::optional(QuantizedForm::Rounding{}) : std::nullopt;
  const PyValue& quantizer = config.at("config").at("activation_quantizer").at("config");
  if (!quantizer.is_dict()) return {};
  QuantizedForm::Rounding rounding;
  const PyValue& range = quantizer.at("value_range");
  if (range.items().size() == 2) {
    rounding.least = range.items()[0].real();
    rounding.most = range.items()[1].real();
  }
  if (quantizer.at("epsilon").is_number()) rounding.epsilon = quantizer.at("epsilon").real();
  return rounding;
}

/// True for what an earlier call of the same layer has read.
bool is_read(const LayerImport& layer, std::string_view role) {
  return layer.stored(role).dtype == DType::f32;
}

/// A matrix of whole numbers, two to a byte along one axis where they have four bits.
struct Packed {
  std::string_view role;
  MatrixSizes sizes;     ///< unpacked
  int packed_axis = -1;  ///< -1: one number to a byte
  bool is_signed = true;
};

float nibble(int byte, bool high, bool is_signed) {
  int number = (high ? byte >> 4 : byte) & 15;
  return static_cast<float>(is_signed && number >= 8 ? number - 16 : number);
}

Expected<std::vector<float>> unpacked(const LayerImport& layer, const Packed& packed) {
  int64_t rows = packed.sizes.inputs, columns = packed.sizes.outputs;
  int axis = packed.packed_axis;
  Shape stored = {axis == 0 ? (rows + 1) / 2 : rows, axis == 1 ? (columns + 1) / 2 : columns};
  std::vector<float> bytes = TRY(layer.floats(packed.role, stored));
  if (axis < 0) return bytes;
  std::vector<float> numbers(static_cast<size_t>(rows * columns));
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t column = 0; column < columns; ++column) {
      int64_t from_row = axis == 0 ? row / 2 : row, from_column = axis == 1 ? column / 2 : column;
      int byte = static_cast<int>(bytes[static_cast<size_t>(from_row * stored[1] + from_column)]);
      bool high = (axis == 0 ? row : column) % 2 != 0;
      numbers[static_cast<size_t>(row * columns + column)] = nibble(byte, high, packed.is_signed);
    }
  }
  return numbers;
}

/// The scales of a matrix: one for each place on the axis `along`; with blocks, one for each of
/// these and each block of the other axis, whose scales have that axis where it is in the matrix.
struct Scales {
  std::string_view scale, zero;
  int along = 1;
  int64_t block = -1;
};

/// Which block each place on the axis belongs to.
Expected<std::vector<int64_t>> blocks_of(const LayerImport& layer, int64_t extent, int64_t count) {
  std::vector<float> stored = TRY(layer.floats("g_idx", {extent}));
  std::vector<int64_t> blocks;
  for (float block : stored) {
    ENSURE(block >= 0 && block < static_cast<float>(count), "the weight 'g_idx' names block ",
           block, " of ", count);
    blocks.push_back(static_cast<int64_t>(block));
  }
  return blocks;
}

Status scale_by_blocks(const LayerImport& layer, const Scales& scales, MatrixSizes sizes,
                       std::vector<float>& numbers) {
  bool by_column = scales.along == 1;
  int64_t extent = by_column ? sizes.inputs : sizes.outputs;
  int64_t count = scales.block > 0 ? (extent + scales.block - 1) / scales.block : 1;
  Shape shape = by_column ? Shape{count, sizes.outputs} : Shape{sizes.inputs, count};
  std::vector<float> scale = TRY(layer.floats(scales.scale, shape)),
                     zero = TRY(layer.floats(scales.zero, shape));
  std::vector<int64_t> blocks = TRY(blocks_of(layer, extent, count));
  for (size_t i = 0; i < numbers.size(); ++i) {
    int64_t row = static_cast<int64_t>(i) / sizes.outputs,
            column = static_cast<int64_t>(i) % sizes.outputs;
    int64_t at = by_column ? blocks[static_cast<size_t>(row)] * sizes.outputs + column
                           : row * count + blocks[static_cast<size_t>(column)];
    numbers[i] = (numbers[i] - zero[static_cast<size_t>(at)]) * scale[static_cast<size_t>(at)];
  }
  return {};
}

Status divide_by_scales(const LayerImport& layer, const Scales& scales, MatrixSizes sizes,
                        std::vector<float>& numbers) {
  bool by_column = scales.along == 1;
  std::vector<float> scale =
      TRY(layer.floats(scales.scale, {by_column ? sizes.outputs : sizes.inputs}));
  auto columns = static_cast<size_t>(sizes.outputs);
  for (size_t i = 0; i < numbers.size(); ++i)
    numbers[i] /= scale[by_column ? i % columns : i / columns];
  return {};
}

std::vector<float> transposed(const std::vector<float>& matrix, int64_t rows, int64_t columns) {
  std::vector<float> result(matrix.size());
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t column = 0; column < columns; ++column)
      result[static_cast<size_t>(column * rows + row)] =
          matrix[static_cast<size_t>(row * columns + column)];
  }
  return result;
}

/// The nearest number with four significant bits, as e4m3 has them; ties to even.
float nearest_float8(float x) {
  int exponent = 0;
  std::frexp(x, &exponent);
  double step = std::ldexp(1.0, std::max(exponent - 4, -9));
  return static_cast<float>(std::nearbyint(x / step) * step);
}

Status replace_matrix(LayerImport& layer, std::string_view role, std::vector<float> matrix,
                      MatrixSizes sizes) {
  Weight weight = layer.stored(role);
  weight.dtype = DType::f32;
  weight.shape = {sizes.inputs, sizes.outputs};
  weight.data = Constant::of(std::move(matrix));
  layer.replace(role, std::move(weight));
  return {};
}

Status read_int4(LayerImport& layer, const QuantizedForm& form, MatrixSizes sizes, bool biased) {
  bool blocks = form.block > 0;
  TRY(layer.take({"kernel", biased ? "bias" : "", "kernel_scale", blocks ? "kernel_zero" : "",
                  blocks ? "g_idx" : ""}));
  if (is_read(layer, "kernel")) return {};
  std::vector<float> kernel =
      TRY(unpacked(layer, {.role = "kernel", .sizes = sizes, .packed_axis = 1}));
  Scales scales{"kernel_scale", "kernel_zero", 1, form.block};
  TRY(blocks ? scale_by_blocks(layer, scales, sizes, kernel)
             : divide_by_scales(layer, scales, sizes, kernel));
  return replace_matrix(layer, "kernel", std::move(kernel), sizes);
}

/// GPTQ and AWQ: stored with the outputs first, unsigned, in blocks of inputs.
Status read_calibrated(LayerImport& layer, const QuantizedForm& form, MatrixSizes sizes,
                       bool biased) {
  bool aware = form.mode == QuantizedMode::awq;
  std::string_view zero =
      layer.scope().has_names() && layer.scope().named("zero_point") ? "zero_point" : "kernel_zero";
  TRY(layer.take(
      {biased ? "bias" : "", "kernel", "kernel_scale", zero, aware ? "awq_scales" : "", "g_idx"}));
  if (is_read(layer, "kernel")) return {};
  MatrixSizes stored{sizes.outputs, sizes.inputs};
  int packed_axis = form.bits == 4 ? 0 : -1;
  std::vector<float> kernel = TRY(unpacked(
      layer, {.role = "kernel", .sizes = stored, .packed_axis = packed_axis, .is_signed = false}));
  TRY(scale_by_blocks(layer, {"kernel_scale", zero, 0, form.block}, stored, kernel));
  kernel = transposed(kernel, stored.inputs, stored.outputs);
  if (aware)
    TRY(divide_by_scales(layer, {.scale = "awq_scales", .zero = {}, .along = 0}, sizes, kernel));
  return replace_matrix(layer, "kernel", std::move(kernel), sizes);
}

Status read_float8(LayerImport& layer, MatrixSizes sizes, bool biased) {
  TRY(layer.take({"kernel", biased ? "bias" : "", "inputs_scale", "inputs_amax_history",
                  "kernel_scale", "kernel_amax_history", "outputs_grad_scale",
                  "outputs_grad_amax_history"}));
  const Shape& shape = layer.stored("kernel").shape;
  ENSURE(shape.elements() == sizes.inputs * sizes.outputs, "the weight 'kernel' should have ",
         sizes.inputs * sizes.outputs, " elements, but has the shape ", shape.dims());
  std::vector<float> kernel = TRY(layer.floats("kernel", shape));
  if (biased) {
    std::vector<float> bias = TRY(layer.floats("bias", layer.stored("bias").shape));
    for (float& element : bias) element = bfloat16(element);  // as Keras adds it
    Weight rounded = layer.stored("bias");
    rounded.dtype = DType::f32;
    rounded.data = Constant::of(std::move(bias));
    layer.replace("bias", std::move(rounded));
  }
  float scale = TRY(layer.floats("kernel_scale", {}))[0];
  auto most = static_cast<float>(largest_float8);
  for (float& weight : kernel)
    weight = nearest_float8(std::clamp(weight / scale, -most, most)) * scale;
  return replace_matrix(layer, "kernel", std::move(kernel), sizes);
}

/// The nearest float8 in whole float32 steps: adding and taking away a large multiple of x leaves
/// four significant bits; numbers below the smallest normal one have steps of a fixed size.
Expected<ValueId> nearest_float8(LayerImport& layer, ValueId x) {
  ValueId large = TRY(layer.times(x, (1 << 20) + 1.0));
  ValueId normal = TRY(layer.subtract(large, TRY(layer.subtract(large, x))));
  ValueId steps = TRY(layer.node("ROUND", {TRY(layer.times(x, 512))}));
  ValueId small = TRY(layer.times(steps, 1.0 / 512));
  ValueId size = TRY(layer.node("ABS", {x}));
  ValueId is_small = TRY(layer.node("LESS", {size, TRY(layer.number(1.0 / 64, x))}));
  return layer.select(is_small, small, normal);
}

Expected<RoundedInputs> float8_inputs(LayerImport& layer, ValueId x) {
  double scale = TRY(layer.floats("inputs_scale", {}))[0];
  ValueId scaled = TRY(layer.times(x, 1 / scale));
  ValueId bounded =
      TRY(layer.at_most(TRY(layer.at_least(scaled, -largest_float8)), largest_float8));
  return RoundedInputs{TRY(layer.times(TRY(nearest_float8(layer, bounded)), scale))};
}

/// One table of an embedding: `along` is the axis of its rows, which have scales of their own.
struct Table {
  std::string_view role, scale, zero;
  MatrixSizes sizes;
  int along;
};

Status read_table(LayerImport& layer, const QuantizedForm& form, const Table& table) {
  if (is_read(layer, table.role)) return {};
  bool is_packed = form.mode == QuantizedMode::int4, blocks = is_packed && form.block > 0;
  std::vector<float> numbers = TRY(unpacked(
      layer,
      {.role = table.role, .sizes = table.sizes, .packed_axis = is_packed ? 1 - table.along : -1}));
  Scales scales{table.scale, table.zero, table.along, form.block};
  TRY(blocks ? scale_by_blocks(layer, scales, table.sizes, numbers)
             : divide_by_scales(layer, scales, table.sizes, numbers));
  return replace_matrix(layer, table.role, std::move(numbers), table.sizes);
}

}  // namespace

std::string_view quantized_policy(const PyValue& dtype) {
  const PyValue& config = dtype.at("config");
  if (config.at("mode").is_text()) return config.at("mode").text();
  std::string_view name = dtype.is_text() ? dtype.text() : config.at("name").text();
  return name.find("_from_") == std::string_view::npos ? std::string_view() : name;
}

Expected<QuantizedForm> quantized_form(const LayerRecord& record) {
  std::string_view text = quantized_policy(record.config.at("dtype"));
  QuantizedForm form;
  if (text.empty()) return form;
  Policy policy = parse_policy(text);
  for (const ModeName& known : mode_names) {
    if (known.name == policy.mode) form.mode = known.mode;
  }
  if (form.mode == QuantizedMode::none) return unknown_policy(text);
  bool calibrated = form.mode == QuantizedMode::gptq || form.mode == QuantizedMode::awq;
  if (policy.numbers.size() != (calibrated ? 2u : 1u) && (calibrated || !policy.numbers.empty()))
    return unknown_policy(text);
  if (!policy.numbers.empty()) form.block = policy.numbers.back();
  if (calibrated) form.bits = policy.numbers.front();
  bool is_table = record.class_name == "ReversibleEmbedding";
  form.inputs = input_rounding(record.config.at("quantization_config"), form.mode, is_table);
  return form;
}

bool reads_quantized_weights(const LayerDef& def) {
  return std::any_of(def.config.begin(), def.config.end(), [](const ConfigKey& key) {
    return key.name == "quantization_config" && key.type == KeyType::anything;
  });
}

Status take_quantized_kernel(LayerImport& layer, const QuantizedForm& form, MatrixSizes sizes,
                             bool biased) {
  switch (form.mode) {
    case QuantizedMode::none:
      return layer.take({"kernel", biased ? "bias" : ""});
    case QuantizedMode::int8:
      return layer.take({"kernel", biased ? "bias" : "", "kernel_scale"});
    case QuantizedMode::int4:
      return read_int4(layer, form, sizes, biased);
    case QuantizedMode::float8:
      return read_float8(layer, sizes, biased);
    case QuantizedMode::gptq:
    case QuantizedMode::awq:
      return read_calibrated(layer, form, sizes, biased);
  }
  CHECK(!"every mode is read");
  __builtin_unreachable();
}

Status take_quantized_tables(LayerImport& layer, const QuantizedForm& form, MatrixSizes sizes,
                             bool tied) {
  std::string_view reverse = tied ? "" : "reverse_embeddings";
  if (form.mode == QuantizedMode::none) return layer.take({"embeddings", reverse});
  bool blocks = form.mode == QuantizedMode::int4 && form.block > 0;
  TRY(layer.take({"embeddings", "embeddings_scale", blocks ? "embeddings_zero" : "",
                  blocks ? "g_idx" : "", reverse, tied ? "" : "reverse_embeddings_scale",
                  blocks && !tied ? "reverse_embeddings_zero" : ""}));
  TRY(read_table(layer, form, {"embeddings", "embeddings_scale", "embeddings_zero", sizes, 0}));
  if (tied) return {};
  return read_table(layer, form,
                    {"reverse_embeddings", "reverse_embeddings_scale", "reverse_embeddings_zero",
                     MatrixSizes{sizes.outputs, sizes.inputs}, 1});
}

Expected<RoundedInputs> rounded_inputs(LayerImport& layer, const QuantizedForm& form, ValueId x,
                                       const std::vector<int64_t>& axes) {
  if (form.mode == QuantizedMode::float8) return float8_inputs(layer, x);
  if (!form.inputs) return RoundedInputs{x};
  const QuantizedForm::Rounding& rounding = *form.inputs;
  ValueId size = TRY(layer.node("ABS", {x}));
  ValueId largest = TRY(layer.reduce("REDUCE_MAX", size, axes, true));
  ValueId range = TRY(layer.plus(largest, rounding.epsilon));
  ValueId most = TRY(layer.number(rounding.most, x));
  ValueId scale = TRY(layer.divide(most, range));
  ValueId numbers = TRY(layer.node("ROUND", {TRY(layer.multiply(x, scale))}));
  if (rounding.least > -rounding.most) numbers = TRY(layer.at_least(numbers, rounding.least));
  return RoundedInputs{numbers, scale};
}

}  // namespace wherry::keras
