// Runs whatever it is given under small budgets: an error or a result, never more.
#pragma once

#include <string>

#include "ir/model.h"

namespace wherry::hostile {

struct Limits {
  int64_t bytes = int64_t{1} << 18;
  int64_t steps = 20000;
};

/// Runs the main graph on made-up inputs, by the evaluator and then by a session. Empty, or the
/// evaluator's error.
std::string run_model(const Model& model, uint64_t seed, Limits limits = {});
/// Loads the bytes, and runs the model if there is one. Empty, or the error.
std::string run_file(std::span<const std::byte> bytes, uint64_t seed, Limits limits = {});

}  // namespace wherry::hostile
