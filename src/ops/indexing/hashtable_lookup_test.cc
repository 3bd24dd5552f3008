// Tests of HASHTABLE_LOOKUP.
#include "ops/indexing/hashtable_lookup.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

TEST(HashtableLookup, TakesRowsByKey) {
  auto y = run_op(
      op::hashtable_lookup, no_options(),
      {fed<int32_t>({3}, {7, 1, 9}), fed<int32_t>({2}, {7, 9}), fed<float>({2, 2}, {1, 2, 3, 4})},
      {declared(DType::f32), declared(DType::u8)});
  expect_output<float>(y, {3, 2}, {1, 2, 0, 0, 3, 4}, 0);
  expect_output<uint8_t>(y, {3}, {1, 0, 1}, 1);
}

TEST(HashtableLookup, RejectsKeysWithoutRows) {
  auto y = run_op(op::hashtable_lookup, no_options(),
                  {fed<int32_t>({1}, {7}), fed<int32_t>({3}, {7, 8, 9}), fed<float>({2}, {1, 2})},
                  {declared(DType::f32), declared(DType::u8)});
  expect_problem(y, "HASHTABLE_LOOKUP cannot use");
}

}  // namespace
}  // namespace wherry
