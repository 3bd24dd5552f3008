// Speed of the float product on layer shapes of known networks.
#include <benchmark/benchmark.h>

#include "kernels/gemm/gemm_f32.h"
#include "kernels/gemm/layers_bench.h"
#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

void run_layer(benchmark::State& state, const Layer& layer,
               const Variant<const GemmF32Kernel*>& variant) {
  const Window window = window_of(layer);
  const size_t rows = window.out_height * window.out_width;
  TestData data(1);
  const auto input = data.floats(layer.size * layer.size * layer.channels);
  const auto weights = data.floats(layer.columns * window.depth());
  std::vector<float> result(rows * layer.columns);
  GemmF32 gemm(
      {.weights = weights.data(), .columns = layer.columns, .column_stride = window.depth()},
      {.window = window, .low = 0, .high = 6, .variant = variant});
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
  state.counters["GFLOP/s"] =
      benchmark::Counter(2e-9 * double(rows) * double(layer.columns) * double(window.depth()),
                         benchmark::Counter::kIsIterationInvariantRate);
}

const bool registered = [] {
  for (const Layer& layer : layers)
    for (const auto& variant : gemm_f32_variants)
      if (cpu::detect().has(variant.needs))
        benchmark::RegisterBenchmark(
            (std::string("gemm_f32/") + layer.name + "/" + variant.name).c_str(),
            [&](benchmark::State& state) { run_layer(state, layer, variant); })
            ->Unit(benchmark::kMicrosecond);
  return true;
}();

}  // namespace
}  // namespace wherry::kernels
