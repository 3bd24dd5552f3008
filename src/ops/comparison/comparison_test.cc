// Tests of the comparisons, of SELECT and of the combinations of truths.
#include "ops/comparison/comparison.h"

#include <limits>

#include "ops/comparison/logical.h"
#include "ops/comparison/select.h"
#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

using Truths = std::vector<uint8_t>;

Operand truths(Shape shape, Truths elements) {
  return fed<uint8_t>(type_of(DType::boolean, std::move(shape)), std::move(elements));
}

Outputs compare(const OpDef& op, Operand a, Operand b) {
  return run_op(op, Attributes::defaults(*op.attributes), {std::move(a), std::move(b)},
                {declared(DType::boolean)});
}

struct Case {
  const OpDef& op;
  Truths below_equal_above;  ///< 1, 2 and 3 against 2
  uint8_t of_nan;
};
const Case cases[] = {
    {op::equal, {0, 1, 0}, 0},   {op::not_equal, {1, 0, 1}, 1},
    {op::less, {1, 0, 0}, 0},    {op::less_equal, {1, 1, 0}, 0},
    {op::greater, {0, 0, 1}, 0}, {op::greater_equal, {0, 1, 1}, 0},
};

template <class T>
void expect_relations() {
  for (const Case& row : cases) {
    SCOPED_TRACE(row.op.name);
    expect_output<uint8_t>(compare(row.op, fed<T>({3}, {T(1), T(2), T(3)}), fed<T>({1}, {T(2)})),
                           {3}, row.below_equal_above);
  }
}

TEST(Comparison, HoldsForEachRelationAndType) {
  expect_relations<float>();
  expect_relations<half>();
  expect_relations<int16_t>();
  expect_relations<int32_t>();
  expect_relations<int64_t>();
  expect_relations<uint8_t>();
}

TEST(Comparison, EveryByteButZeroIsTheSameTruth) {
  Operand a = truths({4}, {232, 0, 1, 2}), b = truths({4}, {1, 0, 0, 64});
  expect_output<uint8_t>(compare(op::equal, a, b), {4}, {1, 1, 0, 1});
  expect_output<uint8_t>(compare(op::not_equal, a, b), {4}, {0, 0, 1, 0});
}

TEST(Comparison, NoNumberComparesWithNaN) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const Case& row : cases) {
    expect_output<uint8_t>(compare(row.op, fed<float>({2}, {nan, 1}), fed<float>({1}, {nan})), {2},
                           {row.of_nan, row.of_nan});
  }
}

TEST(Comparison, LooksAtRealValuesOfBytesInStepsOf256) {
  auto byte = [](float scale, int8_t stored) {
    return fed<int8_t>(type_of(DType::i8, {1}, scale, 0), {stored});
  };
  expect_output<uint8_t>(compare(op::less, byte(0.5f, 3), byte(0.25f, 7)), {1}, {1});
  expect_output<uint8_t>(compare(op::equal, byte(0.5f, 3), byte(0.25f, 6)), {1}, {1});
  expect_output<uint8_t>(compare(op::equal, byte(0.001f, 1), byte(0.001f, 0)), {1}, {1});
  expect_output<uint8_t>(compare(op::greater, byte(2, 100), byte(4, 49)), {1}, {1});
}

TEST(Comparison, LooksAtRealValuesOfInt16ForEqualityOnly) {
  auto word = [](float scale, int16_t stored) {
    return fed<int16_t>(type_of(DType::i16, {1}, scale, 0), {stored});
  };
  expect_output<uint8_t>(compare(op::equal, word(0.5f, 300), word(0.25f, 600)), {1}, {1});
  expect_output<uint8_t>(compare(op::not_equal, word(0.5f, 300), word(0.25f, 300)), {1}, {1});
  expect_output<uint8_t>(compare(op::less, word(0.5f, 300), word(0.25f, 301)), {1}, {1});
}

TEST(Comparison, ComparesStringsAndTruthsForEquality) {
  expect_output<uint8_t>(compare(op::equal, fed_strings({2}, {"ab", ""}), fed_strings({1}, {"ab"})),
                         {2}, {1, 0});
  expect_output<uint8_t>(compare(op::not_equal, truths({2}, {0, 1}), truths({1}, {1})), {2},
                         {1, 0});
}

TEST(Comparison, RejectsDifferentTypesAndUnorderedOnes) {
  expect_problem(compare(op::less, fed<float>({1}, {1}), fed<int32_t>({1}, {1})),
                 "LESS needs inputs of one type, got f32 and i32");
  expect_problem(compare(op::greater, truths({1}, {1}), truths({1}, {1})),
                 "GREATER does not support input 0 (a) of type bool");
  expect_problem(compare(op::equal, fed<float>({2}, {1, 2}), fed<float>({3}, {1, 2, 3})),
                 "[2] and [3]");
}

TEST(Logical, CombinesTruthsOverBroadcastShapes) {
  expect_output<uint8_t>(compare(op::logical_and, truths({2, 1}, {0, 1}), truths({2}, {0, 1})),
                         {2, 2}, {0, 0, 0, 1});
  expect_output<uint8_t>(compare(op::logical_or, truths({2, 1}, {0, 1}), truths({2}, {0, 1})),
                         {2, 2}, {0, 1, 1, 1});
  expect_output<uint8_t>(run_op(op::logical_not, Attributes::defaults(op::logical_attributes[2]),
                                {truths({3}, {0, 1, 1})}, {declared(DType::boolean)}),
                         {3}, {1, 0, 0});
}

TEST(Logical, GivesPlainTruthsForBytesOtherThan0And1) {
  expect_output<uint8_t>(compare(op::logical_and, truths({1}, {2}), truths({1}, {4})), {1}, {1});
  expect_output<uint8_t>(compare(op::logical_or, truths({1}, {0}), truths({1}, {255})), {1}, {1});
}

TEST(Logical, RejectsNumbers) {
  expect_problem(compare(op::logical_and, fed<int32_t>({1}, {1}), fed<int32_t>({1}, {1})),
                 "LOGICAL_AND does not support input 0 (a) of type i32");
}

Outputs choose(const OpDef& op, Operand condition, Shape a, Shape b) {
  auto filled = [](const Shape& shape, int32_t first) {
    std::vector<int32_t> elements;
    for (int32_t i = 0; i < shape.elements(); ++i) elements.push_back(first + i);
    return fed<int32_t>(shape, elements);
  };
  return run_op(op, Attributes::defaults(*op.attributes),
                {std::move(condition), filled(a, 1), filled(b, 11)}, {declared(DType::i32)});
}

TEST(Select, TakesOneConditionPerElementPerRowOrForAll) {
  expect_output<int32_t>(choose(op::select, truths({2, 2}, {1, 0, 0, 1}), {2, 2}, {2, 2}), {2, 2},
                         {1, 12, 13, 4});
  expect_output<int32_t>(choose(op::select, truths({2}, {0, 1}), {2, 2}, {2, 2}), {2, 2},
                         {11, 12, 3, 4});
  expect_output<int32_t>(choose(op::select, truths(Shape(), {1}), {2}, {2}), {2}, {1, 2});
}

TEST(SelectV2, BroadcastsAllThree) {
  expect_output<int32_t>(choose(op::select_v2, truths({2, 1}, {1, 0}), {2}, Shape()), {2, 2},
                         {1, 2, 11, 11});
}

TEST(Select, RejectsShapesAndTypesThatDoNotFit) {
  expect_problem(choose(op::select, truths({3}, {1, 0, 0}), {2, 2}, {2, 2}),
                 "SELECT needs a and b of one shape");
  expect_problem(choose(op::select, truths({2}, {1, 0}), {2}, {1}),
                 "SELECT needs a and b of one shape");
  expect_problem(choose(op::select_v2, truths({3}, {1, 0, 0}), {2}, {2}), "[3] and [2]");
  expect_problem(run_op(op::select_v2, Attributes::defaults(op::select_v2_attributes),
                        {truths({1}, {1}), fed<float>({1}, {1}), fed<int32_t>({1}, {1})},
                        {declared(DType::f32)}),
                 "SELECT_V2 needs a and b of one type, got f32 and i32");
}

}  // namespace
}  // namespace wherry
