// Prints errors as the lines a user reads.
#include "base/error.h"

#include <cstdio>
#include <cstdlib>

namespace wherry {

void check_failed(const char* condition, Location location) {
  std::fprintf(stderr, "wherry: internal check failed: %s (%s:%d)\n", condition, location.file,
               location.line);
  std::abort();
}

std::string Error::text() const {
  std::string code_text = std::to_string(static_cast<int>(code));
  std::string lines = where.empty() ? message : cat(where, ": ", message);
  lines += cat(" [E", std::string(4 - code_text.size(), '0'), code_text, "]");
  for (size_t i = 0; i < details.size(); ++i) {
    const Error& detail = details[i];
    // Advice for several problems in a row stands once, behind the last of them.
    bool repeated = i + 1 < details.size() && details[i + 1].advice == detail.advice;
    lines += cat("\n  ", detail.where.empty() ? "" : detail.where + ": ", detail.message);
    if (!detail.received.empty()) lines += cat(" (received ", detail.received, ")");
    if (!detail.advice.empty() && !repeated) lines += cat("\n    try: ", detail.advice);
  }
  if (!received.empty()) lines += cat("\n  received: ", received);
  for (const std::string& line : context) lines += cat("\n  ", line);
  if (!advice.empty()) lines += cat("\n  try: ", advice);
  return lines;
}

}  // namespace wherry
