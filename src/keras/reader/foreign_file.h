// Says what a file is that is no Keras file, and what to do with it.
#pragma once

#include <span>
#include <string_view>

#include "base/error.h"

namespace wherry::keras {

/// The refusal of a file that is neither HDF5 nor a zip archive.
Error foreign_file(std::span<const std::byte> bytes);
/// True for what model.to_yaml() returned up to Keras 2.5.
bool is_yaml(std::string_view text);
/// The refusal of a zip archive without "config.json", whose entries have these names.
Error foreign_archive(std::span<const std::string_view> names);

}  // namespace wherry::keras
