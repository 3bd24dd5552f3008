// Tests of CONV_3D and CONV_3D_TRANSPOSE.
#include "ops/convolution/conv_3d.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Attributes valid(int32_t stride_d) {
  return Attributes::of(op::conv_3d_attributes,
                        op::Conv3D{.padding = Padding::valid, .stride_d = stride_d});
}

TEST(Conv3D, SlidesAlongTheDepth) {
  auto y = run_op(op::conv_3d, valid(1),
                  {fed<float>({1, 3, 1, 1, 1}, {1, 2, 4}),
                   constant<float>({2, 1, 1, 1, 1}, {1, 10}), constant<float>({1}, {0.5f})},
                  {type_of(DType::f32, {})});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{21.5f, 42.5f}));
}

TEST(Conv3DTranspose, OverlappingWindowsAdd) {
  auto y =
      run_op(op::conv_3d_transpose, valid(2),
             {constant<int32_t>({5}, {1, 5, 1, 1, 1}),
              constant<float>({3, 1, 1, 1, 1}, {1, 10, 100}), fed<float>({1, 2, 1, 1, 1}, {1, 2})},
             {type_of(DType::f32, {})});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{1, 10, 102, 20, 200}));
}

TEST(Conv3DTranspose, RejectsAShapeThatDoesNotLeadBackToTheData) {
  auto y =
      run_op(op::conv_3d_transpose, valid(2),
             {constant<int32_t>({5}, {1, 9, 1, 1, 1}),
              constant<float>({3, 1, 1, 1, 1}, {1, 10, 100}), fed<float>({1, 2, 1, 1, 1}, {1, 2})},
             {type_of(DType::f32, {})});
  EXPECT_NE(problem(y).find("needs data of 4 elements"), std::string::npos) << problem(y);
}

}  // namespace
}  // namespace wherry
