// Random damage behind checksums: in the entries of archives, and in texts.
#include "hostile/mutate_package.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "base/zip.h"
#include "hostile/mutate.h"

namespace wherry::hostile {
namespace {

constexpr std::string_view words[] = {
    "-1",        "0",          "1",          "2",
    "1e30",      "-0.5",       "2147483648", "99999999999999999999",
    "null",      "true",       "false",      "[]",
    "{}",        "\"\"",       "[[]]",       "[-1, 0]",
    "\"x\"",     "65536",      "1.5e-9",     "\"same\"",
    "\"valid\"", "\"causal\"", "NaN",        "[1, 2, 3]"};

/// The run of characters around `place` for which `inside` holds.
template <class Inside>
std::pair<size_t, size_t> run_around(const std::string& text, size_t place, Inside inside) {
  size_t begin = place, end = place;
  while (begin > 0 && inside(text[begin - 1])) --begin;
  while (end < text.size() && inside(text[end])) ++end;
  return {begin, end - begin};
}

bool in_token(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_' ||
         c == '"';
}

void change(std::string& text, Random& random) {
  size_t place = random.below(text.size());
  size_t length = std::min<size_t>(1 + random.below(40), text.size() - place);
  switch (random.below(8)) {
    case 0:
      text.erase(place, length);
      return;
    case 1:
      text.insert(place, text.substr(place, length));
      return;
    case 2: {  // another token of the same text
      auto [from, size] = run_around(text, random.below(text.size()), in_token);
      std::string token = text.substr(from, size);
      auto [at, old] = run_around(text, place, in_token);
      text.replace(at, old, token);
      return;
    }
    case 3:
      text[place] = static_cast<char>(random.bits());
      return;
    default: {
      // Values are what most checks are about: go on to the next digit or quotation mark.
      size_t value = text.find_first_of("0123456789\"", place);
      auto [at, old] = run_around(text, value == std::string::npos ? place : value, in_token);
      text.replace(at, old, words[random.below(sizeof words / sizeof words[0])]);
    }
  }
}

bool looks_like_text(std::span<const std::byte> bytes) {
  return !bytes.empty() && (bytes[0] == std::byte{'{'} || bytes[0] == std::byte{'['});
}

}  // namespace

void mutate_text(std::vector<std::byte>& bytes, Random& random) {
  std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  for (uint64_t left = 1 + random.below(3); left > 0 && !text.empty(); --left) change(text, random);
  auto changed = std::as_bytes(std::span(text));
  bytes.assign(changed.begin(), changed.end());
}

void mutate_package(std::vector<std::byte>& file, Random& random) {
  auto zip = ZipReader::open(share(file));
  if (!zip || zip->entries().empty() || random.chance(8)) return mutate(file, random);
  size_t chosen = random.below(zip->entries().size());
  ZipWriter writer;
  for (size_t i = 0; i < zip->entries().size(); ++i) {
    const ZipEntry& entry = zip->entries()[i];
    auto content = zip->read(entry);
    if (!content) return mutate(file, random);
    std::vector<std::byte> bytes(content->bytes.begin(), content->bytes.end());
    if (i == chosen && looks_like_text(bytes))
      mutate_text(bytes, random);
    else if (i == chosen)
      mutate(bytes, random);
    if (!writer.add(entry.name, bytes)) return mutate(file, random);
  }
  file = writer.finish();
}

void mutate_file(std::string_view path, std::vector<std::byte>& file, Random& random) {
  if (path.ends_with(".keras") || path.ends_with(".npz")) return mutate_package(file, random);
  if (path.ends_with(".json")) return mutate_text(file, random);
  mutate(file, random);
}

}  // namespace wherry::hostile
