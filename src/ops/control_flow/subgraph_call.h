// What operators that run other graphs of the model share: checking, calling, handing results on.
#pragma once

#include "ops/context.h"

namespace wherry {

/// Checks that graph `index` takes the node's inputs from `first_input` on, and gives outputs of
/// these types. Says nothing when the model is not at hand.
Status check_subgraph(const InferContext& context, int32_t index, int first_input,
                      std::span<const DType> outputs);
/// The declared element types of the node's outputs.
std::vector<DType> declared_types(const InferContext& context);
/// Leaves all outputs to run time, with their declared types.
void set_outputs_unknown(InferContext& context);
/// Copies tensors into the outputs of a call.
Status hand_over(Call& call, std::vector<Tensor> results);
/// Runs a graph on the node's inputs from `first_input` on; its outputs become the node's.
Status run_subgraph(Call& call, int32_t index, int first_input);

}  // namespace wherry
