// BATCH_MATMUL: products of matrices, over broadcast batch axes.
#include "ops/linear/batch_matmul.h"

#include "ops/broadcast.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr Field batch_matmul_fields[] = {
    field<&BatchMatMul::adj_x>("adj_x", 0), field<&BatchMatMul::adj_y>("adj_y", 1),
    field<&BatchMatMul::asymmetric_quantize_inputs>("asymmetric_quantize_inputs", 2)};

constexpr Requantization::Rule rule{Rounding::fixed_point, Requantization::ScaleProduct::in_float};

Status check_types(const InferContext& context) {
  DType x = context.dtype(0), y = context.dtype(1), result = context.declared(0).dtype;
  bool goes_together = x == y || (y == DType::i8 && (x == DType::f32 || x == DType::i16));
  ENSURE_CODE(ErrorCode::unsupported, goes_together, "BATCH_MATMUL does not multiply ", x, " by ",
              y);
  ENSURE_CODE(ErrorCode::unsupported,
              result == x || (x == DType::i8 && y == DType::i8 && result == DType::i32),
              "BATCH_MATMUL of ", x, " and ", y, " does not give ", result);
  return {};
}

Status check_quantization(const InferContext& context) {
  const TensorType &x = context.input(0), &y = context.input(1), &result = context.declared(0);
  if (y.dtype == DType::f32 || result.dtype == DType::i32) return {};
  if (x.dtype == DType::f32) {
    int axis = column_axis(context.attributes<BatchMatMul>(), y.shape);
    TRY(check_channel_scales("input 1 of BATCH_MATMUL", y, axis));
    return check_symmetric("input 1 of BATCH_MATMUL", y);
  }
  TRY(check_one_scale("input 0 of BATCH_MATMUL", x));
  TRY(check_one_scale("input 1 of BATCH_MATMUL", y));
  TRY(check_one_scale("the output of BATCH_MATMUL", result));
  if (x.dtype != DType::i16) return {};
  TRY(check_symmetric("input 0 of BATCH_MATMUL", x));
  TRY(check_symmetric("input 1 of BATCH_MATMUL", y));
  return check_symmetric("the output of BATCH_MATMUL", result);
}

Status infer_batch_matmul(InferContext& context) {
  BatchMatMulGeometry geometry = TRY(
      batch_matmul_geometry(context.attributes<BatchMatMul>(), context.shape(0), context.shape(1)));
  TRY(check_types(context));
  TRY(check_quantization(context));
  return context.set_output(0, context.declared(0).dtype, geometry.output());
}

/// The rows of a matrix one after the other; `transposed` when they are stored as columns.
template <class T>
std::vector<T> rows_of(const T* matrix, int64_t rows, int64_t depth, bool transposed) {
  std::vector<T> result(matrix, matrix + rows * depth);
  if (!transposed) return result;
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t k = 0; k < depth; ++k)
      result[static_cast<size_t>(row * depth + k)] = matrix[k * rows + row];
  }
  return result;
}

/// f(rows of x, rows of the transposed y, first output index) for each product of the batch.
template <class X, class Y, class F>
void for_each_product(Call& call, F&& f) {
  const auto& attributes = call.attributes<BatchMatMul>();
  if (call.output(0).elements() == 0) return;
  BatchMatMulGeometry g = batch_matmul_geometry(attributes, call.shape(0), call.shape(1)).value();
  BroadcastWalk<2> walk(g.batches, {&g.x_batches, &g.y_batches});
  walk.elements([&](int64_t batch, std::array<int64_t, 2> matrices) {
    std::vector<X> x = rows_of(call.data<X>(0) + matrices[0] * g.rows * g.depth, g.rows, g.depth,
                               attributes.adj_x);
    std::vector<Y> y = rows_of(call.data<Y>(1) + matrices[1] * g.columns * g.depth, g.columns,
                               g.depth, !attributes.adj_y);
    f(g, x, y, batch * g.rows * g.columns);
  });
}

/// store(output index, row, column, sum) for each element of one product.
template <class Sum, class X, class Y, class Store>
void multiply_matrices(const BatchMatMulGeometry& g, const X* x, const Y* y, const RowScale* rows,
                       RowScale zero, int32_t y_zero, int64_t first, Store&& store) {
  for (int64_t row = 0; row < g.rows; ++row) {
    int32_t x_zero = rows ? rows[row].zero_point : zero.zero_point;
    for (int64_t column = 0; column < g.columns; ++column) {
      Sum sum = dot<Sum>(x + row * g.depth, y + column * g.depth, g.depth, x_zero, y_zero);
      store(first + row * g.columns + column, row, column, sum);
    }
  }
}

void run_float(Call& call) {
  float* result = call.result<float>(0);
  for_each_product<float, float>(call, [&](const auto& g, auto& x, auto& y, int64_t first) {
    multiply_matrices<float>(g, x.data(), y.data(), nullptr, {}, 0, first,
                             [&](int64_t i, int64_t, int64_t, float sum) { result[i] = sum; });
  });
}

void run_plain_integer(Call& call) {
  int32_t* result = call.result<int32_t>(0);
  for_each_product<int8_t, int8_t>(call, [&](const auto& g, auto& x, auto& y, int64_t first) {
    multiply_matrices<uint32_t>(
        g, x.data(), y.data(), nullptr, {}, 0, first,
        [&](int64_t i, int64_t, int64_t, uint32_t sum) { result[i] = static_cast<int32_t>(sum); });
  });
}

template <class Sum, class X, class Y>
Status run_quantized(Call& call) {
  const TensorType &x_type = *call.input(0).type, &y_type = *call.input(1).type;
  Requantization requantization =
      TRY(Requantization::of(x_type, y_type, *call.output(0).type, Activation::none, rule));
  X* result = call.result<X>(0);
  for_each_product<X, Y>(call, [&](const auto& g, auto& x, auto& y, int64_t first) {
    multiply_matrices<Sum>(g, x.data(), y.data(), nullptr, {1, x_type.zero_point()},
                           y_type.zero_point(), first, [&](int64_t i, int64_t, int64_t, Sum sum) {
                             result[i] = static_cast<X>(requantization.apply(
                                 static_cast<std::make_signed_t<Sum>>(sum), 0));
                           });
  });
  return {};
}

void run_hybrid(Call& call) {
  bool asymmetric =
      batch_matmul_quantizes_asymmetrically(call.attributes<BatchMatMul>(), call.shape(0));
  const std::vector<float>& scales = call.input(1).type->quantization->scales;
  float* result = call.result<float>(0);
  for_each_product<float, int8_t>(call, [&](const auto& g, auto& x, auto& y, int64_t first) {
    std::vector<int8_t> stored(x.size());
    std::vector<RowScale> rows(static_cast<size_t>(g.rows));
    for (size_t row = 0; row < rows.size(); ++row) {
      size_t depth = static_cast<size_t>(g.depth);
      std::span<const float> from(x.data() + row * depth, depth);
      int8_t* to = stored.data() + row * depth;
      rows[row] = asymmetric ? quantize_asymmetric(from, to) : quantize_symmetric(from, to);
    }
    multiply_matrices<uint32_t>(g, stored.data(), y.data(), rows.data(), {}, 0, first,
                                [&](int64_t i, int64_t row, int64_t column, uint32_t sum) {
                                  float scale =
                                      rows[static_cast<size_t>(row)].scale *
                                      scales[scales.size() > 1 ? static_cast<size_t>(column) : 0];
                                  result[i] = static_cast<float>(static_cast<int32_t>(sum)) * scale;
                                });
  });
}

Status reference(Call& call) {
  DType x = call.dtype(0), y = call.dtype(1);
  if (y == DType::f32) {
    run_float(call);
  } else if (x == DType::f32) {
    run_hybrid(call);
  } else if (call.output(0).dtype() == DType::i32) {
    run_plain_integer(call);
  } else if (x == DType::i8) {
    return run_quantized<uint32_t, int8_t, int8_t>(call);
  } else if (y == DType::i8) {
    return run_quantized<uint64_t, int16_t, int8_t>(call);
  } else {
    return run_quantized<uint64_t, int16_t, int16_t>(call);
  }
  return {};
}

int64_t macs(const InferContext& context) {
  const Shape& x = context.shape(0);
  bool adj_x = context.attributes<BatchMatMul>().adj_x;
  return context.outputs()[0].shape.elements() * x[x.rank() - (adj_x ? 2 : 1)];
}

bool is_asymmetric(const Graph&, const Node& node) {
  return node.attributes.as<BatchMatMul>().asymmetric_quantize_inputs;
}

constexpr TypeSet operand_types = one_of(DType::f32, DType::i8, DType::i16);

}  // namespace

Expected<BatchMatMulGeometry> batch_matmul_geometry(const BatchMatMul& attributes, const Shape& x,
                                                    const Shape& y) {
  ENSURE(x.rank() >= 2 && y.rank() >= 2,
         "BATCH_MATMUL needs inputs of rank 2 or more, got the shapes ", x, " and ", y);
  BatchMatMulGeometry g;
  g.x_batches = Shape(std::vector<int64_t>(x.begin(), x.end() - 2));
  g.y_batches = Shape(std::vector<int64_t>(y.begin(), y.end() - 2));
  g.batches = TRY(broadcast_shape(g.x_batches, g.y_batches));
  g.rows = x[x.rank() - (attributes.adj_x ? 1 : 2)];
  g.depth = x[x.rank() - (attributes.adj_x ? 2 : 1)];
  g.columns = y[y.rank() - (attributes.adj_y ? 2 : 1)];
  int64_t depth = y[y.rank() - (attributes.adj_y ? 1 : 2)];
  ENSURE(g.depth == depth, "BATCH_MATMUL cannot multiply the shapes ", x,
         attributes.adj_x ? " (transposed)" : "", " and ", y,
         attributes.adj_y ? " (transposed)" : "", ": ", g.depth, " columns against ", depth,
         " rows");
  return g;
}

bool batch_matmul_quantizes_asymmetrically(const BatchMatMul& attributes, const Shape& x) {
  return attributes.asymmetric_quantize_inputs || x.rank() > 3;
}

Shape BatchMatMulGeometry::output() const {
  Shape result = batches;
  result.push_back(rows);
  result.push_back(columns);
  return result;
}

constinit const AttributesType batch_matmul_attributes =
    attributes_type<BatchMatMul>(batch_matmul_fields, 101);

constinit const OpDef batch_matmul = {
    .name = "BATCH_MATMUL",
    .code = 126,
    .attributes = &batch_matmul_attributes,
    .inputs = {{"x", operand_types}, {"y", operand_types}},
    .outputs = {{"z", operand_types | TypeSet(DType::i32)}},
    .versions = {{1, "2.3.0"},
                 {2, "2.3.0", {}, input_is<0, DType::i8>},
                 {3, "2.4.0", {}, input_is<0, DType::i16>},
                 {4, "2.5.0", {}, is_asymmetric}},
    .infer = infer_batch_matmul,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::calibrated,
                     .weights = 1,
                     .int16 = true,
                     .hybrid = true},
    .macs = macs,
    .doc = "products of matrices; leading axes broadcast, either matrix may be transposed"};

OpTable batch_matmul_ops() { return op_table(batch_matmul); }

}  // namespace wherry::op
