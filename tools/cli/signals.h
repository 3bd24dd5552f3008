// Signals end the program in order: no half-written file stays, and words replace a crash.
#pragma once

#include "console.h"

namespace wherry::cli {

/// From now on an interrupt ends the program with 130, and a file that another program shortens
/// while it is mapped is an error of reading. `console` lives as long as the program.
void handle_signals(const Console& console);

}  // namespace wherry::cli
