// Steps of an LSTM cell in integers: int8 data and weights, int16 gates and cell state.
#pragma once

#include "ops/recurrent/lstm_cell.h"

namespace wherry::recurrent {

/// Validates the scales of a cell with int8 data that check_lstm has accepted.
Status check_integer_lstm(const InferContext& context, const LstmInputs& inputs,
                          const LstmRules& rules);

/// Steps a cell with int8 data through all sequences. `together`: all sequences of the batch take
/// each step at once, as the stock kernels do with time-major data; it changes what peepholes do.
Status run_integer_lstm(Call& call, const LstmInputs& inputs, const LstmRules& rules,
                        const SequenceLayout& layout, bool together);

}  // namespace wherry::recurrent
