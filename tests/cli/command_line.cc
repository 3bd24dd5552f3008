// Runs the program through the shell.
#include "cli/command_line.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>

namespace wherry {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Outcome run_wherry(const std::filesystem::path& folder, const std::string& arguments) {
  std::string command = "cd '" + folder.string() + "' && timeout 60 '" WHERRY_BINARY "' " +
                        arguments + " >stdout.log 2>stderr.log";
  int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content_of(folder / "stdout.log"),
          content_of(folder / "stderr.log")};
}

std::filesystem::path new_folder() {
  std::string name = testing::TempDir() + "/wherry_cli_XXXXXX";
  return mkdtemp(name.data());
}

}  // namespace wherry
