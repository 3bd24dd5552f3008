// Functions that draw random numbers, as models that sample from a distribution do.
#include "keras/functions/function_call.h"
#include "ops/random/random_stream.h"
#include "ops/registry.h"

namespace wherry::keras {
namespace {

/// A seed of the layer's own where the model gives none: then a file gives the same numbers from
/// every start on, and can be compared with its source.
int64_t seed_of_name(std::string_view name) {
  uint32_t hash = 2166136261u;
  for (char letter : name) hash = (hash ^ static_cast<uint8_t>(letter)) * 16777619u;
  return static_cast<int64_t>(hash >> 1) + 1;
}

/// Numbers in the wanted shape by the operator of the row.
Expected<ValueId> drawn(FunctionCall& call) {
  const PyValue& written = call.argument("shape", 0);
  ENSURE(!written.is_none(), "the function is called without a shape");
  ValueId shape = TRY(call.integer_tensor(written));
  int64_t seed = TRY(call.integer("seed", -1, 0));
  if (TRY(call.dtype_argument("dtype", DType::f32)) != DType::f32)
    return call.unsupported_argument("dtype", call.argument("dtype"));
  if (seed == 0) {
    seed = seed_of_name(call.origin().layer);
    call.state().warn(cat(place_of(call.origin()),
                          ": random numbers are drawn anew in every run, and in the same order "
                          "from every start of the interpreter on"));
  }
  const OpDef* op = find_op_named(call.def().op);
  ENSURE_CODE(ErrorCode::unsupported, op, "this build has no operator ", call.def().op);
  return call.node(*op, op::RandomSeeds{.seed = seed, .seed2 = 1}, {shape});
}

Expected<Results> import_normal(FunctionCall& call) {
  ValueId numbers = TRY(drawn(call));
  if (call.has("stddev"))
    numbers = TRY(call.multiply(numbers, TRY(call.tensor_like("stddev", -1, DType::f32))));
  if (!call.has("mean")) return numbers;
  return TRY(call.add(numbers, TRY(call.tensor_like("mean", -1, DType::f32))));
}

Expected<Results> import_uniform(FunctionCall& call) {
  ValueId numbers = TRY(drawn(call));
  ValueId least = TRY(call.number(0, numbers)), most = TRY(call.number(1, numbers));
  if (call.has("minval")) least = TRY(call.tensor_like("minval", -1, DType::f32));
  if (call.has("maxval")) most = TRY(call.tensor_like("maxval", -1, DType::f32));
  numbers = TRY(call.multiply(numbers, TRY(call.subtract(most, least))));
  return TRY(call.add(numbers, least));
}

constexpr FunctionDef functions[] = {
    {{"random.normal", "random_normal", "keras.backend.random_normal"},
     {},
     import_normal,
     "RANDOM_STANDARD_NORMAL",
     0,
     "RANDOM_STANDARD_NORMAL, MUL and ADD"},
    {{"random.uniform", "random_uniform", "keras.backend.random_uniform"},
     {},
     import_uniform,
     "RANDOM_UNIFORM",
     0,
     "RANDOM_UNIFORM, MUL and ADD"},
};

}  // namespace

FunctionTable random_functions() { return function_table(functions); }

}  // namespace wherry::keras
