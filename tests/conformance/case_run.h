// Runs one recorded case and says what is wrong with the result.
#pragma once

#include "conformance/corpus.h"

namespace wherry::conformance {

/// Who computes: the plain evaluator, or planned sessions with reference or fast kernels.
enum class Engine : uint8_t { evaluator, reference, fast };
constexpr std::string_view engine_names[] = {"evaluator", "reference", "fast"};

struct RunOptions {
  Engine engine = Engine::evaluator;
  bool accept_lsb = false;  ///< integers may be one off in every case
  bool round_trip = false;  ///< also write the model, read it back, compare, and run that
};

/// Empty on success, else what went wrong.
std::string run_case(const std::string& folder, const Case& item, const RunOptions& options);

}  // namespace wherry::conformance
