// UNIQUE: the different elements of a vector and where each element went.
#include "ops/indexing/unique.h"

#include <algorithm>
#include <numeric>

#include "ops/context.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field unique_fields[] = {field<&Unique::idx_out_type>("idx_out_type", 0, 2)};

constexpr TypeSet compared_types =
    one_of(DType::f32, DType::u8, DType::i8, DType::i16, DType::i32, DType::i64);

Status infer_unique(InferContext& context) {
  DType type = context.attributes<Unique>().idx_out_type;
  ENSURE_CODE(ErrorCode::unsupported, type == DType::i32 || type == DType::i64,
              "UNIQUE gives positions as i32 or i64, not ", type);
  ENSURE(context.shape(0).rank() == 1, "UNIQUE takes a vector, got the shape ", context.shape(0));
  context.set_output_unknown(0, context.dtype(0));
  return context.set_output(1, type, context.shape(0));
}

/// For each element the first element equal to it. NaN equals nothing.
template <class T>
std::vector<int64_t> first_equals(const T* x, int64_t count) {
  std::vector<int64_t> order(static_cast<size_t>(count)), first(order.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [x](int64_t a, int64_t b) {
    if (x[a] < x[b]) return true;
    if (x[b] < x[a]) return false;
    bool a_number = x[a] == x[a], b_number = x[b] == x[b];
    return a_number == b_number ? a < b : a_number;
  });
  for (size_t i = 0; i < order.size(); ++i) {
    size_t here = static_cast<size_t>(order[i]);
    bool repeats = i > 0 && x[order[i]] == x[order[i - 1]];
    first[here] = repeats ? first[static_cast<size_t>(order[i - 1])] : order[i];
  }
  return first;
}

template <class T>
Status find_unique(Call& call) {
  const T* x = call.data<T>(0);
  int64_t count = call.input(0).elements();
  std::vector<int64_t> first = first_equals(x, count), place(first.size());
  int64_t different = 0;
  for (size_t i = 0; i < first.size(); ++i) {
    bool is_new = first[i] == static_cast<int64_t>(i);
    place[i] = is_new ? different++ : place[static_cast<size_t>(first[i])];
  }
  TRY(call.resize(0, {different}));
  for (size_t i = 0; i < first.size(); ++i) {
    call.result<T>(0)[place[i]] = x[first[i]];
    if (call.output(1).dtype() == DType::i64)
      call.result<int64_t>(1)[i] = place[i];
    else
      call.result<int32_t>(1)[i] = static_cast<int32_t>(place[i]);
  }
  return {};
}

Status reference(Call& call) {
  Status status;
  for_type<float, uint8_t, int8_t, int16_t, int32_t, int64_t>(
      call.dtype(0), [&]<class T>() { status = find_unique<T>(call); });
  return status;
}

}  // namespace

constinit const AttributesType unique_attributes = attributes_type<Unique>(unique_fields, 80);

constinit const OpDef unique = {
    .name = "UNIQUE",
    .code = 103,
    .attributes = &unique_attributes,
    .inputs = {{"x", compared_types}},
    .outputs = {{"y", compared_types}, {"positions", one_of(DType::i32, DType::i64)}},
    .versions = {{1, "1.14.0"}},
    .infer = infer_unique,
    .reference = reference,
    .doc = "the different elements of a vector, and for each element which of them it is"};

OpTable unique_ops() { return op_table(unique); }

}  // namespace wherry::op
