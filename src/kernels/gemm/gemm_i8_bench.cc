// Speed of the 8-bit product on layer shapes of known networks.
#include <benchmark/benchmark.h>

#include "kernels/gemm/gemm_i8.h"
#include "kernels/gemm/layers_bench.h"
#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

void run_layer(benchmark::State& state, const Layer& layer,
               const Variant<const GemmI8Kernel*>& variant) {
  const Window window = window_of(layer);
  const size_t rows = window.out_height * window.out_width;
  TestData data(1);
  const auto input = data.integers<uint8_t>(layer.size * layer.size * layer.channels, 0, 255);
  const auto weights = data.integers<int8_t>(layer.columns * window.depth(), -127, 127);
  const auto scales = data.floats(layer.columns, 0.001f, 0.01f);
  std::vector<uint8_t> result(rows * layer.columns);
  GemmI8 gemm({.values = weights.data(),
               .columns = layer.columns,
               .column_stride = window.depth(),
               .scales = scales.data()},
              {.window = window, .low = -128, .high = 127, .variant = variant});
  AlignedBuffer scratch(gemm.scratch_bytes());
  for (auto _ : state)
    gemm.run({.input = input.data(),
              .out = result.data(),
              .out_stride = layer.columns,
              .row_begin = 0,
              .row_end = rows,
              .panel_begin = 0,
              .panel_end = gemm.panels().count,
              .scratch = scratch.as<void>()});
  state.counters["GOP/s"] =
      benchmark::Counter(2e-9 * double(rows) * double(layer.columns) * double(window.depth()),
                         benchmark::Counter::kIsIterationInvariantRate);
}

const bool registered = [] {
  for (const Layer& layer : layers)
    for (const auto& variant : gemm_i8_variants)
      if (cpu::detect().has(variant.needs))
        benchmark::RegisterBenchmark(
            (std::string("gemm_i8/") + layer.name + "/" + variant.name).c_str(),
            [&](benchmark::State& state) { run_layer(state, layer, variant); })
            ->Unit(benchmark::kMicrosecond);
  return true;
}();

}  // namespace
}  // namespace wherry::kernels
