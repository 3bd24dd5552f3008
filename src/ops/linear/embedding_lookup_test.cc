// Tests of EMBEDDING_LOOKUP and EMBEDDING_LOOKUP_SPARSE.
#include "ops/linear/embedding_lookup.h"

#include "ops/linear/embedding_lookup_sparse.h"
#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

TEST(EmbeddingLookup, TakesRowsInTheScaleOfEachRow) {
  TensorType table = type_of(DType::i8, {2, 2}, 1, 0);
  table.quantization->scales = {0.5f, 2.0f};
  auto y = run_op(op::embedding_lookup, Attributes::defaults(no_attributes),
                  {fed<int32_t>({3}, {1, 0, 1}), constant<int8_t>(table, {1, 2, 3, -4})},
                  {type_of(DType::f32, {})});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{6, -8, 0.5f, 1, 6, -8}));
}

TEST(EmbeddingLookup, RejectsIdsOutsideTheTable) {
  auto y =
      run_op(op::embedding_lookup, Attributes::defaults(no_attributes),
             {fed<int32_t>({1}, {2}), constant<float>({2, 1}, {1, 2})}, {type_of(DType::f32, {})});
  EXPECT_NE(problem(y).find("row 2 of a table of 2 rows"), std::string::npos) << problem(y);
}

Expected<std::vector<Tensor>> combined(op::Combiner combiner, std::vector<int32_t> indices) {
  return run_op(
      op::embedding_lookup_sparse,
      Attributes::of(op::embedding_lookup_sparse_attributes, op::EmbeddingLookupSparse{combiner}),
      {fed<int32_t>({2}, {0, 1}), fed<int32_t>({2, 2}, std::move(indices)),
       constant<int32_t>({2}, {2, 2}), fed<float>({2}, {3, 4}), constant<float>({2, 1}, {7, 14})},
      {type_of(DType::f32, {})});
}

TEST(EmbeddingLookupSparse, CombinesTheRowsOfEachPlace) {
  std::vector<int32_t> both_in_row_1 = {1, 0, 1, 1};  // 3 * 7 + 4 * 14 = 77
  EXPECT_EQ(elements<float>(combined(op::Combiner::sum, both_in_row_1).value()[0]),
            (std::vector<float>{0, 77}));
  EXPECT_EQ(elements<float>(combined(op::Combiner::mean, both_in_row_1).value()[0]),
            (std::vector<float>{0, 11}));
  EXPECT_EQ(elements<float>(combined(op::Combiner::sqrtn, both_in_row_1).value()[0]),
            (std::vector<float>{0, 77.0f / 5}));
}

TEST(EmbeddingLookupSparse, RejectsPlacesOutsideTheShape) {
  EXPECT_FALSE(combined(op::Combiner::sum, {2, 0, 0, 0}));
  EXPECT_FALSE(combined(op::Combiner::sum, {-1, 0, 0, 0}));
}

}  // namespace
}  // namespace wherry
