// Mfcc: mel-frequency cepstral coefficients of spectrograms.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Custom. Inputs: squared magnitudes [channels, windows, frequencies], sample rate (one number).
/// Options: upper_frequency_limit, lower_frequency_limit, filterbank_channel_count,
/// dct_coefficient_count. Output: [channels, windows, coefficients].
extern const OpDef mfcc;

}  // namespace wherry::op
