// Appends to a file without a name and maps what was written.
#include "base/scratch_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/thread_pool.h"

namespace wherry {
namespace {

constexpr size_t usual_part_bytes = 256 << 10;
/// A thread is not worth its start for fewer parts.
constexpr size_t least_parts_of_thread = 4;
/// What parts that are made at the same time may take together.
constexpr size_t most_part_bytes = 16 << 20;

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

/// Makes parts of bytes and writes them to a place in the file, next to each other.
class PartWriter {
 public:
  PartWriter(int descriptor, size_t place, size_t size, size_t part_bytes)
      : descriptor_(descriptor),
        place_(place),
        size_(size),
        part_bytes_(std::min(part_bytes, size)),
        parts_((size + part_bytes_ - 1) / part_bytes_) {}

  bool write_all(size_t threads, const ScratchFile::Fill& fill) {
    size_t useful = std::min(parts_ / least_parts_of_thread, most_part_bytes / part_bytes_);
    ThreadPool pool(std::clamp<size_t>(threads, 1, std::max<size_t>(useful, 1)));
    parallel_for(pool, pool.threads(), [&](size_t, size_t) { write_some(fill); });
    errno = error_;
    return error_ == 0;
  }

 private:
  void write_some(const ScratchFile::Fill& fill) {
    std::vector<std::byte> part(part_bytes_);
    for (size_t i = next_++; i < parts_ && error_ == 0; i = next_++) {
      size_t first = i * part_bytes_;
      std::span<std::byte> bytes = std::span(part).first(std::min(part_bytes_, size_ - first));
      fill(first, bytes);
      if (!append(descriptor_, bytes, place_ + first)) error_ = errno;
    }
  }

  int descriptor_;
  size_t place_, size_, part_bytes_, parts_;
  std::atomic<size_t> next_ = 0;
  std::atomic<int> error_ = 0;
};

}  // namespace

Expected<ScratchFile> ScratchFile::create(const std::string& folder, size_t threads) {
  std::string name = cat(folder.empty() ? "." : folder, "/wherry-XXXXXX");
  int descriptor = ::mkstemp(name.data());
  if (descriptor < 0) return scratch_error("make");
  ::unlink(name.c_str());
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  return ScratchFile(shared_descriptor(descriptor), threads);
}

Expected<SharedBytes> ScratchFile::make(size_t size, size_t granule, const Fill& fill) {
  if (size == 0) return SharedBytes{};
  size_t part_bytes = std::max(granule, usual_part_bytes / granule * granule);
  if (!PartWriter(*file_, end_, size, part_bytes).write_all(threads_, fill))
    return scratch_error("write to");
  size_t place = end_, page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, *file_, static_cast<off_t>(place));
  if (address == MAP_FAILED) return scratch_error("map");
  end_ += (size + page - 1) / page * page;
  return own_mapping(address, size, [file = file_, place, size] { discard(*file, place, size); });
}

}  // namespace wherry
