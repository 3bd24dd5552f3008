// RANDOM_UNIFORM and RANDOM_STANDARD_NORMAL: random floats in a given shape.
#include "ops/random/random_numbers.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ops/registry.h"

namespace wherry::op {
namespace {

Status infer_random_numbers(InferContext& context) {
  ENSURE(context.shape(0).rank() == 1, context.op().name,
         " needs a shape as a vector, got a tensor ", "of shape ", context.shape(0));
  return context.set_output(0, DType::f32, Shape(TRY(context.integers(0))));
}

using Four = std::array<float, 4>;

Four uniform(std::array<uint32_t, 4> words) {
  Four result;
  for (size_t i = 0; i < 4; ++i) result[i] = unit_float(words[i]);
  return result;
}

/// Two words make two numbers (Box and Muller).
Four standard_normal(std::array<uint32_t, 4> words) {
  Four result;
  for (size_t i = 0; i < 4; i += 2) {
    float radius = std::sqrt(-2.0f * std::log(std::max(unit_float(words[i]), 1.0e-7f)));
    float angle = 2.0f * std::numbers::pi_v<float> * unit_float(words[i + 1]);
    result[i] = std::sin(angle) * radius;
    result[i + 1] = std::cos(angle) * radius;
  }
  return result;
}

template <Four draw(std::array<uint32_t, 4>)>
Status reference(Call& call) {
  RandomStream& stream = random_stream(call);
  std::span<float> y = call.output(0).span<float>();
  for (size_t first = 0; first < y.size(); first += 4) {
    Four numbers = draw(stream.next());
    std::copy_n(numbers.begin(), std::min<size_t>(4, y.size() - first),
                y.begin() + static_cast<int64_t>(first));
  }
  return {};
}

}  // namespace

constinit const OpDef random_numbers_family[2] = {
    {.name = "RANDOM_UNIFORM",
     .code = 148,
     .attributes = &random_attributes,
     .inputs = {{"shape", DType::i32}},
     .outputs = {{"y", DType::f32}},
     .versions = {{1, "2.8.0"}},
     .infer = infer_random_numbers,
     .reference = reference<uniform>,
     .effects = Effects::random,
     .doc = "random numbers from 0 up to 1; equal seeds give equal numbers"},
    {.name = "RANDOM_STANDARD_NORMAL",
     .code = 146,
     .attributes = &random_attributes,
     .inputs = {{"shape", DType::i32}},
     .outputs = {{"y", DType::f32}},
     .versions = {{1, "2.8.0"}},
     .infer = infer_random_numbers,
     .reference = reference<standard_normal>,
     .effects = Effects::random,
     .doc = "random numbers with mean 0 and deviation 1; equal seeds give equal numbers"},
};

OpTable random_numbers_ops() { return op_table(random_numbers_family); }

}  // namespace wherry::op
