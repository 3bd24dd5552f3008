// AudioSpectrogram: how strong each frequency is in overlapping windows of sound.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Custom. Input: samples [time, channels]. Options: window_size, stride, magnitude_squared.
/// Output: [channels, windows, frequencies].
extern const OpDef audio_spectrogram;

}  // namespace wherry::op
