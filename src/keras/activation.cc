// The table of activation functions.
#include "keras/activation.h"

#include <algorithm>
#include <vector>

#include "keras/nonlinearity.h"

namespace wherry::keras {
namespace {

struct Row {
  std::string_view name;
  std::string_view op;  ///< the operator that computes it alone, or
  Expected<ValueId> (*emit)(Emitter& emitter, ValueId x) = nullptr;  ///< a chain of them
};

/// Both signs of x, one behind the other.
Expected<ValueId> crelu(Emitter& emitter, ValueId x) {
  std::vector<ValueId> signs = {x, TRY(emitter.node("NEG", {x}))};
  return emitter.node("RELU", {TRY(emitter.concatenate(signs, emitter.rank(x) - 1))});
}

constexpr Row rows[] = {
    {"celu", "ELU"},
    {"crelu", {}, crelu},
    {"crelu_v2", {}, crelu},
    {"elu", "ELU"},
    {"exponential", "EXP"},
    {"gelu", {}, [](Emitter& e, ValueId x) { return gelu(e, x, false); }},
    {"glu", {}, [](Emitter& e, ValueId x) { return glu(e, x, -1); }},
    {"hard_shrink", {}, [](Emitter& e, ValueId x) { return hard_shrink(e, x, 0.5); }},
    {"hard_sigmoid", {}, hard_sigmoid_3},
    {"hard_silu", "HARD_SWISH"},
    {"hard_swish", "HARD_SWISH"},
    {"hard_tanh", "RELU_N1_TO_1"},
    {"leaky_relu", {}, [](Emitter& e, ValueId x) { return leaky_relu(e, x, 0.2); }},
    {"log_sigmoid", {}, log_sigmoid},
    {"log_softmax", {}, [](Emitter& e, ValueId x) { return log_softmax(e, x, -1); }},
    {"log_softmax_v2", {}, [](Emitter& e, ValueId x) { return log_softmax(e, x, -1); }},
    {"mish", {}, mish},
    {"relu", {}, [](Emitter& e, ValueId x) { return leaky_relu(e, x, 0); }},
    {"relu6", {}, [](Emitter& e, ValueId x) { return clip(e, x, 0, 6); }},
    {"selu", {}, selu},
    {"sigmoid", "LOGISTIC"},
    {"silu", {}, silu},
    {"soft_shrink", {}, [](Emitter& e, ValueId x) { return soft_shrink(e, x, 0.5); }},
    {"softmax", "SOFTMAX"},
    {"softplus", {}, softplus},
    {"softsign", {}, softsign},
    {"sparse_plus", {}, sparse_plus},
    {"sparse_sigmoid", {}, sparse_sigmoid},
    {"sparsemax", {}, [](Emitter& e, ValueId x) { return sparsemax(e, x, -1); }},
    {"squareplus", {}, [](Emitter& e, ValueId x) { return squareplus(e, x, 4); }},
    {"swish", {}, silu},
    {"tanh", "TANH"},
    {"tanh_shrink", {}, [](Emitter& e, ValueId x) { return tanh_shrink(e, x); }},
    {"threshold", {}, [](Emitter& e, ValueId x) { return threshold(e, x, 1, 0); }},
};

const Row* find_row(std::string_view name) {
  for (const Row& row : rows) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

Error unknown(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Row& row : rows) names.push_back(row.name);
  std::string_view similar = nearest(name, names);
  Error error{.code = ErrorCode::unsupported,
              .message = cat("the activation ", quoted(name), " is not known")};
  error.advice = similar.empty()
                     ? "if it is a Python function of your own: say what it computes in a recipe "
                       "(wherry check MODEL --recipe-template prints one to fill in), or use one "
                       "of Keras' activations, then save the model again"
                     : cat("did you mean ", quoted(similar), "?");
  return error;
}

}  // namespace

std::string_view activation_name(const PyValue& written) {
  if (written.is_text()) return written.text();
  if (class_name_of(written) == "function") return written.at("config").text();
  return {};
}

bool is_elementwise(const PyValue& written) {
  constexpr std::string_view along_axis[] = {"softmax",   "log_softmax", "log_softmax_v2", "glu",
                                             "sparsemax", "crelu",       "crelu_v2"};
  if (written.is_none()) return true;
  std::string_view name = activation_name(written);
  return !name.empty() &&
         std::find(std::begin(along_axis), std::end(along_axis), name) == std::end(along_axis);
}

Status check_activation(const PyValue& written, Dialect) {
  std::string_view name = activation_name(written);
  if (name.empty() || name == "linear" || find_row(name)) return {};
  return unknown(name);
}

Expected<ValueId> emit_activation(Emitter& emitter, std::string_view name, Dialect dialect,
                                  ValueId x) {
  if (name.empty() || name == "linear") return x;
  if (name == "hard_sigmoid" && dialect != Dialect::keras3) return hard_sigmoid_2(emitter, x);
  const Row* row = find_row(name);
  if (!row) return unknown(name);
  return row->emit ? row->emit(emitter, x) : emitter.node(row->op, {x});
}

}  // namespace wherry::keras
