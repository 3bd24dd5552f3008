// Writes models as .tflite files: a small FlatBuffer head, the constants behind it, nothing copied
// twice.
#pragma once

#include <string>
#include <vector>

#include "base/mapped_file.h"
#include "ir/model.h"

namespace wherry::tflite {

/// Every constant begins at a multiple of this many bytes in the file.
inline constexpr uint64_t data_alignment = 16;

struct WriteOptions {
  /// Constants go behind the FlatBuffer (Buffer.offset) when the file would pass this many bytes;
  /// FlatBuffers end at 2 GiB. Runtimes before 2.13 do not read such files.
  uint64_t largest_flatbuffer = (uint64_t{1} << 31) - (1 << 20);
};

/// A file ready to be saved: the constants are still those of the model.
class WrittenModel {
 public:
  uint64_t size() const { return size_; }
  std::vector<std::byte> bytes(size_t threads = 1) const;
  /// Writes to a temporary name, then renames. Errors: cannot_write.
  Status save(const std::string& path) const;
  /// Writes to a file that the caller commits, with so many threads.
  Status write_to(FileWriter& file, size_t threads = 1) const;

 private:
  friend class Writer;
  struct Piece {
    uint64_t padding = 0;    ///< zero bytes before
    bool has_length = true;  ///< a uint32 count in front, as FlatBuffers vectors have
    Constant data;
  };
  template <class Put>
  Status emit(size_t threads, const Put& put) const;
  std::vector<std::byte> head_;
  std::vector<Piece> pieces_;
  uint64_t size_ = 0;
};

/// Every operator gets the lowest version that is right (see OpDef::versions). Errors: unsupported,
/// naming all operators without a definition.
Expected<WrittenModel> write(const Model& model, const WriteOptions& options = {});

/// The version that `write` gives a node, and the first runtime release that runs it ("" when
/// unknown).
int version_of(const Graph& graph, const Node& node);
std::string_view runtime_of(const Graph& graph, const Node& node);
/// True when the release `a` is newer than `b`: "2.10" than "2.9.1".
bool is_newer_release(std::string_view a, std::string_view b);
/// The largest release any node needs: "2.3.0".
std::string minimum_runtime(const Model& model);

}  // namespace wherry::tflite
