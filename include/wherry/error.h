// Errors for the person who has the model, and Expected<T>: a value or such an error.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace wherry {

/// Stable numbers: printed in brackets after the message ("[E0301]") and kept for good.
enum class ErrorCode : uint16_t {
  usage = 100,          ///< an argument or option is wrong
  cannot_read = 201,    ///< a file is missing or cannot be opened
  cannot_write = 202,   ///< an output file cannot be written
  malformed = 203,      ///< a file is damaged or not what it should be
  too_large = 204,      ///< a size passes a limit of this program
  unsupported = 301,    ///< an operator, layer, type or option that is not supported
  invalid_model = 302,  ///< a model that contradicts itself
  invalid_data = 303,   ///< values met while running are out of range (indices, shapes by data)
  verification_failed = 401,  ///< a converted model does not compute what its source computes
  cancelled = 501,            ///< stopped by the user or by a budget
  needs_values = 502,         ///< a shape depends on values that are only known while running
  internal = 900,             ///< a bug of ours
};

/// Where in our source an error was raised; shown with --verbose only.
struct Location {
  const char* file = "";
  int line = 0;
  static constexpr Location here(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    return {file, line};
  }
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;        ///< what is wrong
  std::string where = {};     ///< in the user's model: layer path and class, node and tensor names
  std::string received = {};  ///< the offending value
  std::string advice = {};    ///< what to do
  std::vector<std::string> context = {};  ///< what was being done, innermost first
  std::vector<Error> details = {};        ///< all problems of one kind, when there are several
  Location raised = Location::here();

  /// All parts as the lines a user reads, without the "error: " in front.
  std::string text() const;
};

template <class T>
class [[nodiscard]] Expected {
 public:
  using Value = T;
  template <class U = T>
  requires(std::is_convertible_v<U&&, T> && !std::is_same_v<std::remove_cvref_t<U>, Error> &&
           !std::is_same_v<std::remove_cvref_t<U>, Expected>) Expected(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}
  Expected(Error error)
      : state_(std::in_place_index<1>, std::make_unique<Error>(std::move(error))) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  Error& error() & { return *std::get<1>(state_); }
  const Error& error() const& { return *std::get<1>(state_); }
  Error&& error() && { return std::move(*std::get<1>(state_)); }

  /// Adds a line that says what was being done; nothing when there is a value.
  Expected context(std::string text) && {
    if (!*this) error().context.push_back(std::move(text));
    return std::move(*this);
  }

 private:
  std::variant<T, std::unique_ptr<Error>> state_;
};

template <>
class [[nodiscard]] Expected<void> {
 public:
  using Value = void;
  Expected() = default;
  Expected(Error error) : error_(std::make_unique<Error>(std::move(error))) {}

  explicit operator bool() const { return error_ == nullptr; }
  void value() const {}
  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }
  Expected context(std::string text) && {
    if (error_) error_->context.push_back(std::move(text));
    return std::move(*this);
  }

 private:
  std::unique_ptr<Error> error_;
};

using Status = Expected<void>;

}  // namespace wherry
