// Number formats: what a float model becomes when its weights or activations are stored in fewer
// bits.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ir/op_def.h"
#include "ir/tensor.h"
#include "quantize/tap_means.h"
#include "ir/workshop.h"

namespace wherry::quantize {

/// Smallest and largest number an activation took.
struct Range {
  float min = 0, max = 0;
  bool operator==(const Range&) const = default;
};
/// The smallest range that holds both.
inline Range hull(Range a, Range b) { return {std::min(a.min, b.min), std::max(a.max, b.max)}; }
/// What calibration says about one activation.
struct Observed {
  Range seen;  ///< smallest and largest number
  Range best;  ///< the range that loses least, see Distribution::best
};
/// By value id of graph 0.
using Ranges = std::map<ValueId, Observed>;

/// What the calibration data says about graph 0.
struct Calibration {
  Ranges ranges;
  /// By the weights of layers whose bias is their own.
  std::map<ValueId, TapMeans> means = {};
};

/// Nodes whose layer matches one of these stay float.
using KeepFloat = std::function<bool(const Node&)>;

struct Options {
  KeepFloat keep_float = {};
  /// One scale for each output of FULLY_CONNECTED, instead of one for all; needs runtime 2.17 or
  /// newer.
  bool per_channel_dense = false;
  DType input_type = DType::f32, output_type = DType::f32;  ///< static formats: f32, i8 or u8
  Workshop workshop = Workshop();                           ///< for the constants that change
};

/// By what the rows and columns of the weights of a dense layer are to be multiplied.
struct DenseFactors {
  std::vector<float> rows, columns;
};
/// By the id of the weights.
using Equalisation = std::map<ValueId, DenseFactors>;

/// Between dense layers that follow one another, channels are rescaled so that one scale for all
/// weights of a layer loses less; the float graph computes what it did once weights are multiplied,
/// as biases are at once. Before calibration. Nothing with `per_channel_dense`.
Equalisation equalise_dense(Graph& graph, const Options& options);
/// The multiplication itself.
void multiply_dense(Graph& graph, const Equalisation& factors, const Workshop& workshop);

/// Things the user should know, one sentence each.
using Warnings = std::vector<std::string>;

/// float16: float constants become f16 with a DEQUANTIZE behind, where that makes the file smaller.
/// Constants that overflow f16 stay float, with a warning.
Status to_float16(Model& model, const Options& options, Warnings& warnings);

/// Dynamic range: weights of at least 1024 elements become int8; activations stay float. Dense
/// layers that follow one another are equalised before.
Status to_dynamic_range(Model& model, const Options& options, Warnings& warnings);

/// The same for those operators that take int8 weights beside float activations; no DEQUANTIZE is
/// added.
void shrink_float_operators(Model& model, const Options& options);

/// int8 activations and weights with scales from the calibration; operators without an int8 form
/// stay float behind QUANTIZE / DEQUANTIZE, as those of loops do, with weights of dynamic range
/// where they take them. Unrolled loops have int16 activations. Where there are means, biases make
/// up for the rounding of the weights. Errors: invalid_model when nothing can be quantised or an
/// I/O type is not possible.
Status to_int8(Model& model, const Calibration& calibration, const Options& options,
               Warnings& warnings);

/// Runs graph 0 on sample after sample and observes every float activation. `sample`
/// gives the inputs of sample i. Errors: those of running, invalid_data for NaN and infinities
/// (naming the tensor).
Expected<Calibration> calibrate(const Model& model, size_t count, size_t threads,
                                const std::function<Expected<std::vector<Tensor>>(size_t)>& sample);

}  // namespace wherry::quantize
