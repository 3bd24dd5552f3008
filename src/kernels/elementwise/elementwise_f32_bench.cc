// Speed of float arithmetic and functions on 64 Ki elements.
#include <benchmark/benchmark.h>

#include "kernels/elementwise/binary_f32.h"
#include "kernels/elementwise/unary_f32.h"
#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

constexpr size_t count = 65536;

void run_binary(benchmark::State& state, const BinaryF32Kernel& kernel, BinaryOp op) {
  TestData data(1);
  const auto a = data.floats(count), b = data.floats(count);
  std::vector<float> y(count);
  for (auto _ : state)
    kernel.run[size_t(op)](
        {.a = a.data(), .b = b.data(), .y = y.data(), .columns = count, .low = 0, .high = 6});
  state.SetItemsProcessed(state.iterations() * count);
}

void run_unary(benchmark::State& state, const UnaryF32Kernel& kernel, UnaryOp op) {
  TestData data(1);
  const auto x = data.floats(count, -4, 4);
  std::vector<float> y(count);
  for (auto _ : state)
    kernel.run[size_t(op)]({.x = x.data(), .y = y.data(), .count = count, .q = 6});
  state.SetItemsProcessed(state.iterations() * count);
}

const bool registered = [] {
  for (const auto& variant : binary_f32_variants)
    if (cpu::detect().has(variant.needs))
      benchmark::RegisterBenchmark(
          (std::string("binary_f32/add/") + variant.name).c_str(),
          [&](benchmark::State& state) { run_binary(state, *variant.kernel, BinaryOp::add); });
  constexpr struct {
    const char* name;
    UnaryOp op;
  } functions[] = {{"exp", UnaryOp::exp},
                   {"logistic", UnaryOp::logistic},
                   {"tanh", UnaryOp::tanh},
                   {"gelu", UnaryOp::gelu},
                   {"hard_swish", UnaryOp::hard_swish}};
  for (const auto& function : functions)
    for (const auto& variant : unary_f32_variants)
      if (cpu::detect().has(variant.needs))
        benchmark::RegisterBenchmark(
            (std::string("unary_f32/") + function.name + "/" + variant.name).c_str(),
            [&variant, op = function.op](benchmark::State& state) {
              run_unary(state, *variant.kernel, op);
            });
  return true;
}();

}  // namespace
}  // namespace wherry::kernels
