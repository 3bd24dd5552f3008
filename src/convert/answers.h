// What the source graph answers, to be compared with what the converted file says.
#pragma once

#include <functional>

#include "convert/verify.h"

namespace wherry {

class Answers {
 public:
  using Ask = std::function<Expected<Probe>()>;
  using Read = std::function<Expected<Model>()>;

  Answers() : Answers(Ask([] { return Probe(); })) {}
  /// Asks at once. A file that is refused for what smaller pictures gave is judged once more, by
  /// the answers of `ask_again`.
  explicit Answers(const Ask& ask, Ask ask_again = {})
      : probe_(ask()), ask_again_(std::move(ask_again)) {}
  /// Asks the graph as it is now, and keeps nothing of it: should it be asked again, `read` gives
  /// it once more.
  static Answers of(const Model& source, const ConvertOptions& options, Read read);

  /// Compares the file with the answers; once. A comparison that was not possible says why in a
  /// warning. Errors: those of probe_source and compare_with_source.
  Expected<Comparison> compare(const SharedBytes& file, const ConvertOptions& options);

 private:
  Expected<Probe> probe_;
  Ask ask_again_;
};

}  // namespace wherry
