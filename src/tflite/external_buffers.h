// Constants of a .tflite file that are stored in other files beside it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/mapped_file.h"
#include "ir/model.h"
#include "tflite/wire.h"

namespace wherry::tflite {

class ExternalBuffers {
 public:
  /// `folder`: where the other files are, with its '/'. Nothing is opened before it is needed.
  static Expected<ExternalBuffers> read(const TableView& model, std::string folder);
  /// The bytes of buffer `id`, at an address that is a multiple of `alignment`. Errors:
  /// cannot_read, malformed, unsupported.
  Expected<Constant> find(uint32_t id, size_t alignment);

 private:
  struct Buffer {
    uint32_t group = 0;
    uint64_t offset = 0, length = 0;
    std::string packing;
  };
  Expected<SharedBytes> file_of(uint32_t group);
  Expected<Constant> aligned_copy(std::span<const std::byte> bytes);

  std::string folder_;
  std::vector<std::string> groups_;
  std::map<uint32_t, Buffer> buffers_;
  std::map<uint32_t, SharedBytes> files_;
  std::map<uint32_t, Constant> copies_;  ///< of buffers that lie badly in their file
  uint64_t budget_ = 0;                  ///< bytes that may still be copied
};

}  // namespace wherry::tflite
