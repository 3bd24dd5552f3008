// Makes dense bytes of a sparse constant, checking every index of its description.
#include <cstring>

#include "base/checked.h"
#include "ir/tensor.h"

namespace wherry {
namespace {

/// Walks the storage levels of a sparse tensor; level k is dimension traversal_order[k], block
/// levels last.
class Densifier {
 public:
  Densifier(const Value& value, std::vector<std::byte>& dense)
      : value_(value), sparsity_(*value.sparsity), dense_(dense) {}

  Status run() {
    TRY(prepare());
    TRY(walk(0, 0));
    return {};
  }

 private:
  Status prepare() {
    const Shape& shape = value_.type.shape;
    int rank = shape.rank();
    size_t levels = sparsity_.traversal_order.size();
    ENSURE(bits_of(value_.type.dtype) % 8 == 0 && bits_of(value_.type.dtype) > 0,
           "a sparse tensor of ", value_.type.dtype, " elements cannot be read");
    ENSURE(levels == sparsity_.dimensions.size() && levels == rank + sparsity_.block_map.size() &&
               levels <= 16,
           "the sparse tensor has ", levels, " storage levels for rank ", rank);
    block_.assign(static_cast<size_t>(rank), 1);
    position_.assign(levels, 0);
    std::vector<bool> seen(levels, false);
    for (int32_t level : sparsity_.traversal_order) {
      ENSURE(level >= 0 && static_cast<size_t>(level) < levels && !seen[static_cast<size_t>(level)],
             "the traversal order ", sparsity_.traversal_order, " is no permutation");
      seen[static_cast<size_t>(level)] = true;
    }
    for (size_t b = 0; b < sparsity_.block_map.size(); ++b) {
      int32_t axis = sparsity_.block_map[b];
      ENSURE(axis >= 0 && axis < rank, "the block map names axis ", axis, " of a tensor of rank ",
             rank);
      TRY(note_block(b, static_cast<size_t>(axis)));
    }
    for (size_t k = 0; k < levels; ++k) TRY(check_dense_size(k));
    element_bytes_ = static_cast<size_t>(bits_of(value_.type.dtype) / 8);
    return {};
  }

  Status note_block(size_t b, size_t axis) {
    for (size_t k = 0; k < sparsity_.dimensions.size(); ++k) {
      if (static_cast<size_t>(sparsity_.traversal_order[k]) != block_.size() + b) continue;
      const Sparsity::Dimension& dimension = sparsity_.dimensions[k];
      ENSURE(!dimension.compressed && dimension.dense_size > 0,
             "a block dimension must be dense and not empty");
      block_[axis] = dimension.dense_size;
    }
    return {};
  }

  /// A dense level is no longer than its axis: so the walk is no longer than the dense tensor.
  Status check_dense_size(size_t k) const {
    const Sparsity::Dimension& dimension = sparsity_.dimensions[k];
    size_t level = static_cast<size_t>(sparsity_.traversal_order[k]), rank = block_.size();
    size_t axis = level < rank ? level : static_cast<size_t>(sparsity_.block_map[level - rank]);
    int64_t extent = value_.type.shape[static_cast<int>(axis)];
    ENSURE(dimension.compressed || (dimension.dense_size >= 0 && dimension.dense_size <= extent),
           "a dense level of the sparse tensor has the size ", dimension.dense_size, ", its axis ",
           extent);
    return {};
  }

  Status walk(size_t level, int64_t parent) {
    if (level == sparsity_.dimensions.size()) return store(parent);
    const Sparsity::Dimension& dimension = sparsity_.dimensions[level];
    size_t axis = static_cast<size_t>(sparsity_.traversal_order[level]);
    if (!dimension.compressed) {
      int64_t first = TRY(checked_multiply(parent, dimension.dense_size));
      TRY(checked_add(first, dimension.dense_size));
      for (int32_t i = 0; i < dimension.dense_size; ++i) {
        position_[axis] = i;
        TRY(walk(level + 1, first + i));
      }
      return {};
    }
    ENSURE(parent >= 0 && parent + 1 < static_cast<int64_t>(dimension.segments.size()),
           "the sparse tensor's segments end early");
    int32_t first = dimension.segments[static_cast<size_t>(parent)],
            last = dimension.segments[static_cast<size_t>(parent + 1)];
    ENSURE(first >= 0 && first <= last && static_cast<size_t>(last) <= dimension.indices.size(),
           "the sparse tensor's segment ", first, "..", last, " lies outside its ",
           dimension.indices.size(), " indices");
    for (int32_t i = first; i < last; ++i) {
      position_[axis] = dimension.indices[static_cast<size_t>(i)];
      TRY(walk(level + 1, i));
    }
    return {};
  }

  Status store(int64_t stored) {
    const Shape& shape = value_.type.shape;
    size_t rank = block_.size();
    int64_t flat = 0;
    for (size_t axis = 0; axis < rank; ++axis) {
      int64_t index = position_[axis] * block_[axis];
      for (size_t b = 0; b < sparsity_.block_map.size(); ++b) {
        if (static_cast<size_t>(sparsity_.block_map[b]) == axis) index += position_[rank + b];
      }
      int64_t extent = shape[static_cast<int>(axis)];
      ENSURE(index >= 0 && index < extent, "a sparse index ", index, " lies outside the extent ",
             extent);
      flat = flat * extent + index;
    }
    size_t source = static_cast<size_t>(stored) * element_bytes_;
    ENSURE(stored >= 0 && fits(source, element_bytes_, value_.constant.size()),
           "the sparse tensor stores fewer values than it names");
    std::memcpy(dense_.data() + static_cast<size_t>(flat) * element_bytes_,
                value_.constant.bytes().data() + source, element_bytes_);
    return {};
  }

  const Value& value_;
  const Sparsity& sparsity_;
  std::vector<std::byte>& dense_;
  std::vector<int64_t> block_, position_;
  size_t element_bytes_ = 1;
};

}  // namespace

Expected<Constant> dense_constant(const Value& value) {
  int64_t bytes = TRY(byte_size(value.type.dtype, TRY(value.type.shape.checked_elements())));
  if (!value.sparsity) {
    ENSURE(
        value.type.dtype == DType::string || static_cast<int64_t>(value.constant.size()) == bytes,
        "the constant ", quoted(value.name), " has ", value.constant.size(), " bytes, its type ",
        text_of(value.type), " needs ", bytes);
    return value.constant.at_hand();
  }
  // A sparse file of n bytes can name a far larger dense tensor; real ones are at most 99.99 %
  // empty.
  int64_t limit = static_cast<int64_t>(value.constant.size() + 4096) * 10000;
  ENSURE_CODE(ErrorCode::too_large, bytes <= limit, "the sparse constant ", quoted(value.name),
              " would need ", bytes, " bytes");
  std::vector<std::byte> dense(static_cast<size_t>(bytes));
  TRY(Densifier(value, dense).run());
  return Constant::of(std::move(dense));
}

}  // namespace wherry
