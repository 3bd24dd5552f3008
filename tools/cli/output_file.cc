// Compares names of files with each other and with standard output.
#include "output_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace wherry::cli {

bool is_standard_output(const std::string& path) {
  struct stat file {
  }, out{};
  return ::stat(path.c_str(), &file) == 0 && ::fstat(STDOUT_FILENO, &out) == 0 &&
         !S_ISCHR(file.st_mode) && file.st_dev == out.st_dev && file.st_ino == out.st_ino;
}

Expected<std::string> output_file(const std::string& name, const std::vector<std::string>& sources,
                                  const Console& console) {
  const std::string path = name == "-" ? "/dev/stdout" : name;
  for (const std::string& source : sources) {
    std::error_code problem;
    if (std::filesystem::equivalent(source, path, problem))
      return Error{.code = ErrorCode::usage,
                   .message = "the output would replace '" + source + "', which is read",
                   .advice = "choose another name for the output"};
  }
  if (console.json() && is_standard_output(path))
    return Error{.code = ErrorCode::usage,
                 .message = "--json and the file both go to standard output",
                 .received = name,
                 .advice = "name a file to write"};
  return path;
}

}  // namespace wherry::cli
