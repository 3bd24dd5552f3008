// GATHER_ND: takes the slices of params that index vectors point at.
#include "ops/indexing/gather_nd.h"

#include "ops/element_copy.h"
#include "ops/indexing/index_vectors.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr TypeSet gathered_types =
    one_of(DType::f32, DType::f16, DType::bf16, DType::u8, DType::i8, DType::i16, DType::i32,
           DType::i64, DType::boolean, DType::string, DType::f8e4m3, DType::f8e5m2);

Status infer_gather_nd(InferContext& context) {
  const Shape &params = context.shape(0), &indices = context.shape(1);
  ENSURE(indices.rank() >= 1 && params.rank() >= 1 && indices.back() <= params.rank(),
         "GATHER_ND of the shape ", params, " cannot use indices of shape ", indices);
  Shape result;
  for (int k = 0; k + 1 < indices.rank(); ++k) result.push_back(indices[k]);
  for (int k = static_cast<int>(indices.back()); k < params.rank(); ++k)
    result.push_back(params[k]);
  return context.set_output(0, context.dtype(0), std::move(result));
}

Status reference(Call& call) {
  IndexVectors vectors(call.input(1), call.shape(0));
  ElementCopy copy(call, 0);
  for (int64_t i = 0; i < vectors.count(); ++i) {
    int64_t from = TRY(vectors.offset(i, "GATHER_ND"));
    TRY(copy.copy_run(0, from, i * vectors.slice(), vectors.slice()));
  }
  return copy.finish();
}

}  // namespace

constinit const AttributesType gather_nd_attributes = attributes_type<NoAttributes>({}, 83);

constinit const OpDef gather_nd = {
    .name = "GATHER_ND",
    .code = 107,
    .attributes = &gather_nd_attributes,
    .inputs = {{"params", gathered_types}, {"indices", one_of(DType::i16, DType::i32, DType::i64)}},
    .outputs = {{"y", gathered_types}},
    .versions = {{1, "1.14.0"},
                 {2, "2.3.0", DType::string},
                 {3, "2.5.0", {}, input_is<0, DType::i16>},
                 {4, "2.13.0", {}, input_is<1, DType::i16>},
                 {5, "2.16.0", DType::boolean}},
    .infer = infer_gather_nd,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
    .doc = "takes the slices of params that the index vectors point at"};

OpTable gather_nd_ops() { return op_table(gather_nd); }

}  // namespace wherry::op
