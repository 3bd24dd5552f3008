// Runs passes over a model in groups, and reports what they did.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ir/workshop.h"
#include "passes/pass.h"

namespace wherry {

/// Passes run one after another; a group that is `until_stable` is repeated until none applies any
/// more.
struct PassGroup {
  std::string_view name;
  std::span<const Pass* const> passes;
  bool until_stable = false;
};

struct PassOptions {
  /// Called after each pass that changed something: for --print-after, with the pass's name.
  void (*after)(void* owner, std::string_view pass, const Model& model) = nullptr;
  void* owner = nullptr;
  std::string_view stop_after = {};         ///< name of the last pass to run
  std::vector<std::string_view> skip = {};  ///< names of passes to leave out
  Workshop workshop = Workshop();           ///< for the constants that passes make
};

struct PassCount {
  std::string_view name;
  int applied = 0;
};

/// Errors: usage for unknown pass names or an order that breaks a pass's `after`.
Expected<std::vector<PassCount>> run_passes(Model& model, std::span<const PassGroup> pipeline,
                                            const PassOptions& options = {});

/// What `convert` runs on a freshly imported float model.
std::span<const PassGroup> float_pipeline();
/// What `quantize` runs on a .tflite file: its weights as float32.
std::span<const PassGroup> widening_pipeline();
/// What both run before a file of floats or half-floats is written: integer formats have use for
/// what it drops, such as a bias to correct.
std::span<const PassGroup> slimming_pipeline();
/// A pass of any pipeline, by name; null when there is none.
const Pass* find_pass(std::string_view name);

}  // namespace wherry
