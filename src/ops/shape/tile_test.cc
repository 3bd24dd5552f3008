// Tests of TILE.
#include "ops/shape/tile.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

TEST(Tile, RepeatsAlongEachAxis) {
  auto y =
      run_op(op::tile, no_options(), {fed<float>({1, 2}, {1, 2}), constant<int64_t>({2}, {2, 2})},
             {declared(DType::f32)});
  expect_output<float>(y, {2, 4}, {1, 2, 1, 2, 1, 2, 1, 2});
}

TEST(Tile, RepeatsElementsOf16Bytes) {
  auto y = run_op(op::tile, no_options(),
                  {fed<std::complex<double>>({1}, {{1, 2}}), constant<int32_t>({1}, {2})},
                  {declared(DType::c128)});
  expect_output<std::complex<double>>(y, {2}, {{1, 2}, {1, 2}});
}

TEST(Tile, RepeatsStrings) {
  auto y =
      run_op(op::tile, no_options(), {fed_strings({2}, {"ab", ""}), constant<int32_t>({1}, {2})},
             {declared(DType::string)});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(strings_in((*y)[0]), (std::vector<std::string>{"ab", "", "ab", ""}));
}

TEST(Tile, RejectsNegativeAndOverflowingMultiples) {
  auto tile = [](int64_t times) {
    return run_op(op::tile, no_options(),
                  {fed<float>({2}, {1, 2}), constant<int64_t>({1}, {times})},
                  {declared(DType::f32)});
  };
  expect_problem(tile(-1), "TILE cannot repeat");
  expect_problem(tile(INT64_MAX), "overflows");
}

}  // namespace
}  // namespace wherry
