// The one list of what runs in which order.
#include "passes/pipelines.h"

#include "passes/runner.h"

namespace wherry {
namespace {

/// Shape and constant arithmetic first: it uncovers neighbours for the folds.
constexpr const Pass* simplify[] = {
    &passes::fold_constants,   &passes::remove_identity,      &passes::merge_reshapes,
    &passes::merge_transposes, &passes::transpose_to_reshape, &passes::common_subexpressions,
    &passes::redundant_relu,   &passes::recognise_hard_swish, &passes::sink_reshapes};

/// Normalisations melt into their neighbours; clamps last, since they end a chain of folds.
constexpr const Pass* fold[] = {
    &passes::fold_multiply_after,  &passes::fold_add_after,  &passes::fuse_padding,
    &passes::fold_multiply_before, &passes::fold_add_before, &passes::merge_scalings,
    &passes::fold_constants,       &passes::remove_identity, &passes::merge_reshapes};

constexpr const Pass* fuse[] = {&passes::fuse_activation, &passes::recognise_hard_swish,
                                &passes::redundant_relu};

constexpr PassGroup float_groups[] = {
    {.name = "simplify", .passes = simplify, .until_stable = true},
    {.name = "fold", .passes = fold, .until_stable = true},
    {.name = "fuse", .passes = fuse, .until_stable = true},
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
