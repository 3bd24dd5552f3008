// Tests of AveragePool3D and MaxPool3D.
#include "ops/pooling/pool_3d.h"

#include "ops/custom_options_test.h"
#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Attributes options(int depth, const char* padding) {
  return custom_options([&](flexbuffers::Builder& map) {
    map.String("data_format", "NDHWC");
    map.String("padding", padding);
    map.TypedVector("ksize", [&] {
      for (int extent : {1, depth, 1, 1, 1}) map.Int(extent);
    });
    map.TypedVector("strides", [&] {
      for (int i = 0; i < 5; ++i) map.Int(1);
    });
  });
}

TEST(Pool3D, SlidesAlongTheDepth) {
  for (bool is_max : {false, true}) {
    auto y = run_op(op::pool_3d_family[is_max], options(2, "VALID"),
                    {fed<float>({1, 3, 1, 1, 1}, {1, 3, 8})}, {type_of(DType::f32, {})});
    ASSERT_TRUE(y) << problem(y);
    EXPECT_EQ(elements<float>((*y)[0]),
              (is_max ? std::vector<float>{3, 8} : std::vector<float>{2, 5.5f}));
  }
}

TEST(Pool3D, RejectsUnknownPaddingAndMissingOptions) {
  auto padding = run_op(op::max_pool_3d, options(1, "FULL"), {fed<float>({1, 1, 1, 1, 1}, {1})},
                        {type_of(DType::f32, {})});
  EXPECT_NE(problem(padding).find("unknown padding 'FULL'"), std::string::npos);
  auto none = run_op(op::max_pool_3d, Attributes::defaults(op::custom_attributes),
                     {fed<float>({1, 1, 1, 1, 1}, {1})}, {type_of(DType::f32, {})});
  EXPECT_NE(problem(none).find("needs the option 'padding'"), std::string::npos) << problem(none);
}

}  // namespace
}  // namespace wherry
