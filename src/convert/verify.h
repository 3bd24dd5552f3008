// Compares a converted file with the float graph it came from, and sums models up.
#pragma once

#include "base/mapped_file.h"
#include "data/dataset.h"
#include "ir/tensor.h"
#include "wherry/converter.h"

namespace wherry {

/// Inputs and what the source made of them, kept until the converted file can be asked the same.
struct Probe {
  struct Sample {
    std::vector<Tensor> inputs, outputs;
  };
  std::vector<Sample> samples;
  std::vector<std::string> output_names;
  std::string skipped;  ///< why there is no sample; empty otherwise
  int64_t divisor = 1;  ///< sides of pictures are so many times smaller, see smaller_pictures.h
};

/// Runs the float graph on a few samples of the calibration data, or without any on made-up
/// numbers, in pictures whose sides are `divisor` times smaller where the graph takes these.
/// Errors: those of the calibration data. A graph that cannot be run on made-up numbers gives a
/// probe that says why.
Expected<Probe> probe_source(const Model& source, const ConvertOptions& options, size_t threads,
                             int64_t divisor = 1);

/// How many threads may compute: as many as the options say, or one for each processor.
size_t threads_of(const ConvertOptions& options);

struct Comparison {
  double max_error = 0;               ///< the largest difference over the largest output
  std::vector<std::string> warnings;  ///< about outputs of which nothing can be said
  bool compared = true;               ///< false when there was nothing to compare with
};

/// Runs the file on the probe's inputs. Errors: verification_failed, naming the output, when it
/// differs by more than the format explains; but where the file's own output moves so much when its
/// inputs and weights move a little that the format's roundings explain it, as in deep networks
/// that were never trained, that is a warning.
Expected<Comparison> compare_with_source(const Probe& probe, const SharedBytes& file,
                                         const ConvertOptions& options);

/// Inputs of the main graph under the names a user knows.
std::vector<std::string> input_names(const Model& model);
/// The same with their types.
std::vector<InputSpec> input_specs(const Model& model);

/// Fills operators, inputs, outputs.
void summarise(const Model& model, ConvertReport& report);

}  // namespace wherry
