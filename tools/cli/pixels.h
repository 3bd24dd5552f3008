// Tells of pixels and other numbers whose range does not suit a quantised input.
#pragma once

#include "console.h"
#include "wherry/data.h"

namespace wherry::cli {

/// Where nobody said with --preprocess what pixels become for this input: a note when `chosen`
/// changes them, a warning when it does not and the input cannot hold them.
void tell_of_pixels(const Console& console, const Runner& runner, int input,
                    const std::string& chosen);

/// Warns of numbers far beyond what the input holds.
void warn_of_range(const Console& console, const Runner& runner, int input, const Array& array);

}  // namespace wherry::cli
