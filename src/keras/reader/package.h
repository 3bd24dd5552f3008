// The files inside a .keras archive or inside the folder it was unpacked to.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/zip.h"

namespace wherry::keras {

class Package {
 public:
  Package() = default;
  explicit Package(ZipReader archive) : archive_(std::move(archive)) {}
  explicit Package(std::string folder) : folder_(std::move(folder)) {}

  bool contains(std::string_view name) const;
  /// The names of all files in an archive; none of a folder.
  std::vector<std::string_view> names() const;
  /// The file with this name, such as "config.json". Errors: cannot_read, malformed.
  Expected<SharedBytes> read(std::string_view name) const;

 private:
  std::optional<ZipReader> archive_;
  std::string folder_;
};

}  // namespace wherry::keras
