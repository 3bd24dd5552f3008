// Tests of the random operators: streams that follow from seeds, their distributions, refusals.
#include <algorithm>
#include <cmath>

#include "ops/op_test.h"
#include "ops/random/counter_hash.h"
#include "ops/random/multinomial.h"
#include "ops/random/random_numbers.h"
#include "ops/random/rng_bit_generator.h"

namespace wherry {
namespace {

using namespace test;

Outputs draw(const OpDef& op, op::RandomSeeds seeds, std::vector<int32_t> shape, int runs = 1) {
  auto rank = static_cast<int64_t>(shape.size());
  return run_op(op, Attributes::of(op::random_attributes, seeds),
                {fed<int32_t>({rank}, std::move(shape))}, {declared(DType::f32)}, runs);
}

std::vector<float> numbers(const OpDef& op, op::RandomSeeds seeds, int32_t count, int runs = 1) {
  Outputs y = draw(op, seeds, {count}, runs);
  EXPECT_TRUE(y) << problem(y);
  return y ? elements<float>((*y)[0]) : std::vector<float>();
}

TEST(RandomNumbers, FollowFromTheSeeds) {
  std::array<uint32_t, 4> words = philox({7, 0}, {0, 0, 9, 0});
  std::vector<float> expected;
  for (uint32_t word : words) expected.push_back(unit_float(word));
  EXPECT_EQ(numbers(op::random_uniform, {7, 9}, 4), expected);
  EXPECT_EQ(numbers(op::random_uniform, {7, 9}, 3),
            std::vector<float>(expected.begin(), expected.end() - 1));
  EXPECT_NE(numbers(op::random_uniform, {8, 9}, 4), expected);
}

TEST(RandomNumbers, GoOnFromRunToRun) {
  std::vector<float> both = numbers(op::random_uniform, {7, 9}, 8);
  EXPECT_EQ(numbers(op::random_uniform, {7, 9}, 4, 2),
            std::vector<float>(both.begin() + 4, both.end()));
}

TEST(RandomNumbers, DifferEachTimeWithoutSeeds) {
  EXPECT_NE(numbers(op::random_uniform, {}, 8), numbers(op::random_uniform, {}, 8));
}

TEST(RandomNumbers, HaveTheMomentsOfTheirDistribution) {
  struct Case {
    const OpDef& op;
    double mean, variance;
  };
  for (const Case& row :
       {Case{op::random_uniform, 0.5, 1.0 / 12}, Case{op::random_standard_normal, 0, 1}}) {
    std::vector<float> all = numbers(row.op, {3, 5}, 40000);
    double sum = 0, squares = 0;
    for (float x : all) sum += double{x}, squares += double{x} * double{x};
    double count = static_cast<double>(all.size()), mean = sum / count;
    EXPECT_NEAR(mean, row.mean, 0.02) << row.op.name;
    EXPECT_NEAR(squares / count - mean * mean, row.variance, 0.02) << row.op.name;
  }
}

TEST(RandomNumbers, RejectShapesThatAreNone) {
  expect_problem(draw(op::random_uniform, {}, {2, -1}), "-1");
  expect_problem(draw(op::random_uniform, {}, {1 << 30, 1 << 30, 1 << 30}), "overflows");
  expect_problem(run_op(op::random_uniform, Attributes::defaults(op::random_attributes),
                        {fed<int32_t>({1, 1}, {3})}, {declared(DType::f32)}),
                 "RANDOM_UNIFORM needs a shape as a vector");
}

Outputs classes(op::RandomSeeds seeds, Shape shape, std::vector<float> logits, int32_t draws,
                int runs = 1) {
  return run_op(op::multinomial, Attributes::of(op::random_attributes, seeds),
                {fed<float>(std::move(shape), std::move(logits)), fed<int32_t>(Shape(), {draws})},
                {declared(DType::i32)}, runs);
}

TEST(Multinomial, DrawsClassesByTheirOdds) {
  Outputs y = classes({3, 5}, {2, 3}, {0, -INFINITY, std::log(3.0f), 5, -90, -90}, 4000);
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ((*y)[0].type.shape, Shape({2, 4000}));
  std::vector<int32_t> all = elements<int32_t>((*y)[0]);
  EXPECT_NEAR(std::count(all.begin(), all.begin() + 4000, 0) / 4000.0, 0.25, 0.03);
  EXPECT_EQ(std::count(all.begin(), all.begin() + 4000, 1), 0);
  EXPECT_EQ(std::count(all.begin() + 4000, all.end(), 0), 4000);
}

TEST(Multinomial, FollowsFromTheSeedsAndGoesOn) {
  auto draws = [](int runs) {
    return elements<int32_t>(classes({3, 5}, {1, 4}, {0, 0, 0, 0}, 32, runs).value()[0]);
  };
  EXPECT_EQ(draws(1), draws(1));
  EXPECT_NE(draws(1), draws(2));
}

TEST(Multinomial, RejectsRowsWithoutClassesAndNegativeCounts) {
  expect_problem(classes({}, {1, 0}, {}, 1), "MULTINOMIAL needs logits [rows, classes]");
  expect_problem(classes({}, {2}, {1, 2}, 1), "MULTINOMIAL needs logits [rows, classes]");
  expect_problem(classes({}, {1, 1}, {1}, -1), "MULTINOMIAL cannot draw -1 times");
}

Outputs bits(op::RngAlgorithm algorithm, std::vector<uint64_t> state, TensorType type) {
  auto extent = static_cast<int64_t>(state.size());
  return run_op(op::rng_bit_generator,
                Attributes::of(op::rng_bit_generator_attributes, op::RngBitGenerator{algorithm}),
                {fed<uint64_t>({extent}, std::move(state))},
                {declared(DType::u64), std::move(type)});
}

TEST(RngBitGenerator, CountsThroughPhilox) {
  const uint64_t key = 0x0000000200000001;
  Outputs y = bits(op::RngAlgorithm::philox, {key, 0xffffffff, 5}, type_of(DType::u32, {6}));
  std::array<uint32_t, 4> first = philox({1, 2}, {0xffffffff, 0, 5, 0}),
                          second = philox({1, 2}, {0, 1, 5, 0});
  expect_output<uint64_t>(y, {3}, {key, 0x100000001, 5}, 0);
  expect_output<uint32_t>(y, {6}, {first[0], first[1], first[2], first[3], second[0], second[1]},
                          1);
  first = philox({1, 2}, {0, 0, 1, 2});
  y = bits(op::RngAlgorithm::standard, {key, 0}, type_of(DType::u32, {1}));
  expect_output<uint32_t>(y, {1}, {first[0]}, 1);
}

TEST(RngBitGenerator, CountsThroughThreefry) {
  Outputs y = bits(op::RngAlgorithm::threefry, {9, 3}, type_of(DType::u64, {1}));
  std::array<uint32_t, 2> words = threefry({9, 0}, {3, 0});
  expect_output<uint64_t>(y, {2}, {9, 4}, 0);
  expect_output<uint64_t>(y, {1}, {words[0] | static_cast<uint64_t>(words[1]) << 32}, 1);
}

TEST(RngBitGenerator, RejectsStatesAndAlgorithms) {
  expect_problem(bits(op::RngAlgorithm::threefry, {1, 2, 3}, type_of(DType::u32, {1})),
                 "cannot use a state of shape [3]");
  expect_problem(bits(op::RngAlgorithm::philox, {1}, type_of(DType::u32, {1})),
                 "cannot use a state of shape [1]");
  expect_problem(bits(static_cast<op::RngAlgorithm>(7), {1, 2}, type_of(DType::u32, {1})),
                 "has no algorithm 7");
}

}  // namespace
}  // namespace wherry
