// Speed of the float depthwise convolution on layer shapes of known networks.
#include <benchmark/benchmark.h>

#include "kernels/depthwise/depthwise_f32.h"
#include "kernels/depthwise/layers_bench.h"
#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

void run_layer(benchmark::State& state, const DepthwiseLayer& layer,
               const Variant<const DepthwiseF32Kernel*>& variant) {
  const Window w = window_of(layer);
  TestData data(1);
  const auto input = data.floats(layer.size * layer.size * layer.channels);
  const auto weights = data.floats(w.depth());
  std::vector<float> out(w.out_height * w.out_width * w.channels);
  DepthwiseF32 depthwise({.window = w, .low = 0, .high = 6, .variant = &variant});
  AlignedBuffer scratch(depthwise.scratch_bytes());
  for (auto _ : state)
    depthwise.run(
        {input.data(), out.data(), 0, w.out_height, weights.data(), nullptr, scratch.as<void>()});
  state.counters["GFLOP/s"] = benchmark::Counter(2e-9 * double(out.size() * w.taps()),
                                                 benchmark::Counter::kIsIterationInvariantRate);
}

const bool registered = [] {
  for (const DepthwiseLayer& layer : depthwise_layers)
    for (const auto& variant : depthwise_f32_variants)
      if (cpu::detect().has(variant.needs))
        benchmark::RegisterBenchmark(
            (std::string("depthwise_f32/") + layer.name + "/" + variant.name).c_str(),
            [&](benchmark::State& state) { run_layer(state, layer, variant); })
            ->Unit(benchmark::kMicrosecond);
  return true;
}();

}  // namespace
}  // namespace wherry::kernels
