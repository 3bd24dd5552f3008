// The --resize option: other shapes for inputs, and who is told of it.
#pragma once

#include <string>
#include <vector>

#include "wherry/interpreter.h"

namespace wherry::cli {

/// Each text is NAME=1,224,224,3. Errors: usage, for texts that say something else and names that
/// are not there; those of the runner.
Status resize_inputs(Runner& runner, const std::vector<std::string>& resizes);

/// The error of a run, with the way out when it may be the shape of an input: --resize where the
/// model leaves extents open, without it where it leaves none.
Error with_way_out(Error error, const Runner& runner, const std::vector<std::string>& resizes);

}  // namespace wherry::cli
