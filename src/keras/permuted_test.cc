// Every element arrives where the order of axes sends it.
#include "keras/permuted.h"

#include <gtest/gtest.h>

#include <cstring>
#include <numeric>

namespace wherry::keras {
namespace {

void expect_moved(const Shape& shape, const std::vector<int64_t>& order) {
  std::vector<float> elements(static_cast<size_t>(shape.elements()));
  std::iota(elements.begin(), elements.end(), 1.0f);
  // One byte further than floats may stand, as in files.
  std::vector<std::byte> bytes(elements.size() * 4 + 1);
  std::memcpy(bytes.data() + 1, elements.data(), elements.size() * 4);
  auto held = std::make_shared<std::vector<std::byte>>(std::move(bytes));
  Weight weight{.path = "w", .shape = shape};
  weight.data = Constant(held, std::span<const std::byte>(*held).subspan(1));
  auto moved = permuted(weight, order);
  ASSERT_TRUE(moved) << moved.error().text();
  std::vector<float> result(elements.size());
  std::memcpy(result.data(), moved->bytes().data(), moved->bytes().size());
  std::vector<int64_t> at(order.size(), 0);
  for (float element : result) {
    int64_t from = 0;
    for (size_t i = 0; i < order.size(); ++i)
      from += at[i] * shape.product(static_cast<int>(order[i]) + 1, shape.rank());
    ASSERT_EQ(element, elements[static_cast<size_t>(from)]);
    for (size_t i = order.size(); i-- > 0;) {
      if (++at[i] < shape[static_cast<int>(order[i])]) break;
      at[i] = 0;
    }
  }
}

TEST(PermutedWeights, ConvolutionsPutTheirOutputsFirst) {
  expect_moved({3, 2, 37, 50}, {3, 0, 1, 2});
}

TEST(PermutedWeights, MatricesAreTransposed) { expect_moved({17, 33}, {1, 0}); }

TEST(PermutedWeights, ALastAxisMayStayLast) { expect_moved({3, 4, 5}, {1, 0, 2}); }

TEST(PermutedWeights, AxesOfOneElementMayStandAnywhere) {
  expect_moved({1, 5, 1, 3}, {3, 2, 0, 1});
  expect_moved({1, 1}, {1, 0});
}

TEST(PermutedWeights, LargeOnesAreMadeInParts) {
  expect_moved({3, 3, 130, 301}, {3, 0, 1, 2});
  expect_moved({700, 601}, {1, 0});
}

TEST(PermutedWeights, ThreeAxesMayTurnRound) { expect_moved({20, 18, 19}, {2, 1, 0}); }

}  // namespace
}  // namespace wherry::keras
