// BUCKETIZE: between which boundaries each element lies.
#include "ops/indexing/bucketize.h"

#include <algorithm>

#include "ops/elementwise.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field bucketize_fields[] = {field<&Bucketize::boundaries>("boundaries", 0)};

constexpr TypeSet sorted_types = one_of(DType::f32, DType::f64, DType::i32, DType::i64);

Status infer_bucketize(InferContext& context) {
  const std::vector<float>& boundaries = context.attributes<Bucketize>().boundaries;
  for (size_t i = 1; i < boundaries.size(); ++i) {
    ENSURE(boundaries[i - 1] <= boundaries[i], "BUCKETIZE needs ascending boundaries, got ",
           boundaries[i], " after ", boundaries[i - 1]);
  }
  return context.set_output(0, DType::i32, context.shape(0));
}

Status reference(Call& call) {
  const std::vector<float>& boundaries = call.attributes<Bucketize>().boundaries;
  for_type<float, double, int32_t, int64_t>(call.dtype(0), [&]<class T>() {
    map_elements<T, int32_t>(call, [&](T x) {
      auto is_below = [](T value, float boundary) {
        using Wide = std::conditional_t<std::is_same_v<T, float>, float, double>;
        return static_cast<Wide>(value) < static_cast<Wide>(boundary);
      };
      auto place = std::upper_bound(boundaries.begin(), boundaries.end(), x, is_below);
      return static_cast<int32_t>(place - boundaries.begin());
    });
  });
  return {};
}

}  // namespace

constinit const AttributesType bucketize_attributes =
    attributes_type<Bucketize>(bucketize_fields, 115);

constinit const OpDef bucketize = {.name = "BUCKETIZE",
                                   .code = 147,
                                   .attributes = &bucketize_attributes,
                                   .inputs = {{"x", sorted_types}},
                                   .outputs = {{"y", DType::i32}},
                                   .versions = {{1, "2.8.0"}},
                                   .infer = infer_bucketize,
                                   .reference = reference,
                                   .doc = "how many boundaries are not above each element"};

OpTable bucketize_ops() { return op_table(bucketize); }

}  // namespace wherry::op
