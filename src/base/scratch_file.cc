// Appends to a file without a name and maps what was written.
#include "base/scratch_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace wherry {
namespace {

constexpr size_t usual_part_bytes = 256 << 10;

Error scratch_error(const char* what) {
  return Error{.code = ErrorCode::cannot_write,
               .message = cat("cannot ", what, " a scratch file: ", std::strerror(errno))};
}

std::shared_ptr<const int> shared_descriptor(int number) {
  return {new int(number), [](const int* held) {
            ::close(*held);
            delete held;
          }};
}

bool append(int descriptor, std::span<const std::byte> bytes, size_t place) {
  while (!bytes.empty()) {
    ssize_t written = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(place));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    place += static_cast<size_t>(written);
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return true;
}

/// Gives the space back to the disk, where the system can.
void discard(int descriptor, size_t place, size_t size) {
#ifdef FALLOC_FL_PUNCH_HOLE
  [[maybe_unused]] int ignored = ::fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                                             static_cast<off_t>(place), static_cast<off_t>(size));
#endif
}

}  // namespace

Expected<ScratchFile> ScratchFile::create(const std::string& folder) {
  std::string name = cat(folder.empty() ? "." : folder, "/wherry-XXXXXX");
  int descriptor = ::mkstemp(name.data());
  if (descriptor < 0) return scratch_error("make");
  ::unlink(name.c_str());
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  return ScratchFile(shared_descriptor(descriptor));
}

Expected<SharedBytes> ScratchFile::make(size_t size, size_t granule, const Fill& fill) {
  if (size == 0) return SharedBytes{};
  size_t part_bytes = std::max(granule, usual_part_bytes / granule * granule);
  std::vector<std::byte> part(std::min(size, part_bytes));
  for (size_t first = 0; first < size; first += part.size()) {
    std::span<std::byte> bytes = std::span(part).first(std::min(part.size(), size - first));
    fill(first, bytes);
    if (!append(*file_, bytes, end_ + first)) return scratch_error("write to");
  }
  size_t place = end_, page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, *file_, static_cast<off_t>(place));
  if (address == MAP_FAILED) return scratch_error("map");
  end_ += (size + page - 1) / page * page;
  return own_mapping(address, size, [file = file_, place, size] { discard(*file, place, size); });
}

}  // namespace wherry
