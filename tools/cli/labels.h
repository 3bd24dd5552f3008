// Class names from a text file.
#pragma once

#include <string>
#include <vector>

#include "wherry/error.h"

namespace wherry::cli {

/// One name a line; "7 name" and "7: name" put the name at that number. Errors: cannot_read.
Expected<std::vector<std::string>> read_labels(const std::string& path);

}  // namespace wherry::cli
