// Counts that follow from the shapes alone.
#include "ops/macs.h"

#include "ops/parsed_test.h"

namespace wherry {
namespace {

int64_t macs_in(std::string_view text) {
  Model model = test::parsed(text);
  return macs_of(model, model.main(), model.main().nodes.at(0));
}

TEST(Macs, OfAConvolutionAreThoseOfItsWindows) {
  EXPECT_EQ(macs_in(R"(
graph main(x: f32[1,4,5,2]) -> (y) {
  w = const f32[3,1,1,2] [1, 2, 3, 4, 5, 6]
  y: f32[1,4,5,3] = CONV_2D(x, w, -) {stride_h=1, stride_w=1}
})"),
            4 * 5 * 3 * 2);
}

TEST(Macs, AreNoneWhereNothingIsMultipliedWithWeights) {
  EXPECT_EQ(macs_in("graph main(x: f32[1,4]) -> (y) {\n  y: f32[1,4] = RELU(x)\n}\n"), 0);
}

}  // namespace
}  // namespace wherry
