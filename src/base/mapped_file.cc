// Maps files with POSIX calls and writes files atomically.
#include "base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace wherry {
namespace {

/// What the person can do about the present errno; empty when there is no more to say.
std::string advice_for(ErrorCode code) {
  bool writes = code == ErrorCode::cannot_write;
  switch (errno) {
    case ENOENT:
      return writes ? "make the folder first, or choose another" : "check the name and the folder";
    case EACCES:
    case EPERM:
    case EROFS:
      return writes ? "choose a place you may write to" : "check the permissions of the file";
    case ENOSPC:
      return "free some space, or choose another disk";
    default:
      return {};
  }
}

Error system_error(ErrorCode code, const char* what, const std::string& path) {
  std::string advice = advice_for(code);
  return Error{.code = code,
               .message = cat("cannot ", what, " ", quoted(path), ": ", std::strerror(errno)),
               .advice = std::move(advice)};
}

Error not_a_file(ErrorCode code, const std::string& path, mode_t mode) {
  bool folder = S_ISDIR(mode);
  return Error{
      .code = code,
      .message = cat(quoted(path), folder ? " is a folder, not a file" : " is not a regular file"),
      .advice = "give the name of a file"};
}

bool is_standard_output(const struct stat& status) {
  struct stat out {};
  return ::fstat(STDOUT_FILENO, &out) == 0 && !S_ISCHR(out.st_mode) &&
         status.st_dev == out.st_dev && status.st_ino == out.st_ino;
}

/// The file that a link names: it is replaced, the link stays.
std::string behind_links(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISLNK(status.st_mode)) return path;
  char* target = ::realpath(path.c_str(), nullptr);
  std::string name = target ? target : path;
  ::free(target);
  return name;
}

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

/// Also tells mapped files from other owners: std::get_deleter finds it.
struct Unmap {
  std::span<const std::byte> mapping;
  std::shared_ptr<const LiveFile> listed;  ///< as long as it is mapped
  void operator()(const void* address) const {
    ::munmap(const_cast<void*>(address), mapping.size());
  }
};

/// Calls write(bytes) with what is left until nothing is; false with the errno of a failure.
template <class Write>
bool write_all(std::span<const std::byte> bytes, Write&& write) {
  while (!bytes.empty()) {
    ssize_t written = write(bytes);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return true;
}

bool write_next(int descriptor, std::span<const std::byte> bytes) {
  return write_all(bytes, [&](std::span<const std::byte> left) {
    return ::write(descriptor, left.data(), left.size());
  });
}

bool write_at_place(int descriptor, uint64_t place, std::span<const std::byte> bytes) {
  const uint64_t end = place + bytes.size();
  return write_all(bytes, [&](std::span<const std::byte> left) {
    return ::pwrite(descriptor, left.data(), left.size(), static_cast<off_t>(end - left.size()));
  });
}

}  // namespace

Expected<SharedBytes> map_file(const std::string& path) {
  // Opening a pipe would wait for somebody who writes to it.
  Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.number < 0) return system_error(ErrorCode::cannot_read, "open", path);
  struct stat status {};
  if (::fstat(file.number, &status) != 0) return system_error(ErrorCode::cannot_read, "read", path);
  if (!S_ISREG(status.st_mode)) return not_a_file(ErrorCode::cannot_read, path, status.st_mode);
  size_t size = static_cast<size_t>(status.st_size);
  if (size == 0) return SharedBytes{};
  const void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number, 0);
  if (address == MAP_FAILED) return system_error(ErrorCode::cannot_read, "map", path);
  std::span<const std::byte> bytes(static_cast<const std::byte*>(address), size);
  auto listed = std::make_shared<const LiveFile>(LiveFile::mapped(path, bytes));
  std::shared_ptr<const void> owner(address, Unmap{bytes, std::move(listed)});
  return SharedBytes{std::move(owner), bytes};
}

void drop_pages(const std::shared_ptr<const void>& owner, std::span<const std::byte> bytes) {
  const Unmap* unmap = std::get_deleter<Unmap>(owner);
  if (!unmap || bytes.empty()) return;
  // With a page that is read the system maps those around it, up to a large page: all go together.
  constexpr uintptr_t around = 2 << 20;
  auto place = [](const std::byte* at) { return reinterpret_cast<uintptr_t>(at); };
  const uintptr_t begin = place(unmap->mapping.data()), end = begin + unmap->mapping.size();
  uintptr_t first = std::max(place(bytes.data()) / around * around, begin);
  uintptr_t last =
      std::min((place(bytes.data()) + bytes.size() + around - 1) / around * around, end);
  // A private mapping that nobody wrote to: the pages come back from the file.
  if (first < last) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

SharedBytes share(std::vector<std::byte> bytes) {
  auto held = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  return SharedBytes{held, {held->data(), held->size()}};
}

Expected<FileWriter> FileWriter::create(const std::string& path) {
  FileWriter file;
  file.path_ = path;
  struct stat status {};
  bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode))
    return not_a_file(ErrorCode::cannot_write, path, status.st_mode);
  if (exists && is_standard_output(status)) {  // opened again, a file would begin anew
    file.descriptor_ = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    if (file.descriptor_ < 0) return system_error(ErrorCode::cannot_write, "write", path);
    return file;
  }
  if (exists && !S_ISREG(status.st_mode)) {  // a device or a pipe is written to, not replaced
    file.descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file.descriptor_ < 0) return system_error(ErrorCode::cannot_write, "write", path);
    return file;
  }
  file.path_ = behind_links(path);
  file.temporary_ = cat(file.path_, ".", static_cast<int64_t>(::getpid()), ".tmp");
  file.unfinished_ = LiveFile::unfinished(file.temporary_);
  file.descriptor_ =
      ::open(file.temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file.descriptor_ < 0) return system_error(ErrorCode::cannot_write, "write", path);
  return file;
}

FileWriter::FileWriter(FileWriter&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      unfinished_(std::move(other.unfinished_)),
      descriptor_(other.descriptor_) {
  other.descriptor_ = -1;
}

FileWriter::~FileWriter() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Status FileWriter::reserve([[maybe_unused]] uint64_t size_bytes) {
#ifdef FALLOC_FL_KEEP_SIZE
  if (temporary_.empty() || size_bytes == 0) return {};
  int result = ::fallocate(descriptor_, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size_bytes));
  // Not every file system can; whatever else is wrong, writing says.
  if (result != 0 && errno == ENOSPC) return system_error(ErrorCode::cannot_write, "write", path_);
#endif
  return {};
}

Status FileWriter::write(std::span<const std::byte> bytes) {
  if (!write_next(descriptor_, bytes)) return system_error(ErrorCode::cannot_write, "write", path_);
  return {};
}

Status FileWriter::write_at(uint64_t place, std::span<const std::byte> bytes) const {
  const bool written = temporary_.empty() ? write_next(descriptor_, bytes)
                                          : write_at_place(descriptor_, place, bytes);
  if (!written) return system_error(ErrorCode::cannot_write, "write", path_);
  return {};
}

Status FileWriter::commit() {
  bool closed = ::close(descriptor_) == 0;
  descriptor_ = -1;
  bool renamed = temporary_.empty() || (closed && ::rename(temporary_.c_str(), path_.c_str()) == 0);
  if (!closed || !renamed) {
    Error error = system_error(ErrorCode::cannot_write, "write", path_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
    return error;
  }
  unfinished_ = {};
  return {};
}

Status write_file(const std::string& path, std::span<const std::byte> bytes) {
  FileWriter file = TRY(FileWriter::create(path));
  TRY(file.write(bytes));
  return file.commit();
}

}  // namespace wherry
