// The plain recurrent cell y = activation(W x + R y + b) that three operators share.
#pragma once

#include "ops/recurrent/matrix.h"
#include "ops/recurrent/sequence.h"

namespace wherry::recurrent {

/// The numbers of a cell's inputs; -1: the operator, or this node, has none.
struct RnnInputs {
  int data = 0, data_weights = 1, recurrent_weights = 2, bias = 3, state = 4;
  int aux = -1, aux_weights = -1;
};

struct RnnRules {
  Activation activation = Activation::none;
  bool asymmetric = false;  ///< how vectors are quantised for int8 weights
};

/// Validates a cell that steps through a sequence of this layout; returns the number of units.
Expected<int64_t> check_rnn(const InferContext& context, const RnnInputs& inputs,
                            const SequenceLayout& layout);

/// Where the outputs go: vectors of `width` elements, the cell's from `first` on.
struct RnnOutput {
  float* data = nullptr;
  int64_t width = 0, first = 0;
};
/// Steps a cell through all sequences, in time or against it.
void run_rnn(const Call& call, const RnnInputs& inputs, const RnnRules& rules,
             const SequenceLayout& layout, bool backward, const RnnOutput& output);

/// Multiply-accumulates of a cell that steps `vectors` times.
int64_t rnn_macs(const InferContext& context, const RnnInputs& inputs, int64_t vectors);
/// Float data with integer weights in input 1.
bool is_hybrid_rnn(const Graph& graph, const Node& node);

}  // namespace wherry::recurrent
