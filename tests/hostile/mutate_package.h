// Spoils what is inside of archives and texts, so that the damage gets past their checksums.
#pragma once

#include "hostile/random.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace wherry::hostile {

/// Changes numbers and words of a text like JSON; now and then cuts or doubles a piece.
void mutate_text(std::vector<std::byte>& text, Random& random);
/// The archive with one entry spoiled, and its checksum right again. Bytes that are no archive are
/// changed where they are.
void mutate_package(std::vector<std::byte>& file, Random& random);
/// By the name's ending: archives inside, other files anywhere.
void mutate_file(std::string_view path, std::vector<std::byte>& file, Random& random);

}  // namespace wherry::hostile
