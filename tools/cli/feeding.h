// What the --input options of a command line give a model.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "console.h"
#include "wherry/data.h"

namespace wherry::cli {

struct InputOptions {
  std::vector<std::string> inputs;  ///< FILE or NAME=FILE
  std::string preprocess = "auto";
  bool preprocess_given = false;
};

/// Successive invocations: for each, arrays by input.
using Steps = std::map<int, std::map<int, Array>>;

/// Splits NAME=VALUE; without '=' the name is empty.
std::pair<std::string, std::string> name_and_value(const std::string& text);

/// The input of this name, in the signature or of its tensor. Errors: usage, with the names there
/// are.
Expected<int> find_input(const Runner& runner, const std::string& name);

/// At least one invocation, each with an array for every input. Errors: usage, for inputs that are
/// missing, given twice or not there; those of the files. Says what does not suit an input.
Expected<Steps> read_inputs(const Runner& runner, const InputOptions& options,
                            const Console& console);

}  // namespace wherry::cli
