// Samples as runs of a model: one for each, or grouped where the inputs fix a batch.
#pragma once

#include "data/dataset.h"

namespace wherry {

class Batches {
 public:
  /// At least `count` samples of the set as far as it has them, spread over it. Where every input
  /// fixes the same batch and no sample fills it, a run takes as many samples; the last run is
  /// filled with samples from the beginning. `dataset` must stay.
  static Batches spread(const Dataset& dataset, std::vector<InputSpec> inputs, size_t count);
  /// One run, of as many samples as it takes from `first` on, past the last one those from the
  /// beginning.
  static Batches from(const Dataset& dataset, std::vector<InputSpec> inputs, size_t first);

  /// Samples that one run takes.
  size_t per_run() const { return batch_; }
  /// Number of runs.
  size_t size() const { return (chosen_.size() + batch_ - 1) / batch_; }
  /// The inputs of run i. Errors: invalid_data when a sample does not fit.
  Expected<std::vector<Tensor>> run(size_t i) const;

 private:
  Batches(const Dataset& dataset, std::vector<InputSpec> inputs);
  Expected<std::vector<Tensor>> sample(size_t i) const;

  const Dataset* dataset_;
  std::vector<InputSpec> inputs_;  ///< of one sample
  std::vector<size_t> chosen_;
  size_t batch_;
};

}  // namespace wherry
