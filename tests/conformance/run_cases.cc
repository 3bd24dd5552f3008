// Runs a folder of conformance cases in one process and prints who passes, per operator.
#include <algorithm>
#include <cstdio>

#include "conformance/case_run.h"

namespace wherry::conformance {
namespace {

constexpr const char* usage =
    "usage: conformance FOLDER [OP[,OP...] | OP/case-prefix] [options]\n"
    "  --engine evaluator|reference|fast  who computes (default evaluator)\n"
    "  --lsb          integers may be one off\n"
    "  --round-trip   run what comes back from writing and reading the model\n"
    "  --known FILE   differences that are known, with reasons\n"
    "  -v             print each failure\n";

struct Request {
  std::string folder, selection, known;
  RunOptions run;
  bool verbose = false;
};

Status take_word(Request& request, const std::vector<std::string>& words, size_t& i) {
  const std::string& word = words[i];
  auto value = [&]() { return i + 1 < words.size() ? words[++i] : std::string(); };
  if (word == "--lsb") {
    request.run.accept_lsb = true;
  } else if (word == "--round-trip") {
    request.run.round_trip = true;
  } else if (word == "-v") {
    request.verbose = true;
  } else if (word == "--known") {
    request.known = value();
  } else if (word == "--engine") {
    std::string name = value();
    const auto* place = std::find(std::begin(engine_names), std::end(engine_names), name);
    ENSURE(place != std::end(engine_names), "no engine is called ", quoted(name));
    request.run.engine = static_cast<Engine>(place - std::begin(engine_names));
  } else if (word.starts_with("-")) {
    return Error{.message = cat("unknown option ", quoted(word))};
  } else if (request.folder.empty()) {
    request.folder = word;
  } else {
    request.selection = word;
  }
  return {};
}

Expected<Request> parse(const std::vector<std::string>& words) {
  Request request;
  for (size_t i = 0; i < words.size(); ++i) TRY(take_word(request, words, i));
  ENSURE(!request.folder.empty(), "no folder is given");
  return request;
}

struct Count {
  int passed = 0, total = 0;
};

/// Counts and prints as cases are run.
class Report {
 public:
  explicit Report(const Request& request) : request_(request) {}

  /// `known` is the reason why the case is expected to differ, or empty.
  void add(const Case& item, std::string problem, const std::string& known) {
    if (!known.empty())
      problem = problem.empty() ? "passes, though it is listed as a known difference" : "";
    known_ += known.empty() ? 0 : 1;
    bool passed = problem.empty();
    for (Count* count : {&counts_[item.op], &all_}) {
      count->total += 1;
      count->passed += passed ? 1 : 0;
    }
    if (!passed && request_.verbose)
      std::printf("FAIL %s: %s\n", item.full_name().c_str(), problem.c_str());
  }

  int finish() const {
    for (const auto& [op, count] : counts_) {
      if (count.passed != count.total)
        std::printf("%-34s %4d of %4d\n", op.c_str(), count.passed, count.total);
    }
    std::printf("passed %d of %d", all_.passed, all_.total);
    if (known_) std::printf(" (%d of them known differences)", known_);
    std::printf("\n");
    return all_.passed == all_.total && all_.total > 0 ? 0 : 1;
  }

 private:
  const Request& request_;
  std::map<std::string, Count> counts_;
  Count all_;
  int known_ = 0;
};

Expected<int> run_all(const Request& request) {
  std::map<std::string, std::string> known;
  std::string_view engine = engine_names[static_cast<size_t>(request.run.engine)];
  if (!request.known.empty()) known = TRY(read_known_differences(request.known, engine));
  Report report(request);
  for (const Case& item : TRY(read_index(request.folder, Selection(request.selection)))) {
    auto place = known.find(item.full_name());
    report.add(item, run_case(request.folder, item, request.run),
               place == known.end() ? std::string() : place->second);
  }
  return report.finish();
}

}  // namespace
}  // namespace wherry::conformance

int main(int count, char** arguments) {
  using namespace wherry::conformance;
  auto request = parse({arguments + 1, arguments + count});
  if (!request) {
    std::fprintf(stderr, "%s\n%s", request.error().text().c_str(), usage);
    return 2;
  }
  auto status = run_all(*request);
  if (!status) std::fprintf(stderr, "%s\n", status.error().text().c_str());
  return status ? *status : 2;
}
