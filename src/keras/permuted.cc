// Moves weights in small square tiles, so that reading and writing both stay in the cache.
#include "keras/permuted.h"

#include <algorithm>
#include <cstring>

namespace wherry::keras {
namespace {

/// One axis of the result: its extent, and how far its neighbours are apart on both sides.
struct Axis {
  int64_t extent = 1, from = 0, to = 0;
};

constexpr int64_t tile = 16;

class Mover {
 public:
  /// `from` may stand at any alignment.
  Mover(const std::byte* from, float* to, const Shape& shape, const std::vector<int64_t>& order)
      : from_(from), to_(to) {
    int64_t step = shape.elements();
    for (int64_t source_axis : order) {
      int axis = static_cast<int>(source_axis);
      if (shape[axis] == 1) continue;
      step /= shape[axis];
      axes_.push_back({shape[axis], shape.product(axis + 1, shape.rank()), step});
    }
    if (axes_.empty()) axes_.push_back({1, 1, 1});
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
    for (int64_t r = 0; r < read_.extent; r += tile) {
      for (int64_t w = 0; w < written_.extent; w += tile) {
        for (int64_t i = r; i < std::min(r + tile, read_.extent); ++i)
          move_row(from + i * read_.from, to + i * read_.to, w);
      }
    }
  }

  void move_row(int64_t from, int64_t to, int64_t first) {
    for (int64_t i = first; i < std::min(first + tile, written_.extent); ++i)
      std::memcpy(to_ + to + i, from_ + 4 * (from + i * written_.from), 4);
  }

  const std::byte* from_;
  float* to_;
  std::vector<Axis> axes_;
  Axis read_, written_;
};

}  // namespace

Expected<Constant> permuted(const Weight& weight, const std::vector<int64_t>& order) {
  std::vector<float> result(static_cast<size_t>(weight.shape.elements()));
  if (weight.dtype == DType::f32) {
    ENSURE(weight.data.bytes().size() == result.size() * 4, "the weight ", quoted(weight.path),
           " has another number of bytes than its shape says");
    if (!result.empty())
      Mover(weight.data.bytes().data(), result.data(), weight.shape, order).move();
    return Constant::of(std::move(result));
  }
  std::vector<float> source = TRY(as_floats(weight));
  auto bytes = std::as_bytes(std::span(source));
  if (!result.empty()) Mover(bytes.data(), result.data(), weight.shape, order).move();
  return Constant::of(std::move(result));
}

}  // namespace wherry::keras
