// Tests of RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR.
#include "ops/image/resize.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Expected<std::vector<Tensor>> bilinear(op::ResizeBilinear attributes, std::vector<int32_t> size) {
  return run_op(op::resize_bilinear, Attributes::of(op::resize_bilinear_attributes, attributes),
                {fed<float>({1, 1, 2, 1}, {0, 4}), constant<int32_t>({2}, std::move(size))},
                {type_of(DType::f32, {})});
}

TEST(ResizeBilinear, TheModesLookAtDifferentPositions) {
  EXPECT_EQ(elements<float>(bilinear({}, {1, 4}).value()[0]), (std::vector<float>{0, 2, 4, 4}));
  EXPECT_EQ(elements<float>(bilinear({.half_pixel_centers = true}, {1, 4}).value()[0]),
            (std::vector<float>{0, 1, 3, 4}));
  EXPECT_EQ(elements<float>(bilinear({.align_corners = true}, {1, 3}).value()[0]),
            (std::vector<float>{0, 2, 4}));
}

TEST(ResizeBilinear, RejectsBothModesAndEmptySizes) {
  auto both = bilinear({.align_corners = true, .half_pixel_centers = true}, {1, 4});
  EXPECT_NE(problem(both).find("cannot have both"), std::string::npos);
  EXPECT_NE(problem(bilinear({}, {0, 4})).find("two positive numbers"), std::string::npos);
}

TEST(ResizeNearestNeighbor, RejectsSidesWhoseTablesWouldDwarfTheImage) {
  auto y =
      run_op(op::resize_nearest_neighbor,
             Attributes::of(op::resize_nearest_neighbor_attributes, op::ResizeNearestNeighbor()),
             {fed<int8_t>({1, 1, 1, 1}, {1}), constant<int32_t>({2}, {1, 1 << 30})},
             {type_of(DType::i8, {})});
  EXPECT_NE(problem(y).find("at most 16777216 pixels a side"), std::string::npos);
}

TEST(ResizeNearestNeighbor, CopiesPixels) {
  for (bool centers : {false, true}) {
    auto y = run_op(op::resize_nearest_neighbor,
                    Attributes::of(op::resize_nearest_neighbor_attributes,
                                   op::ResizeNearestNeighbor{.half_pixel_centers = centers}),
                    {fed<int8_t>({1, 1, 3, 1}, {1, 2, 3}), constant<int32_t>({2}, {1, 2})},
                    {type_of(DType::i8, {})});
    ASSERT_TRUE(y) << problem(y);
    EXPECT_EQ(elements<int8_t>((*y)[0]),
              (centers ? std::vector<int8_t>{1, 3} : std::vector<int8_t>{1, 2}));
  }
}

}  // namespace
}  // namespace wherry
