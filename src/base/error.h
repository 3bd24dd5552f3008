// TRY, ENSURE and CHECK: how errors travel inside the library.
#pragma once

#include "base/text.h"
#include "wherry/error.h"

namespace wherry {

/// Prints the failed condition and aborts, in release builds too: for our own bugs only.
[[noreturn]] void check_failed(const char* condition, Location location);

}  // namespace wherry

/// The value of an Expected, or return its error from the enclosing function.
#define TRY(...)                             \
  ({                                         \
    auto&& try_result_ = (__VA_ARGS__);      \
    if (!try_result_) [[unlikely]]           \
      return std::move(try_result_).error(); \
    std::move(try_result_).value();          \
  })

/// Returns an error of kind `code` whose message is the rest of the arguments, joined.
#define ENSURE_CODE(kind, condition, ...)                                            \
  do {                                                                               \
    if (!(condition)) [[unlikely]]                                                   \
      return ::wherry::Error{.code = (kind), .message = ::wherry::cat(__VA_ARGS__)}; \
  } while (false)

/// Returns an invalid_model error unless the condition holds.
#define ENSURE(condition, ...) \
  ENSURE_CODE(::wherry::ErrorCode::invalid_model, condition, __VA_ARGS__)

#define CHECK(condition)                                              \
  do {                                                                \
    if (!(condition)) [[unlikely]]                                    \
      ::wherry::check_failed(#condition, ::wherry::Location::here()); \
  } while (false)
