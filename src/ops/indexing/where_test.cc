// Tests of WHERE.
#include "ops/indexing/where.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

TEST(Where, GivesPositionsOfNonZeroElements) {
  auto y =
      run_op(op::where, no_options(), {fed<float>({2, 2}, {0, 1, NAN, 0})}, {declared(DType::i64)});
  expect_output<int64_t>(y, {2, 2}, {0, 1, 1, 0});
}

TEST(Where, MayFindNothing) {
  auto y = run_op(op::where, no_options(), {fed<int32_t>({3}, {0, 0, 0})}, {declared(DType::i64)});
  expect_output<int64_t>(y, {0, 1}, {});
}

TEST(Where, CountsAScalar) {
  auto y = run_op(op::where, no_options(), {fed<int32_t>(Shape(), {5})}, {declared(DType::i64)});
  expect_output<int64_t>(y, {1, 0}, {});
}

}  // namespace
}  // namespace wherry
