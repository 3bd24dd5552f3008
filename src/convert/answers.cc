// Decides with which pictures the source is asked.
#include "convert/answers.h"

#include "convert/smaller_pictures.h"

namespace wherry {
namespace {

Expected<Comparison> compared(const Probe& probe, const SharedBytes& file,
                              const ConvertOptions& options) {
  if (!probe.samples.empty()) return compare_with_source(probe, file, options);
  return Comparison{.warnings = {cat("the file was not compared with its source, which does not "
                                     "run on made-up inputs: ",
                                     probe.skipped)},
                    .compared = false};
}

}  // namespace

Answers Answers::of(const Model& source, const ConvertOptions& options, Read read) {
  const size_t threads = threads_of(options);
  const int64_t divisor = picture_divisor(source);
  Ask ask_again;
  if (divisor > 1) {
    ask_again = [read = std::move(read), &options, threads]() -> Expected<Probe> {
      return probe_source(TRY(read()), options, threads);
    };
  }
  return Answers([&] { return probe_source(source, options, threads, divisor); },
                 std::move(ask_again));
}

Expected<Comparison> Answers::compare(const SharedBytes& file, const ConvertOptions& options) {
  Probe probe = TRY(std::move(probe_));
  Expected<Comparison> result = compared(probe, file, options);
  if (result || probe.divisor == 1 || !ask_again_) return result;
  return compared(TRY(ask_again_()), file, options);
}

}  // namespace wherry
