// EMBEDDING_LOOKUP_SPARSE: weighted combinations of rows of a table.
#include "ops/linear/embedding_lookup_sparse.h"

#include <cmath>

#include "ops/context.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field embedding_lookup_sparse_fields[] = {
    field<&EmbeddingLookupSparse::combiner>("combiner", 0)};

Status infer_embedding_lookup_sparse(InferContext& context) {
  const Shape &ids = context.shape(0), &indices = context.shape(1), &weights = context.shape(3),
              &table = context.shape(4);
  ENSURE(ids.rank() == 1 && indices.rank() == 2 && weights.rank() == 1 && indices[0] == ids[0] &&
             weights[0] == ids[0],
         "EMBEDDING_LOOKUP_SPARSE needs one index vector and one weight per id, got the shapes ",
         ids, ", ", indices, " and ", weights);
  ENSURE(table.rank() >= 2, "EMBEDDING_LOOKUP_SPARSE needs a table of rank 2 or more, got ", table);
  std::vector<int64_t> dense = TRY(context.integers(2));
  ENSURE(!dense.empty() && static_cast<int64_t>(dense.size()) == indices[1],
         "EMBEDDING_LOOKUP_SPARSE with index vectors of ", indices[1],
         " numbers got the dense shape ", dense);
  Shape result(std::vector<int64_t>(dense.begin(), dense.end() - 1));
  for (int axis = 1; axis < table.rank(); ++axis) result.push_back(table[axis]);
  return context.set_output(0, DType::f32, std::move(result));
}

/// The row of the result that id i goes to.
Expected<int64_t> bucket_of(const Call& call, const std::vector<int64_t>& dense, int64_t i) {
  int64_t depth = static_cast<int64_t>(dense.size()), bucket = 0;
  const int32_t* index = call.data<int32_t>(1) + i * depth;
  for (int64_t axis = 0; axis + 1 < depth; ++axis) {
    int64_t extent = dense[static_cast<size_t>(axis)];
    ENSURE_CODE(ErrorCode::invalid_data, index[axis] >= 0 && index[axis] < extent,
                "EMBEDDING_LOOKUP_SPARSE index ", index[axis], " is outside the extent ", extent);
    bucket = bucket * extent + index[axis];
  }
  return bucket;
}

float divisor_of(Combiner combiner, float sum, float squares) {
  if (combiner == Combiner::mean) return sum;
  return combiner == Combiner::sqrtn ? std::sqrt(squares) : 1.0f;
}

Status reference(Call& call) {
  const Shape &table = call.shape(4), &out = call.output(0).shape();
  std::vector<int64_t> dense = call.integers(2);
  int64_t row_size = table.product(1, table.rank());
  int64_t buckets = out.product(0, static_cast<int>(dense.size()) - 1);
  float* y = call.result<float>(0);
  std::fill_n(y, out.elements(), 0.0f);
  if (out.elements() == 0) buckets = 0;
  std::vector<float> sums(static_cast<size_t>(buckets)), squares(sums.size());
  std::vector<bool> used(sums.size());
  for (int64_t i = 0; i < call.shape(0)[0]; ++i) {
    int64_t id = call.data<int32_t>(0)[i], bucket = TRY(bucket_of(call, dense, i));
    ENSURE_CODE(ErrorCode::invalid_data, id >= 0 && id < table[0],
                "EMBEDDING_LOOKUP_SPARSE asks for row ", id, " of a table of ", table[0], " rows");
    if (bucket >= buckets) continue;  // rows without elements
    float weight = call.data<float>(3)[i];
    const float* row = call.data<float>(4) + id * row_size;
    for (int64_t k = 0; k < row_size; ++k) y[bucket * row_size + k] += row[k] * weight;
    sums[static_cast<size_t>(bucket)] += weight;
    squares[static_cast<size_t>(bucket)] += weight * weight;
    used[static_cast<size_t>(bucket)] = true;
  }
  Combiner combiner = call.attributes<EmbeddingLookupSparse>().combiner;
  for (size_t bucket = 0; bucket < used.size(); ++bucket, y += row_size) {
    if (!used[bucket]) continue;
    float divisor = divisor_of(combiner, sums[bucket], squares[bucket]);
    for (int64_t k = 0; k < row_size; ++k) y[k] /= divisor;
  }
  return {};
}

}  // namespace

constinit const AttributesType embedding_lookup_sparse_attributes =
    attributes_type<EmbeddingLookupSparse>(embedding_lookup_sparse_fields, 20);

constinit const OpDef embedding_lookup_sparse = {
    .name = "EMBEDDING_LOOKUP_SPARSE",
    .code = 33,
    .attributes = &embedding_lookup_sparse_attributes,
    .inputs = {{"ids", DType::i32},
               {"indices", DType::i32},
               {"dense_shape", DType::i32},
               {"weights", DType::f32},
               {"table", DType::f32}},
    .outputs = {{"y", DType::f32}},
    .versions = {{1, "1.5.0"}},
    .infer = infer_embedding_lookup_sparse,
    .reference = reference,
    .doc = "rows of a table, weighted and combined as a sparse matrix says"};

OpTable embedding_lookup_sparse_ops() { return op_table(embedding_lookup_sparse); }

}  // namespace wherry::op
