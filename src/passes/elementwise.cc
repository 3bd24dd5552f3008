// The two lists, by name.
#include "passes/elementwise.h"

#include <algorithm>
#include <array>

namespace wherry::passes {
namespace {

constexpr std::array<std::string_view, 22> unary = {
    "ABS",        "CEIL",  "COS",      "ELU",  "EXP",    "FLOOR", "GELU",        "HARD_SWISH",
    "LEAKY_RELU", "LOG",   "LOGISTIC", "NEG",  "RELU",   "RELU6", "RELU_0_TO_1", "RELU_N1_TO_1",
    "ROUND",      "RSQRT", "SIN",      "SQRT", "SQUARE", "TANH"};

constexpr std::array<std::string_view, 8> binary = {
    "ADD", "DIV", "MAXIMUM", "MINIMUM", "MUL", "POW", "SQUARED_DIFFERENCE", "SUB"};

template <size_t N>
bool holds(const std::array<std::string_view, N>& list, const OpDef& op) {
  return op.code != custom_code && std::find(list.begin(), list.end(), op.name) != list.end();
}

}  // namespace

bool is_elementwise_unary(const OpDef& op) { return holds(unary, op); }
bool is_elementwise_binary(const OpDef& op) { return holds(binary, op); }

}  // namespace wherry::passes
