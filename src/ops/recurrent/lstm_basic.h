// The five-input form of LSTM that early converters wrote: float or uint8, one step.
#pragma once

#include "ops/context.h"

namespace wherry::recurrent {

Status infer_basic_lstm(InferContext& context);
Status run_basic_lstm(Call& call);

}  // namespace wherry::recurrent
