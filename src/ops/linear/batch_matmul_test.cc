// Tests of BATCH_MATMUL.
#include "ops/linear/batch_matmul.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Expected<std::vector<Tensor>> product(op::BatchMatMul attributes, Operand x, Operand y) {
  return run_op(op::batch_matmul, Attributes::of(op::batch_matmul_attributes, attributes),
                {std::move(x), std::move(y)}, {type_of(DType::f32, {})});
}

TEST(BatchMatMul, TransposesEitherMatrix) {
  Operand row = fed<float>({1, 2}, {1, 2}), column = fed<float>({2, 1}, {10, 100});
  for (op::BatchMatMul attributes :
       {op::BatchMatMul{}, op::BatchMatMul{.adj_x = true, .adj_y = true}}) {
    bool turned = attributes.adj_x;
    auto z = product(attributes, turned ? fed<float>({2, 1}, {1, 2}) : row,
                     turned ? fed<float>({1, 2}, {10, 100}) : column);
    ASSERT_TRUE(z) << problem(z);
    EXPECT_EQ(elements<float>((*z)[0]), (std::vector<float>{210}));
  }
}

TEST(BatchMatMul, BatchAxesBroadcast) {
  auto z = product({}, fed<float>({2, 1, 1, 1}, {2, 3}), fed<float>({3, 1, 1}, {1, 10, 100}));
  ASSERT_TRUE(z) << problem(z);
  EXPECT_EQ((*z)[0].type.shape, (Shape{2, 3, 1, 1}));
  EXPECT_EQ(elements<float>((*z)[0]), (std::vector<float>{2, 20, 200, 3, 30, 300}));
}

TEST(BatchMatMul, RejectsInnerExtentsThatDiffer) {
  auto z = product({}, fed<float>({1, 2}, {1, 2}), fed<float>({3, 1}, {1, 2, 3}));
  EXPECT_NE(problem(z).find("cannot multiply"), std::string::npos) << problem(z);
}

}  // namespace
}  // namespace wherry
