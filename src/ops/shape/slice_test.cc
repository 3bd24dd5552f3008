// Tests of SLICE.
#include "ops/shape/slice.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs slice(std::vector<int32_t> begin, std::vector<int32_t> size) {
  return run_op(op::slice, no_options(),
                {fed<int8_t>({2, 3}, {1, 2, 3, 4, 5, 6}), constant<int32_t>({2}, begin),
                 constant<int32_t>({2}, size)},
                {declared(DType::i8)});
}

TEST(Slice, CutsABox) {
  expect_output<int8_t>(slice({0, 1}, {-1, 2}), {2, 2}, {2, 3, 5, 6});
  expect_output<int8_t>(slice({2, 0}, {0, 3}), {0, 3}, {});
}

TEST(Slice, RejectsBoxesThatLeaveTheTensor) {
  expect_problem(slice({0, 2}, {1, 2}), "leaves the tensor");
  expect_problem(slice({-1, 0}, {1, 1}), "leaves the tensor");
  expect_problem(slice({0, 4}, {1, -1}), "leaves the tensor");
  expect_problem(slice({0, 0}, {1, -2}), "leaves the tensor");
}

}  // namespace
}  // namespace wherry
