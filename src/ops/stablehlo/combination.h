// How two elements become one in STABLEHLO_SCATTER and the window reductions: a known operation, or
// any graph of the model.
#pragma once

#include <cmath>

#include "ir/truth.h"
#include "ops/context.h"
#include "ops/environment.h"
#include "ops/wrapping.h"

namespace wherry {

enum class Combination : uint8_t { replace, add, multiply, maximum, minimum, all, any, graph };

/// What the body graph with this number computes. Errors: the graph does not exist, or does not
/// take two elements of `dtype` and give one.
Expected<Combination> combination_of(const Model& model, int32_t graph, DType dtype);
/// As above at plan time; nothing to check when the model is not at hand. The body must not be the
/// graph around it.
Status check_combination(const InferContext& context, int32_t graph, DType dtype);

/// Combines elements of type T.
template <class T>
class Combiner {
 public:
  Combiner(Call& call, Combination kind, int32_t graph, DType dtype)
      : call_(call), kind_(kind), graph_(graph), type_{dtype, {}, {}, {}} {}

  Expected<T> operator()(T a, T b) const {
    switch (kind_) {
      case Combination::replace:
        return b;
      case Combination::add:
        return wrapping_add(a, b);
      case Combination::multiply:
        return wrapping_multiply(a, b);
      case Combination::maximum:
        return a > b || a != a ? a : b;
      case Combination::minimum:
        return a < b || a != a ? a : b;
      case Combination::all:
        return T(a != T(0) && b != T(0));
      case Combination::any:
        return T(a != T(0) || b != T(0));
      case Combination::graph:
        break;
    }
    return through_graph(a, b);
  }

 private:
  Expected<T> through_graph(T a, T b) const {
    TensorView inputs[] = {{&type_, reinterpret_cast<std::byte*>(&a), sizeof a},
                           {&type_, reinterpret_cast<std::byte*>(&b), sizeof b}};
    std::vector<Tensor> results = TRY(call_.environment().call_graph(graph_, inputs));
    bool fits = results.size() == 1 && results[0].type.dtype == type_.dtype &&
                results[0].buffer.size() == sizeof(T);
    ENSURE(fits, "the body graph must give one element of type ", type_.dtype);
    return *results[0].view().template as<T>();
  }

  Call& call_;
  Combination kind_;
  int32_t graph_;
  TensorType type_;
};

/// Calls f.template operator()<T>() for the type that stores elements of the StableHLO operators.
template <class F>
void for_combined_type(DType dtype, F&& f) {
  for_type<float, double, half, bfloat16, Truth, int8_t, uint8_t, int16_t, uint16_t, int32_t,
           uint32_t, int64_t, uint64_t>(dtype, std::forward<F>(f));
}

}  // namespace wherry
