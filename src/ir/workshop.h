// Makes large constants: with so many threads, in memory that is used again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/buffer_pool.h"
#include "base/parts.h"
#include "ir/constant.h"

namespace wherry {

/// How the bytes of a constant are made.
struct BytesRecipe {
  /// What is done, with all its numbers: the same method makes equal bytes of equal sources.
  std::string method;
  size_t size = 0;
  size_t granule = 1;  ///< parts are whole multiples of so many bytes, but perhaps the last one
  /// Gives the same bytes whenever it is called; holds what it reads.
  FillPart fill;
  std::vector<Constant> sources = {};  ///< what `fill` reads
  /// Where floats are made of one source: none is larger than the largest of the source times this.
  std::optional<float> growth = std::nullopt;
  bool puts_last_axis_first = false;  ///< of the only source, and does nothing else
  /// Each part needs the sources at hand, not only their same part.
  bool reads_all_over = false;
};

/// Numbers as a part of a method.
inline std::string_view bytes_as_text(const std::vector<float>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float)};
}

/// Copies share their memory.
class Workshop {
 public:
  explicit Workshop(size_t threads = 1) : threads_(threads) {}

  size_t threads() const { return threads_; }
  const BufferPool& buffers() const { return buffers_; }
  /// A constant that is made whenever it is needed; a small one at once.
  Constant defer(BytesRecipe recipe) const;
  /// Made at once.
  Constant make(const BytesRecipe& recipe) const;

 private:
  size_t threads_;
  BufferPool buffers_;
};

}  // namespace wherry
