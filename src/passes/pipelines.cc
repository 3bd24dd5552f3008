// The one list of what runs in which order.
#include "passes/pipelines.h"

#include "passes/runner.h"

namespace wherry {
namespace {

/// Shape and constant arithmetic first: it uncovers neighbours for the folds. Transposes meet
/// before those of single rows and columns become reshapes.
constexpr const Pass* simplify[] = {
    &passes::fold_constants,        &passes::remove_identity,  &passes::merge_reshapes,
    &passes::sink_transposes,       &passes::merge_transposes, &passes::transpose_to_reshape,
    &passes::common_subexpressions, &passes::redundant_relu,   &passes::recognise_hard_swish,
    &passes::sink_reshapes,         &passes::sink_unit_axes};

/// Normalisations melt into their neighbours; clamps last, since they end a chain of folds.
constexpr const Pass* fold[] = {
    &passes::fold_multiply_after,  &passes::fold_add_after,  &passes::fuse_padding,
    &passes::fold_multiply_before, &passes::fold_add_before, &passes::merge_scalings,
    &passes::fold_constants,       &passes::remove_identity, &passes::merge_reshapes};

constexpr const Pass* fuse[] = {&passes::fuse_activation, &passes::recognise_hard_swish,
                                &passes::redundant_relu, &passes::resize_to_gather};

constexpr PassGroup float_groups[] = {
    {.name = "simplify", .passes = simplify, .until_stable = true},
    {.name = "fold", .passes = fold, .until_stable = true},
    {.name = "fuse", .passes = fuse, .until_stable = true},
};

constexpr const Pass* widen[] = {&passes::widen_half};
constexpr PassGroup widening_groups[] = {{.name = "widen", .passes = widen}};

constexpr const Pass* slim[] = {&passes::drop_zero_bias, &passes::fuse_transposed_activation};
constexpr PassGroup slimming_groups[] = {{.name = "slim", .passes = slim}};

}  // namespace

std::span<const PassGroup> float_pipeline() { return float_groups; }
std::span<const PassGroup> widening_pipeline() { return widening_groups; }
std::span<const PassGroup> slimming_pipeline() { return slimming_groups; }

const Pass* find_pass(std::string_view name) {
  for (std::span<const PassGroup> groups :
       {float_pipeline(), widening_pipeline(), slimming_pipeline()}) {
    for (const PassGroup& group : groups) {
      for (const Pass* pass : group.passes) {
        if (pass->name == name) return pass;
      }
    }
  }
  return nullptr;
}

}  // namespace wherry
