// Decides when, by whom and with which pictures the source is asked.
#include "convert/answers.h"

#include <system_error>

#include "convert/smaller_pictures.h"

namespace wherry {
namespace {

/// Below this, time is short and memory for two things at once more than twice the file.
constexpr size_t least_bytes_beside = 64 << 20;

size_t constant_bytes(const Model& model) {
  size_t sum = 0;
  for (const Value& value : model.main().values) sum += value.constant.bytes().size();
  return sum;
}

std::future<Expected<Probe>> known(Expected<Probe> probe) {
  std::promise<Expected<Probe>> promise;
  promise.set_value(std::move(probe));
  return promise.get_future();
}

/// In a thread of its own unless the system refuses one.
std::future<Expected<Probe>> asked_beside(const Answers::Ask& ask) {
  try {
    return std::async(std::launch::async, ask);
  } catch (const std::system_error&) {
    return known(ask());
  }
}

Expected<Comparison> compared(const Probe& probe, const SharedBytes& file,
                              const ConvertOptions& options) {
  if (!probe.samples.empty()) return compare_with_source(probe, file, options);
  return Comparison{.warnings = {cat("the file was not compared with its source, which does not "
                                     "run on made-up inputs: ",
                                     probe.skipped)},
                    .compared = false};
}

}  // namespace

Answers::Answers(const Ask& ask, Ask ask_again) : Answers(known(ask()), std::move(ask_again)) {}

Answers Answers::of(const Model& source, const ConvertOptions& options, bool has_store) {
  const size_t threads = threads_of(options);
  const int64_t divisor = has_store ? picture_divisor(source) : 1;
  auto asking = [&](size_t share, int64_t smaller) -> Ask {
    return [source, &options, share, smaller] {
      return probe_source(source, options, share, smaller);
    };
  };
  Ask ask_again = divisor > 1 ? asking(threads, 1) : Ask();
  if (threads > 1 && has_store && constant_bytes(source) >= least_bytes_beside)
    return Answers(asked_beside(asking(threads - 1, divisor)), std::move(ask_again));
  return Answers(asking(threads, divisor), std::move(ask_again));
}

Expected<Comparison> Answers::compare(const SharedBytes& file, const ConvertOptions& options) {
  Probe probe = TRY(answers_.get());
  Expected<Comparison> result = compared(probe, file, options);
  if (result || probe.divisor == 1 || !ask_again_) return result;
  return compared(TRY(ask_again_()), file, options);
}

}  // namespace wherry
