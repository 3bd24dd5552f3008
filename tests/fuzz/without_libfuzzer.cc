// Runs a fuzz target where there is no libFuzzer: the given files, then variants of them.
//   TARGET PATH... [-runs=N]
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "hostile/mutate.h"
#include "hostile/mutate_package.h"
#include "hostile/watch.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
extern "C" size_t LLVMFuzzerMutate(uint8_t*, size_t size, size_t) { return size; }

namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::byte>;

constexpr size_t largest_file = 100'000;

void add_file(const fs::path& path, std::vector<Bytes>& files) {
  std::ifstream stream(path, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(stream), {}};
  auto bytes = std::as_bytes(std::span(content));
  if (!bytes.empty() && bytes.size() <= largest_file)
    files.emplace_back(bytes.begin(), bytes.end());
}

void run(const Bytes& file) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(file.data()), file.size());
}

}  // namespace

int main(int count, char** words) {
  std::vector<Bytes> files;
  uint64_t runs = 0;
  for (int i = 1; i < count; ++i) {
    std::string word = words[i];
    if (word.starts_with("-runs=")) runs = std::strtoull(word.c_str() + 6, nullptr, 10);
    if (word.starts_with("-")) continue;
    std::error_code problem;
    if (!fs::is_directory(word, problem)) add_file(word, files);
    fs::recursive_directory_iterator entry(word, problem), end;
    for (; !problem && entry != end; entry.increment(problem))
      if (entry->is_regular_file(problem)) add_file(entry->path(), files);
  }
  if (files.empty()) return std::fprintf(stderr, "no files to begin with\n"), 2;
  wherry::hostile::watch_for_crashes();
  for (size_t i = 0; i < files.size(); ++i) {
    wherry::hostile::begin_case(words[0], "given file", i);
    run(files[i]);
  }
  for (uint64_t seed = 1; seed <= runs; ++seed) {
    wherry::hostile::begin_case(words[0], "variant", seed);
    wherry::hostile::Random random(seed);
    Bytes file = files[random.below(files.size())];
    wherry::hostile::mutate_package(file, random);
    run(file);
  }
  wherry::hostile::end_cases();
  std::printf("%zu files, %llu variants\n", files.size(), static_cast<unsigned long long>(runs));
}
