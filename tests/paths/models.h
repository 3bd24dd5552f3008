// The models that are run by every path: those of the digits example in all formats, and those of
// ../shared/data/models where they are at hand.
#pragma once

#include <string>
#include <vector>

#include "ir/tensor.h"
#include "runtime/shared_model.h"

namespace wherry::paths {

struct TestModel {
  std::vector<std::byte> bytes;  ///< of the .tflite file
  std::shared_ptr<const SharedModel> shared;
  bool batches = false;  ///< input 0 may have any batch extent
};

/// Names, for model_named. An empty name stands for files that are not there.
std::vector<std::string> committed_models();
std::vector<std::string> shared_models();
Expected<TestModel> model_named(const std::string& name);

/// Empty, or why the model cannot run: operators that are not supported.
std::string reason_not_to_run(const TestModel& model);

/// Floats in [-1, 1), all bytes; repeatable.
std::vector<Tensor> random_inputs(const TestModel& model, uint32_t seed);

}  // namespace wherry::paths
