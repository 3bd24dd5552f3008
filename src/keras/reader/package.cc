// Reads files from an archive or a folder.
#include "keras/reader/package.h"

#include <sys/stat.h>

namespace wherry::keras {

bool Package::contains(std::string_view name) const {
  if (archive_) return archive_->find(name) != nullptr;
  struct stat status {};
  return is_safe_zip_name(name) && ::stat(cat(folder_, "/", name).c_str(), &status) == 0 &&
         S_ISREG(status.st_mode);
}

std::vector<std::string_view> Package::names() const {
  std::vector<std::string_view> names;
  if (!archive_) return names;
  for (const ZipEntry& entry : archive_->entries()) names.push_back(entry.name);
  return names;
}

Expected<SharedBytes> Package::read(std::string_view name) const {
  ENSURE_CODE(ErrorCode::malformed, contains(name), "the Keras file has no ", quoted(name));
  if (archive_) return archive_->read(*archive_->find(name));
  return map_file(cat(folder_, "/", name));
}

}  // namespace wherry::keras
