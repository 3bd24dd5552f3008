// The one list of what runs in which order.
#include "passes/pipelines.h"

#include "passes/runner.h"

namespace wherry {
namespace {

constexpr const Pass* simplify[] = {&passes::redundant_relu};

constexpr PassGroup float_groups[] = {
    {.name = "simplify", .passes = simplify, .until_stable = true},
};

}  // namespace

std::span<const PassGroup> float_pipeline() { return float_groups; }

const Pass* find_pass(std::string_view name) {
  for (const PassGroup& group : float_groups) {
    for (const Pass* pass : group.passes) {
      if (pass->name == name) return pass;
    }
  }
  return nullptr;
}

}  // namespace wherry
