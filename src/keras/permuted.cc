// Moves weights in small square tiles, so that reading and writing both stay in the cache.
#include "keras/permuted.h"

#include <algorithm>
#include <cstring>

#include "base/transpose_four.h"

namespace wherry::keras {
namespace {

/// One axis of the result: its extent, and how far its neighbours are apart on both sides.
struct Axis {
  int64_t extent = 1, from = 0, to = 0;
};

constexpr int64_t tile = 16;  ///< its floats fill a cache line
/// So many rows of the result are made at a time, as long as they are no more than a few MB: what
/// is read for them stands together, on few pages.
constexpr int64_t rows_at_a_time = 4 * tile;
constexpr size_t most_part_bytes = 8 << 20;

/// The axes of the result, outermost first; there is at least one.
std::vector<Axis> axes_of(const Shape& shape, const std::vector<int64_t>& order) {
  std::vector<Axis> axes;
  int64_t step = shape.elements();
  for (int64_t source_axis : order) {
    int axis = static_cast<int>(source_axis);
    if (shape[axis] == 1) continue;
    step /= shape[axis];
    axes.push_back({shape[axis], shape.product(axis + 1, shape.rank()), step});
  }
  if (axes.empty()) axes.push_back({1, 1, 1});
  return axes;
}

bool puts_last_axis_first(const std::vector<int64_t>& order) {
  for (size_t i = 0; i < order.size(); ++i) {
    if (order[i] != static_cast<int64_t>((i + order.size() - 1) % order.size())) return false;
  }
  return true;
}

class Mover {
 public:
  /// `from` and `to` may stand at any alignment.
  Mover(const std::byte* from, std::byte* to, std::vector<Axis> axes)
      : from_(from), to_(to), axes_(std::move(axes)) {
    written_ = axes_.back();
    axes_.pop_back();
    auto neighbours =
        std::find_if(axes_.begin(), axes_.end(), [](const Axis& axis) { return axis.from == 1; });
    if (neighbours == axes_.end()) return;
    read_ = *neighbours;
    axes_.erase(neighbours);
  }

  void move() { move_axes(0, 0, 0); }

 private:
  void move_axes(size_t axis, int64_t from, int64_t to) {
    if (axis == axes_.size()) return move_plane(from, to);
    for (int64_t i = 0; i < axes_[axis].extent; ++i)
      move_axes(axis + 1, from + i * axes_[axis].from, to + i * axes_[axis].to);
  }

  /// The axis along which the source is dense against the one along which the result is.
  void move_plane(int64_t from, int64_t to) {
    if (written_.from == 1) {
      size_t row = static_cast<size_t>(written_.extent) * 4;
      for (int64_t i = 0; i < read_.extent; ++i)
        std::memcpy(to_ + 4 * (to + i * read_.to), from_ + 4 * (from + i * read_.from), row);
      return;
    }
    for (int64_t w = 0; w < written_.extent; w += tile) {
      for (int64_t r = 0; r < read_.extent; r += tile) move_tile(from, to, r, w);
    }
  }

  void move_tile(int64_t from, int64_t to, int64_t r, int64_t w) {
    int64_t last = std::min(r + tile, read_.extent);
    if (r + tile <= read_.extent && w + tile <= written_.extent && read_.from == 1) {
      // Turned in a place of its own, so that whole cache lines are written.
      float turned[tile * tile];
      for (int64_t i = 0; i < tile; i += 4) {
        const std::byte* row = from_ + 4 * (from + r + (w + i) * written_.from);
        for (int64_t k = 0; k < tile; k += 4)
          transpose_four(row + 4 * k, 4 * written_.from, turned + k * tile + i, tile);
      }
      for (int64_t i = r; i < last; ++i)
        std::memcpy(to_ + 4 * (to + i * read_.to + w), turned + (i - r) * tile, 4 * tile);
      return;
    }
    for (int64_t i = r; i < last; ++i) move_row(from + i * read_.from, to + i * read_.to, w);
  }

  void move_row(int64_t from, int64_t to, int64_t first) {
    for (int64_t i = first; i < std::min(first + tile, written_.extent); ++i)
      std::memcpy(to_ + 4 * (to + i), from_ + 4 * (from + i * written_.from), 4);
  }

  const std::byte* from_;
  std::byte* to_;
  std::vector<Axis> axes_;
  Axis read_, written_;
};

}  // namespace

Expected<Constant> permuted(const Weight& weight, const std::vector<int64_t>& order,
                            const Workshop& workshop) {
  size_t size = static_cast<size_t>(weight.shape.elements()) * 4;
  Constant source = weight.data;  // at any alignment
  if (weight.dtype != DType::f32) source = TRY(float_constant(weight, workshop));
  ENSURE(source.size() == size, "the weight ", quoted(weight.path),
         " has another number of bytes than its shape says");
  if (size == 0) return Constant::of(std::vector<float>());
  std::vector<Axis> axes = axes_of(weight.shape, order);
  size_t row = static_cast<size_t>(axes[0].to) * 4;
  // Sixteen rows at least, so that all is used of each cache line of the source.
  size_t rows = std::clamp(most_part_bytes / row, size_t{tile}, size_t{rows_at_a_time});
  auto fill = [source, axes, row](size_t first, std::span<std::byte> part) {
    std::vector<Axis> some = axes;
    some[0].extent = static_cast<int64_t>(part.size() / row);
    int64_t skipped = static_cast<int64_t>(first / row) * axes[0].from;
    const Constant from = source.at_hand();
    Mover(from.bytes().data() + 4 * skipped, part.data(), std::move(some)).move();
  };
  return workshop.defer({.method = cat("axes ", order, " of ", weight.shape.dims()),
                         .size = size,
                         .granule = row * (rows / tile * tile),
                         .fill = std::move(fill),
                         .sources = {source},
                         .growth = weight.dtype == DType::f32 ? std::optional(1.0f) : std::nullopt,
                         .puts_last_axis_first = puts_last_axis_first(order),
                         .reads_all_over = true});
}

}  // namespace wherry::keras
