// LSH_PROJECTION: bits that say on which side of random planes the items of a tensor lie.
#include "ops/indexing/lsh_projection.h"

#include <cstring>

#include "ops/context.h"
#include "ops/indexing/fingerprint.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field lsh_projection_fields[] = {field<&LshProjection::type>("type", 0)};

constexpr TypeSet item_types =
    one_of(DType::f32, DType::f64, DType::i8, DType::u8, DType::i16, DType::u16, DType::i32,
           DType::u32, DType::i64, DType::u64, DType::boolean);

Status infer_lsh_projection(InferContext& context) {
  LshType type = context.attributes<LshProjection>().type;
  const Shape &hash = context.shape(0), &items = context.shape(1);
  ENSURE(type != LshType::unknown, "LSH_PROJECTION needs the type sparse or dense");
  ENSURE(hash.rank() == 2 && hash[1] <= 32, "LSH_PROJECTION cannot use hashes of shape ", hash);
  ENSURE(items.rank() >= 1 && items[0] >= 1, "LSH_PROJECTION needs items, got the shape ", items);
  ENSURE(!context.has_input(2) || context.shape(2) == Shape({items[0]}), "LSH_PROJECTION of ",
         items[0], " items got weights of shape ", context.has_input(2) ? context.shape(2) : items);
  return context.set_output(0, DType::i32, {type == LshType::sparse ? hash[0] : hash.elements()});
}

/// The side on which the weighted sum of the items' hashes lies.
int side_of(const Call& call, float seed) {
  const TensorView& items = call.input(1);
  size_t count = static_cast<size_t>(items.shape()[0]), item_bytes = items.bytes / count;
  std::vector<std::byte> key(sizeof seed + item_bytes);
  std::memcpy(key.data(), &seed, sizeof seed);
  double sum = 0;
  for (size_t i = 0; i < count; ++i) {
    if (item_bytes > 0)
      std::memcpy(key.data() + sizeof seed, items.data + i * item_bytes, item_bytes);
    double value = static_cast<double>(static_cast<int64_t>(fingerprint64(key)));
    sum += call.has_input(2) ? call.data<float>(2)[i] * value : value;
  }
  return sum > 0;
}

Status reference(Call& call) {
  bool sparse = call.attributes<LshProjection>().type == LshType::sparse;
  int64_t hashes = call.shape(0)[0], bits = call.shape(0)[1];
  int32_t* y = call.result<int32_t>(0);
  for (int64_t hash = 0; hash < hashes; ++hash) {
    uint64_t signature = 0;
    for (int64_t bit = 0; bit < bits; ++bit) {
      int side = side_of(call, call.data<float>(0)[hash * bits + bit]);
      signature = signature << 1 | static_cast<uint64_t>(side);
      if (!sparse) *y++ = side;
    }
    if (sparse) *y++ = static_cast<int32_t>(signature + (static_cast<uint64_t>(hash) << bits));
  }
  return {};
}

}  // namespace

constinit const AttributesType lsh_projection_attributes =
    attributes_type<LshProjection>(lsh_projection_fields, 4);

constinit const OpDef lsh_projection = {
    .name = "LSH_PROJECTION",
    .code = 15,
    .attributes = &lsh_projection_attributes,
    .inputs = {{"hashes", DType::f32},
               {"items", item_types},
               {"weights", DType::f32, Presence::optional}},
    .outputs = {{"y", DType::i32}},
    .versions = {{1, "1.5.0"}},
    .infer = infer_lsh_projection,
    .reference = reference,
    .doc = "locality sensitive hashes: for each seed the sign of the items' summed hashes"};

OpTable lsh_projection_ops() { return op_table(lsh_projection); }

}  // namespace wherry::op
