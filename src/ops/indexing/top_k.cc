// TOPK_V2: the largest elements of each row and where they stand.
#include "ops/indexing/top_k.h"

#include <algorithm>
#include <numeric>

#include "ops/context.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet ranked_types =
    one_of(DType::f32, DType::u8, DType::i8, DType::i16, DType::i32, DType::i64);
constexpr TypeSet position_types = one_of(DType::i16, DType::i32);

Status infer_top_k(InferContext& context) {
  Shape result = context.shape(0);
  ENSURE(result.rank() >= 1, "TOPK_V2 needs a tensor of rank 1 or more, got a scalar");
  int64_t k = std::max<int64_t>(TRY(context.integer(1)), 0), row = result.back();
  ENSURE(k <= row, "TOPK_V2 cannot take ", k, " elements of rows of ", row);
  DType positions = context.output_count() > 1 ? context.declared(1).dtype : DType::i32;
  ENSURE(positions == DType::i32 || (positions == DType::i16 && row <= 32768),
         "TOPK_V2 of rows of ", row, " cannot give positions of type ", positions);
  result[result.rank() - 1] = k;
  TRY(context.set_output(0, context.dtype(0), result));
  return context.set_output(1, positions, std::move(result));
}

/// Larger ones first, of equal ones the earlier first, NaN last.
template <class T>
struct Before {
  const T* row;
  bool operator()(int32_t a, int32_t b) const {
    if (row[a] > row[b]) return true;
    if (row[a] < row[b]) return false;
    bool a_number = row[a] == row[a], b_number = row[b] == row[b];
    return a_number == b_number ? a < b : a_number;
  }
};

template <class T, class Position>
void take_largest(Call& call) {
  int64_t row = call.shape(0).back(), k = call.output(0).shape().back();
  if (k == 0) return;
  int64_t rows = call.shape(0).product(0, call.shape(0).rank() - 1);
  std::vector<int32_t> order(static_cast<size_t>(row));
  for (int64_t r = 0; r < rows; ++r) {
    const T* x = call.data<T>(0) + r * row;
    std::iota(order.begin(), order.end(), 0);
    std::partial_sort(order.begin(), order.begin() + k, order.end(), Before<T>{x});
    for (int64_t i = 0; i < k; ++i) {
      call.result<T>(0)[r * k + i] = x[order[static_cast<size_t>(i)]];
      call.result<Position>(1)[r * k + i] = static_cast<Position>(order[static_cast<size_t>(i)]);
    }
  }
}

Status reference(Call& call) {
  bool narrow = call.output(1).dtype() == DType::i16;
  for_type<float, uint8_t, int8_t, int16_t, int32_t, int64_t>(call.dtype(0), [&]<class T>() {
    narrow ? take_largest<T, int16_t>(call) : take_largest<T, int32_t>(call);
  });
  return {};
}

}  // namespace

constinit const AttributesType top_k_attributes = attributes_type<NoAttributes>({}, 34);

constinit const OpDef top_k = {
    .name = "TOPK_V2",
    .code = 48,
    .attributes = &top_k_attributes,
    .inputs = {{"x", ranked_types}, {"k", position_types}},
    .outputs = {{"values", ranked_types}, {"indices", position_types}},
    .versions = {{1, "1.7.0"}, {2, "1.14.0", DType::i8}, {3, "2.13.0", DType::i16}},
    .infer = infer_top_k,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
    .doc = "the k largest elements of each row, largest first, and their positions"};

OpTable top_k_ops() { return op_table(top_k); }

}  // namespace wherry::op
