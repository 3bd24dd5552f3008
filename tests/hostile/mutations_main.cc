// mutations PATH... [--first SEED] [--count N] [--seconds S] [--mebibytes M]
//
// Spoils the files under the paths at random, as many variants as asked for, and does with each
// what the program would: an error or a result, within a minute and M MiB. Case i spoils file
// i modulo their number with seed i. Run a sanitizer build to see more; a crash names its case,
// which --first SEED --count 1 makes happen again.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "hostile/exercise.h"
#include "hostile/exercise_files.h"
#include "hostile/mutate.h"
#include "hostile/mutate_package.h"
#include "hostile/watch.h"
#include "ir/verifier.h"
#include "tflite/reader.h"

namespace wherry::hostile {
namespace {

namespace fs = std::filesystem;

struct Settings {
  std::vector<std::string> paths;
  uint64_t first = 1, count = 1000;
  double seconds = 1e9;
  int64_t mebibytes = 2000;
};

struct Source {
  std::string path;
  const FileKind* kind = nullptr;
  std::vector<std::byte> bytes;
};

constexpr uintmax_t largest_file = 300'000;

void add_file(const fs::path& path, std::vector<Source>& sources) {
  std::error_code problem;
  const FileKind* kind = kind_of(path.string());
  if (!kind || fs::file_size(path, problem) > largest_file || problem) return;
  auto file = map_file(path.string());
  if (file) sources.push_back({path.string(), kind, {file->bytes.begin(), file->bytes.end()}});
}

std::vector<Source> sources_under(const std::vector<std::string>& paths) {
  std::vector<Source> sources;
  for (const std::string& path : paths) {
    std::error_code problem;
    add_file(path, sources);
    fs::recursive_directory_iterator entry(path, problem), end;
    for (; !problem && entry != end; entry.increment(problem))
      if (entry->is_regular_file(problem)) add_file(entry->path(), sources);
  }
  std::sort(sources.begin(), sources.end(),
            [](const Source& a, const Source& b) { return a.path < b.path; });
  return sources;
}

/// A good model with one to three things changed. Empty, or the error.
std::string run_spoiled_model(const Source& source, Random& random, uint64_t seed) {
  auto model = tflite::read(share(source.bytes));
  if (!model) return model.error().text();
  mutate(*model, random);
  Status valid = verify(*model);
  return valid ? run_model(*model, seed) : valid.error().text();
}

std::string run_case(const Source& source, uint64_t seed) {
  Random random(seed);
  if (source.kind->extension == ".tflite" && random.chance(2)) {
    begin_case(source.path, "spoiled model", seed);
    return run_spoiled_model(source, random, seed);
  }
  begin_case(source.path, "spoiled file", seed);
  std::vector<std::byte> bytes = source.bytes;
  mutate_file(source.path, bytes, random);
  return source.kind->exercise(bytes, seed);
}

int run(const Settings& settings) {
  std::vector<Source> sources = sources_under(settings.paths);
  if (sources.empty()) return std::fprintf(stderr, "no files to spoil\n"), 2;
  watch_for_crashes();
  auto start = std::chrono::steady_clock::now();
  uint64_t results = 0, errors = 0;
  for (uint64_t seed = settings.first; seed < settings.first + settings.count; ++seed) {
    const Source& source = sources[seed % sources.size()];
    int64_t before = peak_mebibytes();
    ++(run_case(source, seed).empty() ? results : errors);
    int64_t after = peak_mebibytes();
    if (after > settings.mebibytes && after > before) {
      std::fprintf(stderr, "%s, seed %llu: memory rose from %lld to %lld MiB\n",
                   source.path.c_str(), static_cast<unsigned long long>(seed),
                   static_cast<long long>(before), static_cast<long long>(after));
      return 1;
    }
    std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    if (spent.count() > settings.seconds) break;
  }
  end_cases();
  std::printf("%zu files, %llu variants: %llu results, %llu errors, peak %lld MiB\n",
              sources.size(), static_cast<unsigned long long>(results + errors),
              static_cast<unsigned long long>(results), static_cast<unsigned long long>(errors),
              static_cast<long long>(peak_mebibytes()));
  // Damage that always or never shows is no test.
  return results > 0 && errors > 0 ? 0 : 1;
}

/// False for options that are not known or lack their number.
bool parse(int count, char** words, Settings& settings) {
  for (int i = 1; i < count; ++i) {
    std::string word = words[i];
    if (!word.starts_with("--")) {
      settings.paths.push_back(word);
      continue;
    }
    if (++i >= count) return false;
    char* end = nullptr;
    double number = std::strtod(words[i], &end);
    if (*end) return false;
    if (word == "--first")
      settings.first = static_cast<uint64_t>(number);
    else if (word == "--count")
      settings.count = static_cast<uint64_t>(number);
    else if (word == "--seconds")
      settings.seconds = number;
    else if (word == "--mebibytes")
      settings.mebibytes = static_cast<int64_t>(number);
    else
      return false;
  }
  return !settings.paths.empty();
}

}  // namespace
}  // namespace wherry::hostile

int main(int count, char** words) {
  wherry::hostile::Settings settings;
  if (!wherry::hostile::parse(count, words, settings)) {
    std::fprintf(stderr,
                 "mutations PATH... [--first SEED] [--count N] [--seconds S] [--mebibytes M]\n");
    return 2;
  }
  return wherry::hostile::run(settings);
}
