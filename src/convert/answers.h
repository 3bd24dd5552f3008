// What the source graph answers, perhaps still being computed beside the conversion.
#pragma once

#include <functional>
#include <future>

#include "convert/verify.h"

namespace wherry {

class Answers {
 public:
  using Ask = std::function<Expected<Probe>()>;

  Answers() : Answers(Ask([] { return Probe(); })) {}
  /// Asks at once. A file that is refused for what smaller pictures gave is judged once more, by
  /// the answers of `ask_again`.
  explicit Answers(const Ask& ask, Ask ask_again = {});
  /// Asks the graph as it is now. This happens in a thread of its own where there is one and the
  /// graph is large. The constants stay where they are as long as these answers live, so only with
  /// `has_store` is more than a small graph asked at once.
  static Answers of(const Model& source, const ConvertOptions& options, bool has_store);

  /// Waits for the answers and compares the file with them; once. A comparison that was not
  /// possible says why in a warning. Errors: those of probe_source and compare_with_source.
  Expected<Comparison> compare(const SharedBytes& file, const ConvertOptions& options);

 private:
  Answers(std::future<Expected<Probe>> answers, Ask ask_again)
      : answers_(std::move(answers)), ask_again_(std::move(ask_again)) {}
  std::future<Expected<Probe>> answers_;  ///< waits when it is destroyed
  Ask ask_again_;
};

}  // namespace wherry
