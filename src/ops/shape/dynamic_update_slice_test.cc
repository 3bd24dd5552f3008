// Tests of DYNAMIC_UPDATE_SLICE.
#include "ops/shape/dynamic_update_slice.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs update(std::vector<int64_t> start, Shape shape = {1, 2}) {
  return run_op(op::dynamic_update_slice, no_options(),
                {fed<int32_t>({2, 3}, {1, 2, 3, 4, 5, 6}), fed<int32_t>(shape, {8, 9}),
                 fed<int64_t>({2}, start)},
                {declared(DType::i32)});
}

TEST(DynamicUpdateSlice, MovesTheUpdateInside) {
  expect_output<int32_t>(update({0, 1}), {2, 3}, {1, 8, 9, 4, 5, 6});
  expect_output<int32_t>(update({INT64_MAX, INT64_MIN}), {2, 3}, {1, 2, 3, 8, 9, 6});
}

TEST(DynamicUpdateSlice, RejectsUpdatesThatAreTooLarge) {
  expect_problem(update({0, 0}, {2}), "cannot write the shape [2] into [2, 3]");
}

}  // namespace
}  // namespace wherry
