// Spoils good models at random, in the file and in memory, and runs what is left of them: each must
// end in an error or a result, within its budgets, without a sanitizer's complaint.
//
// WHERRY_MUTATIONS sets how many variants of each model are tried (2 when unset), WHERRY_SEED the
// first seed. A crash prints the model and the seed that make it happen again.
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "base/mapped_file.h"
#include "hostile/exercise.h"
#include "hostile/mutate.h"
#include "ir/verifier.h"
#include "tflite/reader.h"
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

namespace wherry {
namespace {

char current_case[512];
constexpr unsigned seconds_per_case = 60;

void print_current_case() {
  size_t length = 0;
  while (length < sizeof current_case && current_case[length]) ++length;
  if (write(STDERR_FILENO, current_case, length) < 0) _exit(2);
}
void on_signal(int number) {
  print_current_case();
  std::signal(number, SIG_DFL);
  std::raise(number);
}

/// Says which case was running when the process dies.
void watch_for_crashes() {
  for (int number : {SIGALRM, SIGABRT, SIGSEGV, SIGFPE, SIGBUS}) std::signal(number, on_signal);
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_set_death_callback(print_current_case);
#endif
}

void begin_case(const std::string& path, std::string_view kind, uint64_t seed) {
  std::string text = cat("\nwhile running ", path, ", ", kind, ", seed ", seed, "\n");
  text.resize(std::min(text.size(), sizeof current_case - 1));
  std::copy(text.begin(), text.end(), current_case);
  current_case[text.size()] = 0;
  alarm(seconds_per_case);
}

uint64_t number_from(const char* variable, uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::vector<std::string> models_under(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
    if (entry.path().extension() == ".tflite") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

struct Tally {
  int64_t tried = 0, refused = 0, failed = 0, ran = 0;
};

void spoil_file(const std::string& path, std::span<const std::byte> bytes, uint64_t seed,
                Tally& tally) {
  begin_case(path, "spoiled file", seed);
  hostile::Random random(seed);
  std::vector<std::byte> file(bytes.begin(), bytes.end());
  hostile::mutate(file, random);
  ++tally.tried;
  ++(hostile::run_file(file, seed).empty() ? tally.ran : tally.failed);
}

void spoil_model(const std::string& path, const Model& good, uint64_t seed, Tally& tally) {
  begin_case(path, "spoiled model", seed);
  hostile::Random random(seed);
  Model model = good;
  hostile::mutate(model, random);
  ++tally.tried;
  if (!verify(model))
    ++tally.refused;
  else
    ++(hostile::run_model(model, seed).empty() ? tally.ran : tally.failed);
}

Tally spoil_all(const std::vector<std::string>& paths) {
  watch_for_crashes();
  uint64_t count = number_from("WHERRY_MUTATIONS", 2), first = number_from("WHERRY_SEED", 1);
  const char* only = std::getenv("WHERRY_MODEL");
  Tally tally;
  for (const std::string& path : paths) {
    if (only && path.find(only) == std::string::npos) continue;
    auto file = map_file(path);
    if (!file || file->bytes.size() > 100000) continue;
    auto model = tflite::read(*file);
    EXPECT_TRUE(model) << path;
    for (uint64_t seed = first; model && seed < first + count; ++seed) {
      spoil_file(path, file->bytes, seed, tally);
      spoil_model(path, *model, seed, tally);
    }
  }
  alarm(0);
  std::printf("%lld variants: %lld ran, %lld ended in an error, %lld were refused\n",
              static_cast<long long>(tally.tried), static_cast<long long>(tally.ran),
              static_cast<long long>(tally.failed), static_cast<long long>(tally.refused));
  return tally;
}

TEST(Mutation, SpoiledModelsOfOursEndInAnErrorOrAResult) {
  Tally tally = spoil_all(models_under(WHERRY_SOURCE_DIR "/tests/hostile/models"));
  EXPECT_GT(tally.tried, 0);
  EXPECT_GT(tally.ran, 0);
  EXPECT_GT(tally.failed, 0);
}

TEST(Mutation, SpoiledModelsOfTheCorpusEndInAnErrorOrAResult) {
  std::vector<std::string> paths = models_under(WHERRY_SHARED_DIR "/conformance/ops");
  if (paths.empty()) GTEST_SKIP() << "no corpus beside the tree";
  spoil_all(paths);
}

}  // namespace
}  // namespace wherry
