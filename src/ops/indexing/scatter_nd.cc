// SCATTER_ND: adds slices up at the places that index vectors point at.
#include "ops/indexing/scatter_nd.h"

#include <algorithm>

#include "ir/truth.h"
#include "ops/indexing/index_vectors.h"
#include "ops/registry.h"
#include "ops/wrapping.h"

namespace wherry::op {
namespace {

constexpr TypeSet scattered_types =
    one_of(DType::f32, DType::u8, DType::i8, DType::boolean, DType::i32, DType::i64);

Status infer_scatter_nd(InferContext& context) {
  const Shape &indices = context.shape(0), &updates = context.shape(1);
  ENSURE(context.shape(2).rank() == 1, "SCATTER_ND needs its shape as a vector, got the shape ",
         context.shape(2));
  Shape result(TRY(context.integers(2)));
  TRY(result.checked_elements());
  bool agrees = indices.rank() >= 1 && indices.back() <= result.rank();
  Shape expected;
  for (int k = 0; agrees && k + 1 < indices.rank(); ++k) expected.push_back(indices[k]);
  for (int k = agrees ? static_cast<int>(indices.back()) : 0; agrees && k < result.rank(); ++k)
    expected.push_back(result[k]);
  ENSURE(agrees && updates == expected, "SCATTER_ND cannot write updates of shape ", updates,
         " at indices of shape ", indices, " into the shape ", result);
  return context.set_output(0, context.dtype(1), std::move(result));
}

template <class T>
Status scatter(Call& call) {
  IndexVectors vectors(call.input(0), call.output(0).shape());
  const T* updates = call.data<T>(1);
  T* y = call.result<T>(0);
  std::fill_n(y, call.output(0).elements(), T{});
  for (int64_t i = 0; i < vectors.count(); ++i) {
    int64_t to = TRY(vectors.offset(i, "SCATTER_ND")), slice = vectors.slice();
    for (int64_t k = 0; k < slice; ++k) y[to + k] = wrapping_add(y[to + k], updates[i * slice + k]);
  }
  return {};
}

Status reference(Call& call) {
  Status status;
  for_type<float, uint8_t, int8_t, Truth, int32_t, int64_t>(
      call.dtype(1), [&]<class T>() { status = scatter<T>(call); });
  return status;
}

}  // namespace

constinit const AttributesType scatter_nd_attributes = attributes_type<NoAttributes>({}, 97);

constinit const OpDef scatter_nd = {
    .name = "SCATTER_ND",
    .code = 122,
    .attributes = &scatter_nd_attributes,
    .inputs = {{"indices", DType::i32}, {"updates", scattered_types}, {"shape", DType::i32}},
    .outputs = {{"y", scattered_types}},
    .versions = {{1, "2.1.0"}},
    .infer = infer_scatter_nd,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::none},
    .doc = "adds slices up at the places that index vectors point at; elsewhere stored zeros"};

OpTable scatter_nd_ops() { return op_table(scatter_nd); }

}  // namespace wherry::op
