// What the source graph answers, perhaps still being computed beside the conversion.
#pragma once

#include <future>
#include <optional>

#include "convert/verify.h"

namespace wherry {

class Answers {
 public:
  explicit Answers(Expected<Probe> known);
  /// Asks in a thread of its own; nothing where the system refuses one. What is destroyed before it
  /// was taken is waited for.
  static std::optional<Answers> made_beside(std::function<Expected<Probe>()> ask);

  /// Waits for the answers; once.
  Expected<Probe> take() { return answers_.get(); }

 private:
  explicit Answers(std::future<Expected<Probe>> answers) : answers_(std::move(answers)) {}
  std::future<Expected<Probe>> answers_;
};

}  // namespace wherry
