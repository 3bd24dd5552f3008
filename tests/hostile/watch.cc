// Signal handlers that say which case was under way.
#include "hostile/watch.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string>

#include "base/text.h"
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

namespace wherry::hostile {
namespace {

char current_case[512];
constexpr unsigned seconds_per_case = 60;

void print_current_case() {
  size_t length = 0;
  while (length < sizeof current_case && current_case[length]) ++length;
  if (write(STDERR_FILENO, current_case, length) < 0) _exit(2);
}

void on_signal(int number) {
  print_current_case();
  std::signal(number, SIG_DFL);
  std::raise(number);
}

}  // namespace

void watch_for_crashes() {
  for (int number : {SIGALRM, SIGABRT, SIGSEGV, SIGFPE, SIGBUS}) std::signal(number, on_signal);
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_set_death_callback(print_current_case);
#endif
}

void begin_case(std::string_view path, std::string_view kind, uint64_t seed) {
  std::string text = cat("\nwhile running ", path, ", ", kind, ", seed ", seed, "\n");
  text.resize(std::min(text.size(), sizeof current_case - 1));
  std::copy(text.begin(), text.end(), current_case);
  current_case[text.size()] = 0;
  alarm(seconds_per_case);
}

void end_cases() { alarm(0); }

int64_t peak_mebibytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

}  // namespace wherry::hostile
