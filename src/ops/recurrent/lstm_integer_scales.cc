// Makes the factors of an integer LSTM cell; TFLite forms them in float, and so must we.
#include "ops/recurrent/lstm_integer_scales.h"

#include "ops/requantization.h"

namespace wherry::recurrent {
namespace {

Expected<FixedMultiplier> checked_multiplier(float factor) {
  ENSURE(factor > 0 && factor < 1e9f, "the scales of an integer LSTM give the factor ", factor,
         ", which no kernel can represent");
  return fixed_multiplier(factor);
}

/// The exponent of a scale that is nearly a power of two.
Expected<int> exponent_of(float scale) {
  float exact = std::log(scale) * (1.0f / std::log(2.0f)), rounded = std::round(exact);
  ENSURE(std::abs(exact - rounded) < 1e-3f,
         "the cell state of an integer LSTM needs a power of two as scale, got ", scale);
  ENSURE(rounded >= -30 && rounded <= 0, "the cell state of an integer LSTM needs a scale from ",
         0x1p-30f, " to 1, got ", scale);
  return static_cast<int>(rounded);
}

/// A clip in stored units, cut off and not rounded.
int32_t stored_clip(float clip, float scale, float highest) {
  return clip > 0 ? static_cast<int32_t>(std::min(clip / scale, highest)) : 0;
}

class ScaleMaker {
 public:
  ScaleMaker(const Graph& graph, const Node& node, std::span<const TensorType* const> types,
             const LstmInputs& inputs)
      : graph_(graph), node_(node), types_(types), inputs_(inputs) {}

  Expected<IntegerLstmScales> run(const LstmRules& rules) {
    TRY(check_intermediates());
    const TensorType &data = *types_[static_cast<size_t>(inputs_.data)],
                     &cell = *types_[static_cast<size_t>(inputs_.cell_state)],
                     &state = *types_[static_cast<size_t>(inputs_.output_state)],
                     &output = graph_.value(node_.outputs[0]).type;
    TRY(check_one_scale("the data of an integer LSTM", data));
    TRY(check_one_scale("the cell state of an integer LSTM", cell));
    TRY(check_one_scale("the output state of an integer LSTM", state));
    TRY(check_one_scale("the output of an integer LSTM", output));
    scales_.cell_exponent = TRY(exponent_of(cell.scale()));
    scales_.data_zero = data.zero_point();
    scales_.output_zero = state.zero_point();
    scales_.cell_clip = stored_clip(rules.cell_clip, cell.scale(), 32767);
    scales_.projection_clip = stored_clip(rules.projection_clip, output.scale(), 127);
    for (Gate gate : {input_gate, forget_gate, cell_gate, output_gate})
      TRY(make_gate(gate, data.scale(), state.scale()));
    TRY(make_hidden(state.scale()));
    return scales_;
  }

 private:
  const TensorType* type(int i) const {
    return i < 0 || static_cast<size_t>(i) >= types_.size() ? nullptr
                                                            : types_[static_cast<size_t>(i)];
  }
  const TensorType& intermediate(int i) const {
    return graph_.value(node_.intermediates[static_cast<size_t>(i)]).type;
  }
  bool is_normalized() const {
    return inputs_.norms >= 0 && type(inputs_.norms + forget_gate) != nullptr;
  }

  Status check_intermediates() const {
    ENSURE_CODE(ErrorCode::unsupported, node_.intermediates.size() == 5,
                "an integer LSTM needs 5 intermediate values that carry scales, the node has ",
                node_.intermediates.size());
    for (int i = is_normalized() ? 0 : 4; i < 5; ++i)
      TRY(check_one_scale(cat("intermediate value ", i, " of an integer LSTM"), intermediate(i)));
    int32_t hidden_zero = intermediate(4).zero_point();
    ENSURE(hidden_zero >= -128 && hidden_zero <= 127, "the output of an integer LSTM before the ",
           "projection has the zero point ", hidden_zero, ", outside i8");
    return {};
  }

  Status make_gate(Gate gate, float data_scale, float state_scale) {
    const TensorType* weights = type(inputs_.data_weights + gate);
    if (!weights) return {};
    GateScales& scales = scales_.gates[gate];
    // Gates are computed with 3 integer bits, unless a normalisation follows.
    float gate_scale = is_normalized() ? intermediate(gate).scale() : 0x1p-12f;
    scales.data = TRY(checked_multiplier(weights->scale() * data_scale / gate_scale));
    float recurrent = type(inputs_.recurrent_weights + gate)->scale();
    scales.recurrent = TRY(checked_multiplier(recurrent * state_scale / gate_scale));
    int peephole = inputs_.peepholes + (gate == output_gate ? 2 : gate);
    if (gate != cell_gate && type(peephole)) {
      double factor = std::ldexp(1.0, scales_.cell_exponent) * type(peephole)->scale() / gate_scale;
      scales.peephole = TRY(checked_multiplier(static_cast<float>(factor)));
    }
    if (is_normalized()) {
      float norm = type(inputs_.norms + gate)->scale();
      ENSURE(norm < 1e5f, "the layer normalisation of an integer LSTM has the scale ", norm,
             ", which no kernel can represent");
      scales.norm = fixed_multiplier(norm);
      scales.norm.shift += 12;
      scales.variance_guard = std::max(1, static_cast<int32_t>(10000 * norm));
    }
    return {};
  }

  Status make_hidden(float state_scale) {
    const TensorType& hidden = intermediate(4);
    scales_.hidden_zero = hidden.zero_point();
    scales_.hidden =
        TRY(checked_multiplier(static_cast<float>(0x1p-15 / hidden.scale() * 0x1p-15)));
    if (const TensorType* weights = type(inputs_.projection))
      scales_.projection = TRY(checked_multiplier(weights->scale() * hidden.scale() / state_scale));
    return {};
  }

  const Graph& graph_;
  const Node& node_;
  std::span<const TensorType* const> types_;
  const LstmInputs& inputs_;
  IntegerLstmScales scales_;
};

}  // namespace

Expected<IntegerLstmScales> IntegerLstmScales::of(const Graph& graph, const Node& node,
                                                  std::span<const TensorType* const> types,
                                                  const LstmInputs& inputs,
                                                  const LstmRules& rules) {
  return ScaleMaker(graph, node, types, inputs).run(rules);
}

std::vector<const TensorType*> input_types(const InferContext& context) {
  std::vector<const TensorType*> types;
  for (int i = 0; i < context.input_count(); ++i)
    types.push_back(context.has_input(i) ? &context.input(i) : nullptr);
  return types;
}

std::vector<const TensorType*> input_types(const Call& call) {
  std::vector<const TensorType*> types;
  for (const TensorView& view : call.inputs()) types.push_back(view.type);
  return types;
}

}  // namespace wherry::recurrent
