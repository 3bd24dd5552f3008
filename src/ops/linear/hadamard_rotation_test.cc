// Tests of aeq.hadamard_rotation.
#include "ops/linear/hadamard_rotation.h"

#include "ops/custom_options_test.h"
#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs rotate(int64_t size, std::vector<int64_t> signs, Shape shape, std::vector<float> x) {
  Attributes options = custom_options([&](flexbuffers::Builder& map) {
    map.Int("hadamard_size", size);
    map.Vector("random_binary_vector", [&] {
      for (int64_t sign : signs) map.Int(sign);
    });
  });
  return run_op(op::hadamard_rotation, std::move(options),
                {fed<float>(std::move(shape), std::move(x))}, {declared(DType::f32)});
}

TEST(HadamardRotation, MultipliesEachRun) {
  // Rows of the matrix of size 4: ++++ +-+- ++-- +--+, each halved.
  expect_output<float>(rotate(4, {1, 1, 1, 1}, {1, 8}, {1, 2, 3, 4, 2, 0, 0, 0}), {1, 8},
                       {5, -1, -2, 0, 1, 1, 1, 1});
}

TEST(HadamardRotation, TwiceIsNothing) {
  std::vector<float> x = {3, 1, -4, 1, 5, -9, 2, 6};
  Outputs once = rotate(4, {1, 1, 1, 1}, {8}, x);
  ASSERT_TRUE(once) << problem(once);
  expect_output<float>(rotate(4, {1, 1, 1, 1}, {8}, elements<float>((*once)[0])), {8}, x);
}

TEST(HadamardRotation, RejectsSizesAndSigns) {
  expect_problem(rotate(3, {1, 1, 1}, {3}, {1, 2, 3}), "a power of two, got 3");
  expect_problem(rotate(0, {}, {3}, {1, 2, 3}), "a power of two, got 0");
  expect_problem(rotate(2, {1, 1}, {3}, {1, 2, 3}), "of size 2 does not divide the last axis");
  expect_problem(rotate(2, {1, -1}, {2}, {1, 2}), "random_binary_vector of ones only");
}

}  // namespace
}  // namespace wherry
