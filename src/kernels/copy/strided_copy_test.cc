// Boxes copied in any order of axes against plain index arithmetic.
#include "kernels/copy/strided_copy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

/// Transposes a dense tensor by `order` in two parts and compares element by element.
template <class T>
void check_transpose(std::vector<size_t> extents, const std::vector<size_t>& order) {
  const size_t rank = extents.size();
  std::vector<size_t> steps(rank, 1);
  for (size_t i = rank; i-- > 1;) steps[i - 1] = steps[i] * extents[i];
  const size_t total = steps[0] * extents[0];
  std::vector<T> x(total), y(total), expected(total);
  std::iota(x.begin(), x.end(), T{1});
  std::vector<BoxAxis> axes(rank);
  size_t to = 1;
  for (size_t i = rank; i-- > 0;) {
    axes[i] = {extents[order[i]], static_cast<ptrdiff_t>(steps[order[i]] * sizeof(T)),
               static_cast<ptrdiff_t>(to * sizeof(T))};
    to *= extents[order[i]];
  }
  for (size_t i = 0; i < total; ++i) {
    size_t rest = i, from = 0;
    for (size_t k = rank; k-- > 0;) {
      from += rest % extents[order[k]] * steps[order[k]];
      rest /= extents[order[k]];
    }
    expected[i] = x[from];
  }
  const StridedCopy copy(axes.data(), rank, sizeof(T));
  copy.run(x.data(), y.data(), 0, copy.parts() / 2);
  copy.run(x.data(), y.data(), copy.parts() / 2, copy.parts());
  EXPECT_EQ(y, expected);
  EXPECT_EQ(copy.bytes(), total * sizeof(T));
}

TEST(StridedCopy, TransposesEveryOrderOfFourAxes) {
  std::vector<size_t> order{0, 1, 2, 3};
  do {
    check_transpose<uint8_t>({3, 4, 5, 6}, order);
    check_transpose<uint16_t>({2, 1, 17, 3}, order);
    check_transpose<uint32_t>({1, 33, 2, 18}, order);
    check_transpose<uint64_t>({5, 1, 1, 7}, order);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(StridedCopy, ReversesRepeatsAndSkips) {
  const std::vector<uint16_t> x{1, 2, 3, 4, 5, 6};
  std::vector<uint16_t> y(6);
  const BoxAxis reversed[] = {{6, -2, 2}};
  StridedCopy(reversed, 1, 2).run(x.data() + 5, y.data(), 0, 6);
  EXPECT_EQ(y, (std::vector<uint16_t>{6, 5, 4, 3, 2, 1}));
  const BoxAxis repeated[] = {{3, 0, 4}, {2, 2, 2}};
  const StridedCopy repeat(repeated, 2, 2);
  repeat.run(x.data(), y.data(), 0, repeat.parts());
  EXPECT_EQ(y, (std::vector<uint16_t>{1, 2, 1, 2, 1, 2}));
  std::vector<uint16_t> z(7, 9);
  const BoxAxis spread[] = {{3, 4, 4}};
  const StridedCopy skip(spread, 1, 2);
  skip.run(x.data(), z.data(), 0, skip.parts());
  EXPECT_EQ(z, (std::vector<uint16_t>{1, 9, 3, 9, 5, 9, 9}));
}

TEST(StridedCopy, HandlesScalarsAndEmptyBoxes) {
  const uint32_t x = 7;
  uint32_t y = 0;
  const StridedCopy scalar(nullptr, 0, 4);
  scalar.run(&x, &y, 0, scalar.parts());
  EXPECT_EQ(y, 7u);
  const BoxAxis none[] = {{0, 4, 4}, {3, 4, 4}};
  EXPECT_TRUE(StridedCopy(none, 2, 4).empty());
}

}  // namespace
}  // namespace wherry::kernels
