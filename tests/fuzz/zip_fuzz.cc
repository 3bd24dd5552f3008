// Fuzzes zip archives: every entry is read, and the archive moved.
#include <cstddef>
#include <cstdint>

#include "base/zip.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace wherry;
  auto bytes = std::as_bytes(std::span(data, size));
  auto zip = ZipReader::open(share({bytes.begin(), bytes.end()}));
  if (!zip) return 0;
  for (const ZipEntry& entry : zip->entries()) {
    if (entry.size < (1 << 24)) (void)zip->read(entry);
  }
  (void)zip->moved_to(size);
  return 0;
}
