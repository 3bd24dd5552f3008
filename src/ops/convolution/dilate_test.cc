// Tests of DILATE.
#include "ops/convolution/dilate.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Expected<std::vector<Tensor>> dilated(std::vector<int32_t> dilations) {
  return run_op(op::dilate, Attributes::defaults(op::dilate_attributes),
                {fed<int32_t>({2, 2}, {1, 2, 3, 4}), constant<int32_t>({2}, std::move(dilations)),
                 constant<int32_t>(Shape{}, {9})},
                {type_of(DType::i32, {})});
}

TEST(Dilate, SpreadsElementsApart) {
  auto y = dilated({1, 3});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ((*y)[0].type.shape, (Shape{2, 4}));
  EXPECT_EQ(elements<int32_t>((*y)[0]), (std::vector<int32_t>{1, 9, 9, 2, 3, 9, 9, 4}));
}

TEST(Dilate, RejectsDilationsBelowOne) {
  EXPECT_NE(problem(dilated({0, 1})).find("1 or more"), std::string::npos);
}

}  // namespace
}  // namespace wherry
