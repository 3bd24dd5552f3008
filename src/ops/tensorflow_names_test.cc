// Tests of TensorFlow's names for builtin operators.
#include "ops/tensorflow_names.h"

#include <flatbuffers/flexbuffers.h>
#include <gtest/gtest.h>

#include "ops/linear/batch_matmul.h"
#include "ops/reduction/reduce.h"

namespace wherry {
namespace {

std::vector<uint8_t> map_of(std::initializer_list<std::pair<const char*, bool>> flags) {
  flexbuffers::Builder builder;
  builder.Map([&] {
    builder.Int("T", 1);
    for (const auto& [name, value] : flags) builder.Bool(name, value);
  });
  builder.Finish();
  return builder.GetBuffer();
}

TEST(TensorflowNames, ProductsOfMatricesAreBatchMatmul) {
  for (const char* name : {"BatchMatMul", "BatchMatMulV2", "BatchMatMulV3"}) {
    auto form = builtin_form(name, map_of({{"adj_x", true}, {"adj_y", false}}));
    ASSERT_TRUE(form && *form) << name;
    EXPECT_EQ((*form)->op, &op::batch_matmul);
    EXPECT_EQ((*form)->attributes.as<op::BatchMatMul>(), (op::BatchMatMul{.adj_x = true}));
  }
}

TEST(TensorflowNames, MatMulNamesItsTransposesDifferently) {
  auto form = builtin_form("MatMul", map_of({{"transpose_a", false}, {"transpose_b", true}}));
  ASSERT_TRUE(form && *form);
  EXPECT_EQ((*form)->attributes.as<op::BatchMatMul>(), (op::BatchMatMul{.adj_y = true}));
}

TEST(TensorflowNames, ReductionsOfTruthKeepAxesWhenAsked) {
  auto form = builtin_form("All", map_of({{"keep_dims", true}}));
  ASSERT_TRUE(form && *form);
  EXPECT_EQ((*form)->op, &op::reduce_all);
  EXPECT_TRUE((*form)->attributes.as<op::Reducer>().keep_dims);
}

TEST(TensorflowNames, OptionsMayBeAbsent) {
  for (const char* name : {"AddV2", "Any", "BroadcastTo", "BatchMatMulV2"}) {
    auto form = builtin_form(name, {});
    ASSERT_TRUE(form && *form) << name;
    EXPECT_EQ((*form)->attributes, Attributes::defaults(*(*form)->op->attributes)) << name;
  }
}

TEST(TensorflowNames, OtherNamesHaveNoBuiltinForm) {
  auto form = builtin_form("Mine", {});
  ASSERT_TRUE(form);
  EXPECT_FALSE(*form);
}

TEST(TensorflowNames, RefusesMalformedOptions) {
  std::vector<uint8_t> junk = {1, 2, 3};
  EXPECT_FALSE(builtin_form("MatMul", junk));
}

}  // namespace
}  // namespace wherry
