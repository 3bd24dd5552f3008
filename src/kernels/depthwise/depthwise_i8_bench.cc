// Speed of the 8-bit depthwise convolution on layer shapes of known networks.
#include <benchmark/benchmark.h>

#include "kernels/depthwise/depthwise_i8.h"
#include "kernels/depthwise/layers_bench.h"
#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

void run_layer(benchmark::State& state, const DepthwiseLayer& layer,
               const Variant<const DepthwiseI8Kernel*>& variant) {
  const Window w = window_of(layer);
  TestData data(1);
  const auto input = data.integers<uint8_t>(layer.size * layer.size * layer.channels, 0, 255);
  const auto weights = data.integers<int8_t>(w.depth(), -127, 127);
  const auto scales = data.floats(w.channels, 0.001f, 0.01f);
  std::vector<uint8_t> out(w.out_height * w.out_width * w.channels);
  DepthwiseI8 depthwise({.values = weights.data(), .scales = scales.data()},
                        {.window = w, .low = -128, .high = 127, .variant = variant});
  AlignedBuffer scratch(depthwise.scratch_bytes());
  for (auto _ : state)
    depthwise.run({input.data(), out.data(), 0, w.out_height, scratch.as<void>()});
  state.counters["GOP/s"] = benchmark::Counter(2e-9 * double(out.size() * w.taps()),
                                               benchmark::Counter::kIsIterationInvariantRate);
}

const bool registered = [] {
  for (const DepthwiseLayer& layer : depthwise_layers)
    for (const auto& variant : depthwise_i8_variants)
      if (cpu::detect().has(variant.needs))
        benchmark::RegisterBenchmark(
            (std::string("depthwise_i8/") + layer.name + "/" + variant.name).c_str(),
            [&](benchmark::State& state) { run_layer(state, layer, variant); })
            ->Unit(benchmark::kMicrosecond);
  return true;
}();

}  // namespace
}  // namespace wherry::kernels
