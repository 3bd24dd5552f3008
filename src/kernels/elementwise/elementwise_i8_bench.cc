// Speed of 8-bit arithmetic and table lookup on 64 Ki elements.
#include <benchmark/benchmark.h>

#include "kernels/elementwise/binary_i8.h"
#include "kernels/elementwise/lookup.h"
#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

constexpr size_t count = 65536;

void run_binary(benchmark::State& state, const BinaryI8Kernel& kernel, IntegerOp op) {
  TestData data(1);
  const auto a = data.integers<uint8_t>(count, 0, 255), b = data.integers<uint8_t>(count, 0, 255);
  std::vector<uint8_t> y(count);
  for (auto _ : state)
    kernel.run[size_t(op)]({.a = a.data(),
                            .b = b.data(),
                            .y = y.data(),
                            .columns = count,
                            .is_signed = true,
                            .a_zero = 1,
                            .b_zero = 2,
                            .scale = 0.01f,
                            .a_factor = 1 << 20,
                            .b_factor = 1518500,
                            .bias = 3 << 19,
                            .shift = 21,
                            .y_zero = 3,
                            .low = -128,
                            .high = 127});
  state.SetItemsProcessed(state.iterations() * count);
}

void run_lookup(benchmark::State& state, LookupKernel* kernel) {
  TestData data(1);
  const auto table = data.integers<uint8_t>(256, 0, 255);
  const auto x = data.integers<uint8_t>(count, 0, 255);
  std::vector<uint8_t> y(count);
  for (auto _ : state) kernel({table.data(), x.data(), y.data(), count});
  state.SetItemsProcessed(state.iterations() * count);
}

const bool registered = [] {
  for (const auto& variant : binary_i8_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    benchmark::RegisterBenchmark(
        (std::string("binary_i8/sum/") + variant.name).c_str(),
        [&](benchmark::State& state) { run_binary(state, *variant.kernel, IntegerOp::sum); });
    benchmark::RegisterBenchmark(
        (std::string("binary_i8/multiply/") + variant.name).c_str(),
        [&](benchmark::State& state) { run_binary(state, *variant.kernel, IntegerOp::multiply); });
  }
  for (const auto& variant : lookup_variants)
    if (cpu::detect().has(variant.needs))
      benchmark::RegisterBenchmark(
          (std::string("lookup/") + variant.name).c_str(),
          [&](benchmark::State& state) { run_lookup(state, variant.kernel); });
  return true;
}();

}  // namespace
}  // namespace wherry::kernels
