// HASHTABLE_LOOKUP: rows of a table chosen by key; a missing key gives zeros.
#include "ops/indexing/hashtable_lookup.h"

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet row_types = whole_byte_types | one_of(DType::string);

Status infer_hashtable_lookup(InferContext& context) {
  Shape rows = context.shape(2);
  ENSURE(context.shape(0).rank() == 1 && rows.rank() >= 1 && context.shape(1) == Shape({rows[0]}),
         "HASHTABLE_LOOKUP cannot use lookups, keys and values of the shapes ", context.shape(0),
         ", ", context.shape(1), " and ", rows);
  ENSURE(context.dtype(2) != DType::string || rows.rank() == 1,
         "HASHTABLE_LOOKUP takes strings as a vector, got the shape ", rows);
  rows[0] = context.shape(0)[0];
  TRY(context.set_output(0, context.dtype(2), rows));
  return context.set_output(1, DType::u8, context.shape(0));
}

/// Halves the range until it meets the key, so that of equal keys the same one is found as in the
/// runtime's search; -1: none.
int64_t find_key(const int32_t* keys, int64_t count, int32_t wanted) {
  for (int64_t low = 0, high = count; low < high;) {
    int64_t middle = (low + high) / 2;
    if (keys[middle] == wanted) return middle;
    if (wanted < keys[middle])
      high = middle;
    else
      low = middle + 1;
  }
  return -1;
}

Status reference(Call& call) {
  const Shape& values = call.shape(2);
  int64_t row = values.product(1, values.rank());
  ElementCopy copy(call, 0);
  copy.fill_zero();
  for (int64_t i = 0; i < call.input(0).elements(); ++i) {
    int64_t place = find_key(call.data<int32_t>(1), values[0], call.data<int32_t>(0)[i]);
    call.result<uint8_t>(1)[i] = place >= 0;
    if (place >= 0) TRY(copy.copy_run(2, place * row, i * row, row));
  }
  return copy.finish();
}

}  // namespace

constinit const OpDef hashtable_lookup = {
    .name = "HASHTABLE_LOOKUP",
    .code = 10,
    .inputs = {{"lookup", DType::i32}, {"keys", DType::i32}, {"values", row_types}},
    .outputs = {{"y", row_types}, {"hits", DType::u8}},
    .versions = {{1, "1.5.0"}},
    .infer = infer_hashtable_lookup,
    .reference = reference,
    .doc = "rows of a table chosen by key, zeros for a missing key, and which keys were found"};

OpTable hashtable_lookup_ops() { return op_table(hashtable_lookup); }

}  // namespace wherry::op
