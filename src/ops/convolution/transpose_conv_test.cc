// Tests of TRANSPOSE_CONV.
#include "ops/convolution/transpose_conv.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Expected<std::vector<Tensor>> enlarge(std::vector<int32_t> shape) {
  op::TransposeConv attributes{.padding = Padding::valid, .stride_w = 2, .stride_h = 1};
  return run_op(op::transpose_conv, Attributes::of(op::transpose_conv_attributes, attributes),
                {constant<int32_t>({4}, std::move(shape)),
                 constant<float>({1, 1, 3, 1}, {1, 10, 100}), fed<float>({1, 1, 2, 1}, {1, 2})},
                {type_of(DType::f32, {})});
}

TEST(TransposeConv, OverlappingWindowsAdd) {
  auto y = enlarge({1, 1, 5, 1});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{1, 10, 102, 20, 200}));
}

TEST(TransposeConv, RejectsAnotherBatchOrChannelCount) {
  EXPECT_NE(problem(enlarge({2, 1, 5, 1})).find("cannot give the shape"), std::string::npos);
  EXPECT_NE(problem(enlarge({1, 1, 5, 2})).find("cannot give the shape"), std::string::npos);
  EXPECT_FALSE(enlarge({1, 1, -5, 1}));
}

}  // namespace
}  // namespace wherry
