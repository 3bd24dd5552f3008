// Files that a verb writes, before it begins to.
#pragma once

#include <string>
#include <vector>

#include "console.h"

namespace wherry::cli {

/// Where `name` leads: "-" is standard output. Errors: usage, where it is one of the files that are
/// read, or the same as that of --json.
Expected<std::string> output_file(const std::string& name, const std::vector<std::string>& sources,
                                  const Console& console);

/// Whether what is written there comes out of standard output, so that words have to go elsewhere.
bool is_standard_output(const std::string& path);

}  // namespace wherry::cli
