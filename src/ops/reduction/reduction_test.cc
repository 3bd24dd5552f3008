// Tests of the reductions: what each makes of rows and columns, of quantised elements, of nothing.
#include <cmath>
#include <limits>

#include "ops/op_test.h"
#include "ops/reduction/mean.h"
#include "ops/reduction/reduce.h"
#include "ops/reduction/reduce_prod.h"
#include "ops/reduction/sum.h"

namespace wherry {
namespace {

using namespace test;

Outputs reduce(const OpDef& op, Operand x, std::vector<int32_t> axes, TensorType y,
               bool keep_dims = false) {
  auto count = static_cast<int64_t>(axes.size());
  return run_op(op, Attributes::of(op::reducer_attributes, op::Reducer{.keep_dims = keep_dims}),
                {std::move(x), constant<int32_t>({count}, std::move(axes))}, {std::move(y)});
}

struct Case {
  const OpDef& op;
  std::vector<float> rows, columns;  ///< of {{1, 2, 3}, {4, 5, -6}}
  float of_nothing;
};
const Case cases[] = {
    {op::sum, {6, 3}, {5, 7, -3}, 0},
    {op::mean, {2, 1}, {2.5f, 3.5f, -1.5f}, std::numeric_limits<float>::quiet_NaN()},
    {op::reduce_prod, {6, -120}, {4, 10, -18}, 1},
    {op::reduce_max, {3, 5}, {4, 5, 3}, -std::numeric_limits<float>::infinity()},
    {op::reduce_min, {1, -6}, {1, 2, -6}, std::numeric_limits<float>::infinity()},
};

TEST(Reduction, WorksAlongRowsAndColumns) {
  const Operand x = fed<float>({2, 3}, {1, 2, 3, 4, 5, -6});
  for (const Case& row : cases) {
    SCOPED_TRACE(row.op.name);
    expect_output<float>(reduce(row.op, x, {1}, declared(DType::f32)), {2}, row.rows);
    expect_output<float>(reduce(row.op, x, {-2}, declared(DType::f32), true), {1, 3}, row.columns);
    expect_output<float>(reduce(row.op, x, {}, declared(DType::f32)), {2, 3}, {1, 2, 3, 4, 5, -6});
  }
}

TEST(Reduction, OfNoElementsGivesTheNeutralOne) {
  for (const Case& row : cases) {
    SCOPED_TRACE(row.op.name);
    Outputs y = reduce(row.op, fed<float>({0, 1}, {}), {0}, declared(DType::f32));
    ASSERT_TRUE(y) << problem(y);
    float got = elements<float>((*y)[0])[0];
    EXPECT_TRUE(got == row.of_nothing || (std::isnan(got) && std::isnan(row.of_nothing))) << got;
  }
}

TEST(Reduction, NamesAnAxisTwiceWithoutHarm) {
  expect_output<float>(
      reduce(op::sum, fed<float>({2, 2}, {1, 2, 3, 4}), {0, -2, 0}, declared(DType::f32)), {2},
      {4, 6});
}

TEST(Reduction, IntegersAreExactAndWrap) {
  expect_output<int64_t>(
      reduce(op::sum, fed<int64_t>({2}, {int64_t{1} << 60, 3}), {0}, declared(DType::i64)), {},
      {(int64_t{1} << 60) + 3});
  expect_output<int32_t>(
      reduce(op::sum, fed<int32_t>({2}, {INT32_MAX, 1}), {0}, declared(DType::i32)), {},
      {INT32_MIN});
  expect_output<int32_t>(reduce(op::mean, fed<int32_t>({2}, {-3, -4}), {0}, declared(DType::i32)),
                         {}, {-3});
  expect_output<int32_t>(
      reduce(op::reduce_prod, fed<int32_t>({2}, {1 << 30, 4}), {0}, declared(DType::i32)), {}, {0});
}

TEST(Reduction, RescalesQuantisedElements) {
  // 1, 2 and 3 at 0.5 * (stored - 2); results at 0.25 * (stored + 3).
  const Operand x = fed<int8_t>(type_of(DType::i8, {3}, 0.5f, 2), {4, 6, 8});
  const TensorType y = type_of(DType::i8, {}, 0.25f, -3);
  expect_output<int8_t>(reduce(op::sum, x, {0}, y), {}, {21});
  expect_output<int8_t>(reduce(op::mean, x, {0}, y), {}, {5});
  // 6 would be stored as 21: 16 bits of the factor make it one less, as in the stock runtime.
  expect_output<int8_t>(reduce(op::reduce_prod, x, {0}, y), {}, {20});
  expect_output<int8_t>(reduce(op::reduce_max, x, {0}, x.type), {}, {8});
}

TEST(Reduction, StopsAtTheEndsOfTheType) {
  const Operand x = fed<int8_t>(type_of(DType::i8, {2}, 1, 0), {100, 100});
  expect_output<int8_t>(reduce(op::sum, x, {0}, type_of(DType::i8, {}, 1, 0)), {}, {127});
  expect_output<int8_t>(reduce(op::reduce_prod, x, {0}, type_of(DType::i8, {}, 1, 0)), {}, {127});
}

TEST(Reduction, AsksWhetherAnyOrAllAreTrue) {
  const Operand x = fed<uint8_t>(type_of(DType::boolean, {3, 2}), {0, 0, 1, 0, 1, 1});
  expect_output<uint8_t>(reduce(op::reduce_any, x, {1}, declared(DType::boolean)), {3}, {0, 1, 1});
  expect_output<uint8_t>(reduce(op::reduce_all, x, {1}, declared(DType::boolean)), {3}, {0, 0, 1});
}

TEST(Reduction, ExtremaOfTruthsAreAnyAndAll) {
  const Operand x = fed<uint8_t>(type_of(DType::boolean, {3, 2}), {0, 0, 2, 0, 1, 4});
  expect_output<uint8_t>(reduce(op::reduce_max, x, {1}, declared(DType::boolean)), {3}, {0, 1, 1});
  expect_output<uint8_t>(reduce(op::reduce_min, x, {1}, declared(DType::boolean)), {3}, {0, 0, 1});
}

TEST(Reduction, ProductsOfPlainBytesWrap) {
  const Operand x = fed<uint8_t>({3}, {10, 10, 3});
  expect_output<uint8_t>(reduce(op::reduce_prod, x, {0}, declared(DType::u8)), {}, {44});
  const Operand scaled = fed<uint8_t>(type_of(DType::u8, {1}, 0.5f, 0), {1});
  expect_problem(reduce(op::reduce_prod, scaled, {0}, declared(DType::u8)), "is for plain numbers");
}

TEST(Reduction, TakesAxesOfAnyShape) {
  auto y = run_op(op::sum, Attributes::of(op::reducer_attributes, op::Reducer{}),
                  {fed<float>({2, 2}, {1, 2, 3, 4}), constant<int64_t>({1, 1}, {1})},
                  {declared(DType::f32)});
  expect_output<float>(y, {2}, {3, 7});
}

TEST(Reduction, OfMaximaTakesIntegersAsStoredWhateverTheScales) {
  const Operand bytes = fed<int8_t>(type_of(DType::i8, {2}, 0.5f, 0), {1, 5});
  expect_output<int8_t>(reduce(op::reduce_max, bytes, {0}, type_of(DType::i8, {}, 0.25f, 3)), {},
                        {5});
}

TEST(Reduction, RejectsAxesTypesAndScalesThatDoNotFit) {
  const Operand x = fed<float>({2, 2}, {1, 2, 3, 4});
  for (const Case& row : cases) {
    expect_problem(reduce(row.op, x, {2}, declared(DType::f32)), "axis to reduce");
    expect_problem(reduce(row.op, x, {-3}, declared(DType::f32)), "axis to reduce");
  }
  const Operand bytes = fed<int8_t>(type_of(DType::i8, {1}, 0.5f, 0), {1});
  expect_problem(reduce(op::mean, bytes, {0}, declared(DType::i8)), "needs a scale, it has none");
  const Operand words = fed<int16_t>(type_of(DType::i16, {1}, 0.5f, 1), {1});
  expect_problem(reduce(op::reduce_prod, words, {0}, type_of(DType::i16, {}, 0.5f, 0)),
                 "needs the zero point 0, got 1");
}

}  // namespace
}  // namespace wherry
