// Does with a file what the program would do with it, by the file's kind: an error or a result.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/mapped_file.h"

namespace wherry::hostile {

/// Imports, simplifies, reduces to a format, writes, reads and runs it. Empty, or the error.
std::string convert_file(std::span<const std::byte> bytes, uint64_t seed);
/// Converts a small model of layers that only the recipe file says how to compute. Empty, or the
/// error.
std::string use_recipe(std::span<const std::byte> bytes, uint64_t seed);
/// Opens a model as users of the library do: all descriptions, signatures, planning. Empty, or the
/// error.
std::string look_at_file(std::span<const std::byte> bytes);
std::string read_npz(std::span<const std::byte> bytes);
/// Pictures and IDX files.
std::string read_picture(std::span<const std::byte> bytes);
std::string read_idx(std::span<const std::byte> bytes);

/// What to do with files of one kind.
struct FileKind {
  std::string_view extension;
  std::string (*exercise)(std::span<const std::byte> bytes, uint64_t seed);
};
/// By the name's ending; null for other files.
const FileKind* kind_of(std::string_view path);

}  // namespace wherry::hostile
