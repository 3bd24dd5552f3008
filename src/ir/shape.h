// The extents of a tensor, outermost dimension first.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "base/error.h"

namespace wherry {

/// Extents are >= 0 in a concrete shape; -1 stands for "unknown" in a signature shape.
class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<int64_t> dims) : dims_(dims) {}
  explicit Shape(std::vector<int64_t> dims) : dims_(std::move(dims)) {}
  template <class T>
  explicit Shape(std::span<const T> dims) : dims_(dims.begin(), dims.end()) {}

  int rank() const { return static_cast<int>(dims_.size()); }
  int64_t operator[](int axis) const { return dims_[static_cast<size_t>(axis)]; }
  int64_t& operator[](int axis) { return dims_[static_cast<size_t>(axis)]; }
  int64_t back() const { return dims_.back(); }
  auto begin() const { return dims_.begin(); }
  auto end() const { return dims_.end(); }
  auto begin() { return dims_.begin(); }
  auto end() { return dims_.end(); }
  const std::vector<int64_t>& dims() const { return dims_; }
  void push_back(int64_t extent) { dims_.push_back(extent); }
  void insert(int axis, int64_t extent) { dims_.insert(dims_.begin() + axis, extent); }
  void erase(int axis) { dims_.erase(dims_.begin() + axis); }
  void resize(int rank, int64_t extent = 1) { dims_.resize(static_cast<size_t>(rank), extent); }

  /// Number of elements; only for shapes already checked with checked_elements().
  int64_t elements() const { return product(0, rank()); }
  /// Product of the extents of the axes [first, last); only for checked shapes.
  int64_t product(int first, int last) const {
    int64_t count = 1;
    for (int axis = first; axis < last; ++axis) count *= dims_[static_cast<size_t>(axis)];
    return count;
  }
  /// Number of elements, or an error for negative extents and overflow (also of zero-sized tensors'
  /// partial products, so that later products of some axes are safe too).
  Expected<int64_t> checked_elements() const;
  bool operator==(const Shape&) const = default;

 private:
  std::vector<int64_t> dims_;
};

/// An axis from a file: negative counts from the end; out of range is an error that names `what`.
Expected<int> resolve_axis(int64_t axis, int rank, std::string_view what = "axis");

}  // namespace wherry
