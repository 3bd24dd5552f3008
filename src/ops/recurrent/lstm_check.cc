// Validates the tensors of an LSTM cell: which are present, their types, shapes and scales.
#include "ops/recurrent/lstm_cell.h"
#include "ops/requantization.h"

namespace wherry::recurrent {
namespace {

constexpr std::string_view gate_names[] = {"input gate", "forget gate", "cell gate", "output gate"};
constexpr Gate all_gates[] = {input_gate, forget_gate, cell_gate, output_gate};

class LstmCheck {
 public:
  LstmCheck(const InferContext& context, const LstmInputs& inputs, const SequenceLayout& layout)
      : context_(context), inputs_(inputs), layout_(layout) {}

  Expected<LstmSizes> run() {
    TRY(find_types());
    TRY(find_sizes());
    TRY(check_gates());
    TRY(check_peepholes());
    TRY(check_projection());
    TRY(check_norms());
    TRY(check_state(context_, inputs_.output_state, integer_ ? DType::i8 : DType::f32,
                    TRY(checked_multiply(layout_.batch, sizes_.outputs))));
    TRY(check_state(context_, inputs_.cell_state, integer_ ? DType::i16 : DType::f32,
                    TRY(checked_multiply(layout_.batch, sizes_.cells))));
    return sizes_;
  }

 private:
  std::string_view op() const { return context_.op().name; }
  bool has(int i) const { return i >= 0 && context_.has_input(i); }
  bool has_norm(Gate gate) const { return inputs_.norms >= 0 && has(inputs_.norms + gate); }

  Status find_types() {
    int i = inputs_.data_weights + output_gate;
    ENSURE(has(i), op(), " needs weights of the output gate (input ", i, ")");
    DType data = context_.dtype(inputs_.data);
    weights_ = context_.dtype(i);
    integer_ = data == DType::i8;
    bool fits = integer_ ? weights_ == DType::i8 : data == DType::f32;
    ENSURE_CODE(ErrorCode::unsupported, fits, op(), " does not support data of type ", data,
                " with weights of type ", weights_);
    gate_type_ = integer_ ? DType::i32 : DType::f32;
    vector_type_ = integer_ ? DType::i16 : weights_;
    norm_type_ = integer_ ? DType::i16 : DType::f32;
    couples_gates_ = !has(inputs_.data_weights);
    return {};
  }

  Status find_sizes() {
    const Shape& data = context_.shape(inputs_.data_weights + output_gate);
    ENSURE(data.rank() == 2, op(), " needs weights of two axes, got ", data);
    int i = inputs_.recurrent_weights + output_gate;
    ENSURE(has(i), op(), " needs recurrent weights of the output gate (input ", i, ")");
    const Shape& recurrent = context_.shape(i);
    bool diagonal = inputs_.diagonal && recurrent.rank() == 1;
    ENSURE(recurrent.rank() == 2 || diagonal, op(), " needs recurrent weights of two axes, got ",
           recurrent);
    sizes_ = {data[0], diagonal ? recurrent[0] : recurrent[1]};
    ENSURE(has(inputs_.projection) || sizes_.outputs == sizes_.cells, op(), " has ", sizes_.cells,
           " cells and ", sizes_.outputs, " outputs but no projection");
    return {};
  }

  /// A matrix or vector of weights; int8 ones need one scale.
  Status check_weights(int i, DType type, const Shape& shape, std::string_view what) {
    TRY(check_operand(context_, i, type, shape, what));
    if (type == DType::f32) return {};
    std::string name = cat("input ", i, " of ", op());
    TRY(check_one_scale(name, context_.input(i)));
    return type == DType::u8 ? Status() : check_symmetric(name, context_.input(i));
  }

  Status check_gates() {
    for (Gate gate : all_gates) {
      if (gate == input_gate && couples_gates_) {
        TRY(check_absent(inputs_.recurrent_weights));
        TRY(check_absent(inputs_.biases));
        continue;
      }
      std::string name = cat("weights of the ", gate_names[gate]);
      TRY(check_weights(inputs_.data_weights + gate, weights_, {sizes_.cells, layout_.depth},
                        name));
      if (inputs_.aux_weights >= 0) TRY(check_aux(gate, name));
      TRY(check_recurrent(inputs_.recurrent_weights + gate, "recurrent " + name));
      TRY(check_operand(context_, inputs_.biases + gate, gate_type_, {sizes_.cells},
                        cat("a bias of the ", gate_names[gate])));
    }
    return {};
  }

  Status check_absent(int i) {
    ENSURE(!has(i), op(), " has no weights of the input gate, and yet an input ", i);
    return {};
  }

  Status check_aux(Gate gate, const std::string& name) {
    const Shape& aux = context_.shape(inputs_.aux);
    return check_weights(inputs_.aux_weights + gate, weights_, {sizes_.cells, aux.back()},
                         "auxiliary " + name);
  }

  Status check_recurrent(int i, const std::string& name) {
    bool diagonal = inputs_.diagonal && has(i) && context_.shape(i).rank() == 1;
    if (!diagonal) return check_weights(i, weights_, {sizes_.cells, sizes_.outputs}, name);
    ENSURE_CODE(ErrorCode::unsupported, !integer_, op(),
                " does not support diagonal recurrent weights with int8 data");
    ENSURE(sizes_.cells == sizes_.outputs, op(), " has diagonal recurrent weights and then needs ",
           "as many outputs as cells, got ", sizes_.outputs, " and ", sizes_.cells);
    return check_operand(context_, i, DType::f32, {sizes_.cells}, name);
  }

  Status check_peepholes() {
    int first = inputs_.peepholes;
    if (!has(first) && !has(first + 1) && !has(first + 2)) return {};
    for (int k = couples_gates_ ? 1 : 0; k < 3; ++k)
      TRY(check_weights(first + k, vector_type_, {sizes_.cells}, "peephole weights"));
    return {};
  }

  Status check_projection() {
    if (!has(inputs_.projection)) {
      ENSURE(!has(inputs_.projection_bias), op(), " has a bias of a projection and no projection");
      return {};
    }
    TRY(check_weights(inputs_.projection, weights_, {sizes_.outputs, sizes_.cells},
                      "projection weights"));
    if (!has(inputs_.projection_bias)) return {};
    return check_operand(context_, inputs_.projection_bias, gate_type_, {sizes_.outputs},
                         "a bias of the projection");
  }

  Status check_norms() {
    if (!has_norm(forget_gate)) {
      for (Gate gate : all_gates)
        ENSURE(!has_norm(gate), op(),
               " has layer normalisation of some gates but none of the forget gate");
      return {};
    }
    for (Gate gate : all_gates) {
      if (gate == input_gate && couples_gates_) continue;
      TRY(check_weights(inputs_.norms + gate, norm_type_, {sizes_.cells},
                        "layer normalisation of every gate"));
    }
    return {};
  }

  const InferContext& context_;
  const LstmInputs& inputs_;
  const SequenceLayout& layout_;
  LstmSizes sizes_;
  DType weights_ = DType::f32, gate_type_ = DType::f32, vector_type_ = DType::f32,
        norm_type_ = DType::f32;
  bool integer_ = false, couples_gates_ = false;
};

}  // namespace

Expected<LstmSizes> check_lstm(const InferContext& context, const LstmInputs& inputs,
                               const SequenceLayout& layout, const LstmRules& rules) {
  ENSURE(rules.cell_clip >= 0 && rules.projection_clip >= 0, context.op().name,
         " needs clips of 0 or more, got ", rules.cell_clip, " and ", rules.projection_clip);
  return LstmCheck(context, inputs, layout).run();
}

int64_t lstm_macs(const InferContext& context, const LstmInputs& inputs, int64_t vectors) {
  const Shape &weights = context.shape(inputs.data_weights + output_gate),
              &recurrent = context.shape(inputs.recurrent_weights + output_gate);
  int64_t gates = context.has_input(inputs.data_weights) ? 4 : 3;
  int64_t columns = weights[1] + (recurrent.rank() == 2 ? recurrent[1] : 1);
  if (inputs.aux >= 0) columns += context.shape(inputs.aux).back();
  int64_t projection =
      context.has_input(inputs.projection) ? context.shape(inputs.projection).elements() : 0;
  return vectors * (gates * weights[0] * columns + projection);
}

bool is_hybrid_lstm(const Graph& graph, const Node& node, size_t weights) {
  if (node.inputs.size() <= weights || node.inputs[weights] == no_value) return false;
  return graph.value(node.inputs[0]).type.dtype == DType::f32 &&
         graph.value(node.inputs[weights]).type.dtype != DType::f32;
}

}  // namespace wherry::recurrent
