// Wraps a future.
#include "convert/answers.h"

#include <system_error>

namespace wherry {

Answers::Answers(Expected<Probe> known) {
  std::promise<Expected<Probe>> promise;
  promise.set_value(std::move(known));
  answers_ = promise.get_future();
}

std::optional<Answers> Answers::made_beside(std::function<Expected<Probe>()> ask) {
  try {
    return Answers(std::async(std::launch::async, std::move(ask)));
  } catch (const std::system_error&) {
    return std::nullopt;
  }
}

}  // namespace wherry
