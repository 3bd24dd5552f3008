// SPARSE_TO_DENSE: a tensor of a default value with some elements replaced.
#include "ops/indexing/sparse_to_dense.h"

#include "ops/element_copy.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr Field sparse_to_dense_fields[] = {
    field<&SparseToDense::validate_indices>("validate_indices", 0)};

constexpr TypeSet value_types = one_of(DType::f32, DType::i32, DType::i64, DType::i8, DType::u8);
constexpr TypeSet index_types = one_of(DType::i32, DType::i64);

/// Length of one index: the last extent of a matrix, else 1.
int64_t depth_of(const Shape& indices) { return indices.rank() == 2 ? indices[1] : 1; }
int64_t count_of(const Shape& indices) { return indices.rank() == 0 ? 1 : indices[0]; }

Status infer_sparse_to_dense(InferContext& context) {
  const Shape &indices = context.shape(0), &values = context.shape(2);
  ENSURE(indices.rank() <= 2 && values.rank() <= 1 && context.shape(1).rank() == 1,
         "SPARSE_TO_DENSE cannot use indices of shape ", indices, ", values of shape ", values,
         " and a shape of shape ", context.shape(1));
  ENSURE(values.rank() == 0 || values[0] == count_of(indices), "SPARSE_TO_DENSE got ",
         values.elements(), " values for ", count_of(indices), " indices");
  ENSURE(context.dtype(3) == context.dtype(2) && context.shape(3).elements() == 1,
         "SPARSE_TO_DENSE needs one default value of type ", context.dtype(2), ", got ",
         text_of(context.input(3)));
  Shape result(TRY(context.integers(1)));
  ENSURE(depth_of(indices) == result.rank(), "SPARSE_TO_DENSE into the shape ", result,
         " got indices of shape ", indices);
  return context.set_output(0, context.dtype(2), std::move(result));
}

Status reference(Call& call) {
  const Shape& result = call.output(0).shape();
  bool strict = call.attributes<SparseToDense>().validate_indices;
  bool one_value = call.shape(2).rank() == 0;
  int64_t previous = -1, depth = depth_of(call.shape(0));
  ElementCopy copy(call, 0);
  TRY(copy.fill_from(3));
  for (int64_t i = 0; i < count_of(call.shape(0)); ++i) {
    int64_t flat = 0;
    for (int axis = 0; axis < result.rank(); ++axis) {
      int64_t index = integer_at(call.input(0), i * depth + axis);
      ENSURE_CODE(ErrorCode::invalid_data, index >= 0 && index < result[axis],
                  "SPARSE_TO_DENSE index ", index, " is outside the extent ", result[axis]);
      flat = flat * result[axis] + index;
    }
    ENSURE_CODE(ErrorCode::invalid_data, !strict || flat > previous,
                "SPARSE_TO_DENSE needs its indices in order and once each; number ", i, " is not");
    previous = flat;
    TRY(copy.copy_run(2, one_value ? 0 : i, flat, 1));
  }
  return copy.finish();
}

}  // namespace

constinit const AttributesType sparse_to_dense_attributes =
    attributes_type<SparseToDense>(sparse_to_dense_fields, 50);

constinit const OpDef sparse_to_dense = {
    .name = "SPARSE_TO_DENSE",
    .code = 68,
    .attributes = &sparse_to_dense_attributes,
    .inputs = {{"indices", index_types},
               {"shape", index_types},
               {"values", value_types},
               {"default", value_types}},
    .outputs = {{"y", value_types}},
    .versions = {{1, "1.9.0"},
                 {2, "1.14.0", {}, input_is<2, DType::i64>},
                 {3, "1.15.0", one_of(DType::i8, DType::u8)}},
    .infer = infer_sparse_to_dense,
    .reference = reference,
    .doc = "a tensor of a default value with the elements at some indices replaced"};

OpTable sparse_to_dense_ops() { return op_table(sparse_to_dense); }

}  // namespace wherry::op
