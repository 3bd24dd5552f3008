// Appends to a file without a name and maps what was written.
#include "base/scratch_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace wherry {
namespace {

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

/// In a file.
struct Place {
  int descriptor;
  size_t offset;
};

bool append(Place place, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    ssize_t written =
        ::pwrite(place.descriptor, bytes.data(), bytes.size(), static_cast<off_t>(place.offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    place.offset += static_cast<size_t>(written);
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

/// Makes parts of bytes and writes them to the file from `place` on; 0, or the errno of a failure.
int write_parts(const Place& place, const Parts& parts, size_t threads, const FillPart& fill) {
  std::vector<std::vector<std::byte>> rooms(parts.useful_threads(threads));
  std::atomic<int> error = 0;
  parts.spread(threads, [&](size_t first, size_t size, size_t thread) {
    if (error != 0) return;
    rooms[thread].resize(parts.largest());
    std::span<std::byte> part = std::span(rooms[thread]).first(size);
    fill(first, part);
    if (!append({place.descriptor, place.offset + first}, part)) error = errno;
  });
  return error;
}

}  // namespace

Expected<ScratchFile> ScratchFile::create(const std::string& folder, size_t threads) {
  std::string name = cat(folder.empty() ? "." : folder, "/wherry-XXXXXX");
  int descriptor = ::mkstemp(name.data());
  if (descriptor < 0) return scratch_error("make");
  ::unlink(name.c_str());
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  return ScratchFile(shared_descriptor(descriptor), threads);
}

Expected<SharedBytes> ScratchFile::make(size_t size, size_t granule, const FillPart& fill) {
  if (size == 0) return SharedBytes{};
  errno = write_parts({*file_, end_}, Parts(size, granule), threads_, fill);
  if (errno != 0) return scratch_error("write to");
  size_t place = end_, page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, *file_, static_cast<off_t>(place));
  if (address == MAP_FAILED) return scratch_error("map");
  end_ += (size + page - 1) / page * page;
  return own_mapping(address, size, [file = file_, place, size] { discard(*file, place, size); });
}

}  // namespace wherry
