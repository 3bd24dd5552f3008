// Handlers that only write what was prepared, remove files and leave.
#include "signals.h"

#include <signal.h>
#include <unistd.h>

#include <cstring>

#include "wherry/live_files.h"

namespace wherry::cli {
namespace {

/// A message around the path of a file.
struct Around {
  std::string before, after;
};

Around around(const std::string& text, const std::string& mark) {
  size_t place = text.find(mark);
  return {text.substr(0, place), text.substr(place + mark.size())};
}

/// What will be printed, made while memory may still be allocated.
struct Prepared {
  Around text, json;
  bool wants_json = false;
};

Prepared* prepared = nullptr;

void put(int descriptor, const char* bytes, size_t count) {
  while (count > 0) {
    ssize_t written = ::write(descriptor, bytes, count);
    if (written <= 0) return;
    bytes += written, count -= static_cast<size_t>(written);
  }
}

void put(int descriptor, const std::string& text) { put(descriptor, text.data(), text.size()); }

void put_json(int descriptor, const char* path) {
  for (; *path; ++path) {
    bool special = *path == '"' || *path == '\\';
    if (special) put(descriptor, "\\", 1);
    put(descriptor, static_cast<unsigned char>(*path) < 32 ? "?" : path, 1);
  }
}

void on_interrupt(int number) {
  remove_unfinished_files();
  ::_exit(128 + number);
}

void on_bus_error(int number, siginfo_t* details, void*) {
  const char* path = mapped_file_at(details->si_addr);
  if (!path) {  // our own mistake: crash as without a handler
    ::signal(number, SIG_DFL);
    return;
  }
  remove_unfinished_files();
  put(STDERR_FILENO, prepared->text.before);
  put(STDERR_FILENO, path, std::strlen(path));
  put(STDERR_FILENO, prepared->text.after);
  if (prepared->wants_json) {
    put(STDOUT_FILENO, prepared->json.before);
    put_json(STDOUT_FILENO, path);
    put(STDOUT_FILENO, prepared->json.after);
  }
  ::_exit(exit_code_of(ErrorCode::cannot_read));
}

}  // namespace

void handle_signals(const Console& console) {
  const std::string mark = "<path>";
  Error error{.code = ErrorCode::cannot_read,
              .message = "'" + mark + "' became shorter while it was used, or its disk failed",
              .advice = "wait until the program that writes the file is done, then run this again"};
  static Prepared messages;
  messages = {around(console.text_of(error), mark), around(console.json_of(error), mark),
              console.json()};
  prepared = &messages;
  struct sigaction interrupt {};
  interrupt.sa_handler = on_interrupt;
  for (int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction present {};
    bool ignored = ::sigaction(number, nullptr, &present) == 0 && present.sa_handler == SIG_IGN;
    if (!ignored) ::sigaction(number, &interrupt, nullptr);  // nohup stays what it is
  }
  struct sigaction bus {};
  bus.sa_sigaction = on_bus_error;
  bus.sa_flags = SA_SIGINFO;
  ::sigaction(SIGBUS, &bus, nullptr);
}

}  // namespace wherry::cli
