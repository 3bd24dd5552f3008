// SVDF: a dense layer over the last time steps, factored into features and time.
#include "ops/recurrent/svdf.h"

#include <algorithm>

#include "ops/recurrent/matrix.h"
#include "ops/recurrent/sequence.h"
#include "ops/registry.h"
#include "ops/requantization.h"

namespace wherry::op {
namespace {

using namespace recurrent;

constexpr Field svdf_fields[] = {
    field<&Svdf::rank>("rank", 0),
    field<&Svdf::fused_activation_function>("fused_activation_function", 1),
    field<&Svdf::asymmetric_quantize_inputs>("asymmetric_quantize_inputs", 2)};

enum Input { data_input, feature_input, time_input, bias_input, state_input };

struct Sizes {
  int64_t batch, depth, filters, memory;
};
Sizes sizes_of(const Shape& data, const Shape& feature, const Shape& time) {
  return {data[0], data[1], feature[0], time[1]};
}

struct Factors {
  FixedMultiplier feature, time;
};
/// The factors into the state's scale and from there into the output's.
Factors factors_of(const TensorType& data, const TensorType& feature, const TensorType& time,
                   const TensorType& state, const TensorType& y) {
  auto wide = [](float scale) { return static_cast<double>(scale); };
  return {fixed_multiplier(wide(data.scale()) * wide(feature.scale()) / wide(state.scale())),
          fixed_multiplier(wide(state.scale()) * wide(time.scale()) / wide(y.scale()))};
}

Status check_integer(const InferContext& context) {
  const Svdf& options = context.attributes<Svdf>();
  ENSURE_CODE(ErrorCode::unsupported, options.fused_activation_function == Activation::relu,
              "SVDF with int8 data supports only the activation relu");
  for (int i : {data_input, feature_input, time_input, state_input})
    TRY(check_one_scale(cat("input ", i, " of SVDF"), context.input(i)));
  for (int i : {feature_input, time_input, state_input})
    TRY(check_symmetric(cat("input ", i, " of SVDF"), context.input(i)));
  return check_one_scale("the output of SVDF", context.declared(0));
}

Status infer_svdf(InferContext& context) {
  const Svdf& options = context.attributes<Svdf>();
  const Shape &data = context.shape(data_input), &feature = context.shape(feature_input),
              &time = context.shape(time_input);
  ENSURE(data.rank() == 2 && feature.rank() == 2 && time.rank() == 2,
         "SVDF needs data and weights of two axes, got ", data, ", ", feature, " and ", time);
  Sizes sizes = sizes_of(data, feature, time);
  ENSURE(options.rank > 0 && sizes.filters % options.rank == 0, "SVDF with ", sizes.filters,
         " filters cannot have the rank ", options.rank);
  ENSURE(sizes.memory > 0, "SVDF needs a memory of at least one step");
  int64_t units = sizes.filters / options.rank;
  bool integer = context.dtype(data_input) == DType::i8;
  DType weights = context.dtype(feature_input);
  ENSURE_CODE(ErrorCode::unsupported, !integer || weights == DType::i8,
              "SVDF does not support data of type i8 with weights of type ", weights);
  TRY(check_operand(context, feature_input, weights, {sizes.filters, sizes.depth},
                    "feature weights"));
  TRY(check_operand(context, time_input, integer ? DType::i16 : weights,
                    {sizes.filters, sizes.memory}, "time weights"));
  if (context.has_input(bias_input))
    TRY(check_operand(context, bias_input, integer ? DType::i32 : DType::f32, {units}, "a bias"));
  int64_t state =
      TRY(checked_multiply(sizes.batch, TRY(checked_multiply(sizes.filters, sizes.memory))));
  TRY(check_state(context, state_input, integer ? DType::i16 : DType::f32, state));
  if (integer) {
    TRY(check_integer(context));
  } else if (weights != DType::f32) {
    TRY(check_one_scale("the feature weights of SVDF", context.input(feature_input)));
    TRY(check_one_scale("the time weights of SVDF", context.input(time_input)));
  }
  return context.set_output(0, context.dtype(data_input), {sizes.batch, units});
}

/// Makes room for one step at the end of each filter's memory.
template <class T>
T* shifted_state(Call& call) {
  std::span<T> state = call.input(state_input).span<T>();
  if (!state.empty()) std::copy(state.begin() + 1, state.end(), state.begin());
  return state.data();
}

void run_float(Call& call, const Sizes& sizes) {
  const Svdf& options = call.attributes<Svdf>();
  Matrix feature = Matrix::of(call, feature_input);
  std::vector<float> time = real_vector(call, time_input), bias = real_vector(call, bias_input);
  QuantizedVector vector(feature.bytes != nullptr, options.asymmetric_quantize_inputs);
  float *state = shifted_state<float>(call), *y = call.result<float>(0);
  std::vector<float> features(static_cast<size_t>(sizes.filters));
  for (int64_t b = 0; b < sizes.batch; ++b) {
    vector.set({call.data<float>(data_input) + b * sizes.depth, static_cast<size_t>(sizes.depth)});
    std::fill(features.begin(), features.end(), 0.0f);
    vector.multiply_add(feature, features.data());
    for (int64_t f = 0; f < sizes.filters; ++f) {
      float* memory = state + (b * sizes.filters + f) * sizes.memory;
      memory[sizes.memory - 1] = features[static_cast<size_t>(f)];
      float sum = 0;
      for (int64_t m = 0; m < sizes.memory; ++m)
        sum += memory[m] * time[static_cast<size_t>(f * sizes.memory + m)];
      features[static_cast<size_t>(f)] = sum;
    }
    int64_t units = sizes.filters / options.rank;
    for (int64_t u = 0; u < units; ++u) {
      float sum = 0;
      for (int64_t r = 0; r < options.rank; ++r)
        sum += features[static_cast<size_t>(u * options.rank + r)];
      if (!bias.empty()) sum += bias[static_cast<size_t>(u)];
      y[b * units + u] = activated(options.fused_activation_function, sum);
    }
  }
}

void run_integer(Call& call, const Sizes& sizes) {
  int64_t rank = call.attributes<Svdf>().rank, units = sizes.filters / rank;
  const TensorType &x_type = *call.input(data_input).type, &y_type = *call.output(0).type;
  Factors factors = factors_of(x_type, *call.input(feature_input).type,
                               *call.input(time_input).type, *call.input(state_input).type, y_type);
  const int8_t *x = call.data<int8_t>(data_input), *feature = call.data<int8_t>(feature_input);
  const int16_t* time = call.data<int16_t>(time_input);
  const int32_t* bias = call.has_input(bias_input) ? call.data<int32_t>(bias_input) : nullptr;
  int16_t* state = shifted_state<int16_t>(call);
  for (int64_t i = 0; i < sizes.batch * units; ++i) {
    uint32_t sum = bias ? static_cast<uint32_t>(bias[i % units]) : 0;
    for (int64_t k = i * rank; k < (i + 1) * rank; ++k) {
      const int8_t *row = x + k / sizes.filters * sizes.depth,
                   *weights = feature + k % sizes.filters * sizes.depth;
      uint32_t dot = 0;
      for (int64_t d = 0; d < sizes.depth; ++d)
        dot += static_cast<uint32_t>(weights[d] * (row[d] - x_type.zero_point()));
      int32_t newest = multiply(static_cast<int32_t>(dot), factors.feature);
      int16_t* memory = state + k * sizes.memory;
      memory[sizes.memory - 1] = static_cast<int16_t>(std::clamp(newest, -32768, 32767));
      const int16_t* time_weights = time + k % sizes.filters * sizes.memory;
      for (int64_t m = 0; m < sizes.memory; ++m)
        sum += static_cast<uint32_t>(memory[m] * time_weights[m]);
    }
    int64_t value =
        int64_t{multiply(static_cast<int32_t>(sum), factors.time)} + y_type.zero_point();
    call.result<int8_t>(0)[i] = static_cast<int8_t>(std::clamp<int64_t>(value, -128, 127));
  }
}

Status reference(Call& call) {
  Sizes sizes = sizes_of(call.shape(data_input), call.shape(feature_input), call.shape(time_input));
  if (call.dtype(data_input) == DType::i8)
    run_integer(call, sizes);
  else
    run_float(call, sizes);
  return {};
}

bool is_hybrid(const Graph& graph, const Node& node) {
  return node.inputs.size() > 1 && graph.value(node.inputs[0]).type.dtype == DType::f32 &&
         graph.value(node.inputs[1]).type.dtype != DType::f32;
}
bool is_asymmetric(const Graph& graph, const Node& node) {
  return is_hybrid(graph, node) && node.attributes.as<Svdf>().asymmetric_quantize_inputs;
}
bool is_integer(const Graph& graph, const Node& node) {
  return !node.inputs.empty() && graph.value(node.inputs[0]).type.dtype == DType::i8;
}

int64_t macs(const InferContext& context) {
  return context.shape(data_input)[0] *
         (context.shape(feature_input).elements() + context.shape(time_input).elements());
}

}  // namespace

constinit const AttributesType svdf_attributes = attributes_type<Svdf>(svdf_fields, 6);

constinit const OpDef svdf = {
    .name = "SVDF",
    .code = 27,
    .attributes = &svdf_attributes,
    .inputs = {{"x", one_of(DType::f32, DType::i8)},
               {"feature_weights", one_of(DType::f32, DType::i8, DType::u8)},
               {"time_weights", one_of(DType::f32, DType::i8, DType::u8, DType::i16)},
               {"bias", one_of(DType::f32, DType::i32), Presence::optional},
               {"state", one_of(DType::f32, DType::i16)}},
    .outputs = {{"y", one_of(DType::f32, DType::i8)}},
    .versions = {{1, "1.5.0"},
                 {2, "1.14.0", {}, is_hybrid},
                 {3, "2.2.0", {}, is_integer},
                 {4, "2.3.0", {}, is_asymmetric}},
    .infer = infer_svdf,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::calibrated, .weights = 1, .bias = 3, .hybrid = true},
    .macs = macs,
    .effects = Effects::stateful,
    .doc =
        "for each unit the sum of its filters' memories times the time weights; a filter's "
        "newest memory is feature_weights x"};

OpTable svdf_ops() { return op_table(svdf); }

}  // namespace wherry::op
