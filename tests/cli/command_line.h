// Runs the wherry program as a user does, in a folder of its own.
#pragma once

#include <filesystem>
#include <string>

namespace wherry {

struct Outcome {
  int code = -1;  ///< -1: it did not end by itself
  std::string out, err;
};

std::string content_of(const std::filesystem::path& path);
/// `wherry ARGUMENTS` with `folder` as the current one; the shell sees the arguments.
Outcome run_wherry(const std::filesystem::path& folder, const std::string& arguments);
/// A new empty folder.
std::filesystem::path new_folder();

}  // namespace wherry
