// STABLEHLO_RNG_BIT_GENERATOR: random bits from a state, and the state after them.
#include "ops/random/rng_bit_generator.h"

#include <algorithm>

#include "ops/context.h"
#include "ops/random/counter_hash.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field rng_bit_generator_fields[] = {field<&RngBitGenerator::algorithm>("algorithm", 0)};

constexpr TypeSet bit_types = one_of(DType::i32, DType::u32, DType::i64, DType::u64);

Status infer_rng_bit_generator(InferContext& context) {
  RngAlgorithm algorithm = context.attributes<RngBitGenerator>().algorithm;
  const Shape& state = context.shape(0);
  ENSURE(algorithm >= RngAlgorithm::standard && algorithm <= RngAlgorithm::threefry,
         context.op().name, " has no algorithm ", static_cast<int>(algorithm));
  bool fits = state == Shape({2}) || (state == Shape({3}) && algorithm != RngAlgorithm::threefry);
  ENSURE(fits, context.op().name, " cannot use a state of shape ", state);
  TRY(context.set_output(0, DType::u64, state));
  ENSURE(context.output_count() > 1, context.op().name, " needs two outputs");
  return context.set_output(1, context.declared(1).dtype, context.declared(1).shape);
}

std::array<uint32_t, 2> words_of(uint64_t number) {
  return {static_cast<uint32_t>(number), static_cast<uint32_t>(number >> 32)};
}

/// Fills `bits` with hash(position), hash(position + 1), ...; gives the next position.
template <class Hash>
uint64_t fill(std::span<uint32_t> bits, uint64_t position, Hash&& hash) {
  for (size_t first = 0; first < bits.size();) {
    auto words = hash(words_of(position++));
    size_t count = std::min(words.size(), bits.size() - first);
    std::copy_n(words.begin(), count, bits.begin() + static_cast<int64_t>(first));
    first += count;
  }
  return position;
}

Status reference(Call& call) {
  std::span<const uint64_t> state = call.input(0).span<const uint64_t>();
  std::span<uint64_t> next = call.output(0).span<uint64_t>();
  std::span<uint32_t> bits = {call.result<uint32_t>(1), call.output(1).bytes / sizeof(uint32_t)};
  const std::array<uint32_t, 2> key = words_of(state[0]), high = words_of(state[state.size() - 1]);
  // Philox of a state of two: the key is the upper half of the counter, too.
  const std::array<uint32_t, 2> upper = state.size() == 3 ? high : key;
  std::copy(state.begin(), state.end(), next.begin());
  if (call.attributes<RngBitGenerator>().algorithm == RngAlgorithm::threefry) {
    next[1] = fill(bits, state[1], [&](auto counter) { return threefry(key, counter); });
  } else {
    next[1] = fill(bits, state[1], [&](auto counter) {
      return philox(key, {counter[0], counter[1], upper[0], upper[1]});
    });
  }
  return {};
}

}  // namespace

constinit const AttributesType rng_bit_generator_attributes =
    attributes_type<RngBitGenerator>(rng_bit_generator_fields, 0, 19);

constinit const OpDef rng_bit_generator = {
    .name = "STABLEHLO_RNG_BIT_GENERATOR",
    .code = 204,
    .attributes = &rng_bit_generator_attributes,
    .inputs = {{"state", DType::u64}},
    .outputs = {{"next_state", DType::u64}, {"bits", bit_types}},
    .versions = {{1, "2.15.0"}},
    .infer = infer_rng_bit_generator,
    .reference = reference,
    .doc = "random bits from a state, and the state after them"};

OpTable rng_bit_generator_ops() { return op_table(rng_bit_generator); }

}  // namespace wherry::op
