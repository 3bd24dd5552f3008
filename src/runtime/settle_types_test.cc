// Element types that a file declares wrongly.
#include "runtime/settle_types.h"

#include <gtest/gtest.h>

#include "ops/parsed_test.h"
#include "runtime/session.h"

namespace wherry {
namespace {

using test::parsed;

DType type_of(const Model& model, std::string_view name) {
  for (const Value& value : model.main().values) {
    if (value.name == name) return value.type.dtype;
  }
  return DType::variant;
}

TEST(SettleTypes, OperatorsDecideAndWhatFollowsSeesIt) {
  Model model = parsed(R"(graph main(x: f32[2,3]) -> (same, bigger) {
  shape: i64[2] = SHAPE(x) {out_type = i32}
  same: f32[2,3] = RESHAPE(x, shape)
  bigger: f32[2,3] = GREATER(x, same)
})");
  settle_types(model);
  EXPECT_EQ(type_of(model, "shape"), DType::i32);
  EXPECT_EQ(type_of(model, "same"), DType::f32);
  EXPECT_EQ(type_of(model, "bigger"), DType::boolean);
}

TEST(SettleTypes, OperatorsThatGoByWhatIsDeclaredLeaveIt) {
  Model model = parsed(R"(graph main(x: f32[2]) -> (whole, bytes) {
  whole: i64[2] = CAST(x)
  bytes: i8[2]{0.5:0} = QUANTIZE(x)
})");
  settle_types(model);
  EXPECT_EQ(type_of(model, "whole"), DType::i64);
  EXPECT_EQ(type_of(model, "bytes"), DType::i8);
}

TEST(SettleTypes, WronglyDeclaredOutputsRun) {
  auto shared = SharedModel::create(parsed(R"(graph main(x: f32[2,3]) -> (where, count) {
  positive: f32[2,3] = GREATER(x, x)
  where: i32[?,2] = WHERE(positive)
  count: f32[] = RANK(x)
})"));
  ASSERT_TRUE(shared) << shared.error().text();
  Session session(*shared, {});
  TensorType type{DType::f32, {2, 3}, {}, {}};
  auto x = Tensor::zeros(type);
  ASSERT_TRUE(x);
  TensorView view = x->view();
  auto results = session.run(std::span(&view, 1));
  ASSERT_TRUE(results) << results.error().text();
  EXPECT_EQ((*results)[0].type.dtype, DType::i64);
  EXPECT_EQ((*results)[0].type.shape, (Shape{0, 2}));
  EXPECT_EQ((*results)[1].type.dtype, DType::i32);
  EXPECT_EQ((*results)[1].view().as<int32_t>()[0], 2);
}

}  // namespace
}  // namespace wherry
