// Functions that multiply matrices: matmul, dot, tensordot, einsum; norms and distances.
#include "keras/functions/linear.h"

#include <algorithm>
#include <cmath>

#include "keras/functions/elementwise.h"
#include "keras/functions/function_call.h"
#include "keras/functions/indexing.h"
#include "keras/functions/reduction.h"
#include "keras/functions/shape.h"
#include "keras/normalize.h"

namespace wherry::keras {

Expected<ValueId> matrix_product(Emitter& emitter, ValueId a, ValueId b) {
  bool is_weights = static_cast<bool>(emitter.graph().graph.value(b).constant) &&
                    emitter.rank(b) == 2 && emitter.shape(a).back() > 0;
  if (!is_weights) return emitter.matmul(a, b);
  return emitter.fully_connected(a, TRY(emitter.transpose(b, {1, 0})));
}

Expected<ValueId> contract(Emitter& emitter, ValueId a, ValueId b, const Contraction& axes) {
  ENSURE(axes.a.size() == axes.b.size(), "axes ", axes.a, " cannot be summed with axes ", axes.b);
  std::vector<int64_t> inner_a, inner_b, order_a, order_b;
  for (int64_t at : axes.a) inner_a.push_back(TRY(emitter.axis(at, a)));
  for (int64_t at : axes.b) inner_b.push_back(TRY(emitter.axis(at, b)));
  Extents free_extents;
  auto add_free = [&](ValueId x, const std::vector<int64_t>& inner, std::vector<int64_t>& order) {
    for (int i = 0; i < emitter.rank(x); ++i) {
      if (std::find(inner.begin(), inner.end(), i) != inner.end()) continue;
      order.push_back(i);
      free_extents.push_back(emitter.extent(x, i));
    }
  };
  add_free(a, inner_a, order_a);
  int free_a = static_cast<int>(order_a.size());
  order_a.insert(order_a.end(), inner_a.begin(), inner_a.end());
  order_b = inner_b;
  add_free(b, inner_b, order_b);
  int shared = static_cast<int>(inner_b.size());
  ValueId left = TRY(emitter.transpose(a, order_a)), right = TRY(emitter.transpose(b, order_b));
  left = TRY(emitter.merge_axes(left, free_a, emitter.rank(left)));
  left = TRY(emitter.merge_axes(left, 0, free_a));
  right = TRY(emitter.merge_axes(right, shared, emitter.rank(right)));
  right = TRY(emitter.merge_axes(right, 0, shared));
  return emitter.reshape(TRY(matrix_product(emitter, left, right)), free_extents);
}

namespace {

Expected<ValueId> turned_if(FunctionCall& call, ValueId x, bool turns) {
  return turns ? matrix_transposed(call, x) : Expected<ValueId>(x);
}

/// Integers are multiplied as floats.
Expected<Results> import_matmul(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.operands("x1|a|x", "x2|b|y"));
  DType dtype = call.dtype(both.a);
  for (std::string_view name : {"a_is_sparse", "b_is_sparse", "output_type"}) call.ignore(name);
  bool turn_a = TRY(call.flag("transpose_a", false)) || TRY(call.flag("adjoint_a", false));
  bool turn_b = TRY(call.flag("transpose_b", false)) || TRY(call.flag("adjoint_b", false));
  ValueId a = TRY(call.to_float(both.a)), b = TRY(call.to_float(both.b));
  bool row = call.rank(a) == 1, column = call.rank(b) == 1;
  if (row) a = TRY(call.expand(a, 0));
  if (column) b = TRY(call.expand(b, 1));
  a = TRY(turned_if(call, a, turn_a));
  ValueId y = no_value;
  bool is_constant = static_cast<bool>(call.graph().graph.value(b).constant);
  if (turn_b && is_constant && call.rank(b) == 2 && call.shape(a).back() > 0)
    y = TRY(call.fully_connected(a, b));
  else if (turn_b)
    y = TRY(call.matmul(a, b, false, true));
  else
    y = TRY(matrix_product(call, a, b));
  if (row) y = TRY(call.squeeze(y, call.rank(y) - 2));
  if (column) y = TRY(call.squeeze(y, call.rank(y) - 1));
  return TRY(call.cast(y, dtype));
}

Expected<Results> import_matvec(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.float_operands("a", "b"));
  for (std::string_view name : {"a_is_sparse", "b_is_sparse"}) call.ignore(name);
  bool turns = TRY(call.flag("transpose_a", false)) || TRY(call.flag("adjoint_a", false));
  ValueId column = TRY(call.expand(both.b, call.rank(both.b)));
  ValueId y = TRY(matrix_product(call, TRY(turned_if(call, both.a, turns)), column));
  return TRY(call.squeeze(y, call.rank(y) - 1));
}

/// numpy.dot: the last axis of a with the last but one of b.
Expected<Results> import_dot(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.float_operands("x1|x", "x2|y"));
  if (call.rank(both.a) == 0 || call.rank(both.b) == 0) return TRY(call.multiply(both.a, both.b));
  int64_t axis = call.rank(both.b) == 1 ? -1 : -2;
  return TRY(contract(call, both.a, both.b, {{-1}, {axis}}));
}

/// numpy.inner: the last axis of both.
Expected<Results> import_inner(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.float_operands("x1", "x2"));
  if (call.rank(both.a) == 0 || call.rank(both.b) == 0) return TRY(call.multiply(both.a, both.b));
  return TRY(contract(call, both.a, both.b, {{-1}, {-1}}));
}

Expected<Results> import_outer(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.operands("x1", "x2"));
  ValueId column = TRY(call.expand(TRY(flattened(call, both.a)), 1));
  return TRY(call.multiply(column, TRY(call.expand(TRY(flattened(call, both.b)), 0))));
}

/// Two extents multiplied; -1 for what is left over where neither is known.
Extent joint_extent(const Extent& a, const Extent& b) {
  if (a.of != no_value && b.of != no_value) return Extent(-1);
  Extent joint = a.of != no_value ? a : b;
  int64_t factor = a.of != no_value ? b.size : a.size;
  if (joint.of == no_value) return Extent(joint.size * factor);
  joint.times *= factor;
  joint.plus *= factor;
  return joint;
}

/// numpy.kron: each element of the one times all of the other; the axes stand side by side first.
Expected<Results> import_kron(FunctionCall& call) {
  auto [a, b] = TRY(call.operands("x1", "x2"));
  while (call.rank(a) < call.rank(b)) a = TRY(call.expand(a, 0));
  while (call.rank(b) < call.rank(a)) b = TRY(call.expand(b, 0));
  Extents outer, inner, joint;
  for (int axis = 0; axis < call.rank(a); ++axis) {
    outer.insert(outer.end(), {call.extent(a, axis), Extent(1)});
    inner.insert(inner.end(), {Extent(1), call.extent(b, axis)});
    joint.push_back(joint_extent(call.extent(a, axis), call.extent(b, axis)));
  }
  ValueId product = TRY(call.multiply(TRY(call.reshape(a, outer)), TRY(call.reshape(b, inner))));
  return TRY(call.reshape(product, joint));
}

Expected<Results> import_flat_dot(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.float_operands("x1", "x2"));
  ValueId a = TRY(flattened(call, both.a)), b = TRY(flattened(call, both.b));
  return TRY(call.reduce("SUM", TRY(call.multiply(a, b)), {0}, false));
}

Expected<Results> import_tensordot(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.float_operands("x1|a", "x2|b"));
  const PyValue& written = call.argument("axes");
  Contraction axes;
  if (written.is_list()) {
    auto numbers = [](const PyValue& side) {
      std::vector<int64_t> found;
      if (side.is_number()) found.push_back(side.integer());
      for (const PyValue& item : side.items()) found.push_back(item.integer());
      return found;
    };
    ENSURE(written.items().size() == 2, "'axes' should be two lists, not ", written.shown());
    axes = {numbers(written.items()[0]), numbers(written.items()[1])};
  } else {
    int64_t count = TRY(call.integer("axes", -1, 2));
    ENSURE(count >= 0 && count <= call.rank(both.a) && count <= call.rank(both.b), count,
           " axes are too many for ", text_of(call.shape(both.a)), " and ",
           text_of(call.shape(both.b)));
    for (int64_t i = 0; i < count; ++i)
      axes.a.push_back(call.rank(both.a) - count + i), axes.b.push_back(i);
  }
  return TRY(contract(call, both.a, both.b, axes));
}

Expected<Results> import_einsum(FunctionCall& call) {
  std::string equation = TRY(call.text("subscripts|equation", "", call.newer() ? -1 : 0));
  std::vector<ValueId> operands;
  for (size_t i = call.newer() ? 0 : 1; i < call.place_count(); ++i)
    operands.push_back(TRY(call.tensor_like("", static_cast<int>(i), DType::f32)));
  if (!call.newer() && operands.empty() && call.has("inputs"))
    operands = TRY(call.tensors("inputs", -1));
  if (operands.empty())
    return call.unsupported("Keras 2 leaves the operands of einsum out of the file",
                            quoted(equation), "use an EinsumDense layer, or matmul and transpose");
  return TRY(einsum(call, equation, operands));
}

/// Vectors of three numbers.
Expected<Results> import_cross(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.operands("x1|a", "x2|b"));
  int64_t joint = TRY(call.integer("axis", -1, -1));
  int64_t at[3] = {joint, joint, joint};
  const std::string_view names[] = {"axisa", "axisb", "axisc"};
  for (int i = 0; i < 3 && !call.has("axis"); ++i) at[i] = TRY(call.integer(names[i], -1, -1));
  for (std::string_view name : names) call.ignore(name);
  ValueId a = TRY(call.transpose(both.a, TRY(move_order(call, both.a, {at[0]}, {-1}))));
  ValueId b = TRY(call.transpose(both.b, TRY(move_order(call, both.b, {at[1]}, {-1}))));
  if (call.shape(a).back() != 3 || call.shape(b).back() != 3)
    return call.unsupported("a cross product needs vectors of three numbers",
                            cat(text_of(call.shape(a)), " and ", text_of(call.shape(b))));
  ValueId next = call.integers({1, 2, 0}), last = call.integers({2, 0, 1});
  auto product = [&](ValueId from_a, ValueId from_b) -> Expected<ValueId> {
    ValueId left = TRY(gather(call, a, from_a, call.rank(a) - 1));
    return call.multiply(left, TRY(gather(call, b, from_b, call.rank(b) - 1)));
  };
  ValueId y = TRY(call.subtract(TRY(product(next, last)), TRY(product(last, next))));
  return TRY(call.transpose(y, TRY(move_order(call, y, {-1}, {at[2]}))));
}

/// What a norm is taken of.
struct Normed {
  ValueId x = no_value;
  std::vector<int64_t> axes;
  bool keep = false;
};

/// (sum |x|^p)^(1/p) and its limits.
Expected<ValueId> vector_norm(Emitter& emitter, const Normed& what, double p) {
  auto reduce = [&](std::string_view op, ValueId x) {
    return emitter.reduce(op, x, what.axes, what.keep);
  };
  if (p == 2) return emitter.node("SQRT", {TRY(reduce("SUM", TRY(square(emitter, what.x))))});
  ValueId magnitude = TRY(emitter.node("ABS", {what.x}));
  if (std::isinf(p)) return reduce(p > 0 ? "REDUCE_MAX" : "REDUCE_MIN", magnitude);
  if (p == 1) return reduce("SUM", magnitude);
  if (p == 0) {
    ValueId there = TRY(compare(emitter, "NOT_EQUAL", what.x, 0));
    return reduce("SUM", TRY(emitter.to_float(there)));
  }
  ValueId powers = TRY(emitter.node("POW", {magnitude, TRY(emitter.number(p, magnitude))}));
  ValueId sum = TRY(reduce("SUM", powers));
  return emitter.node("POW", {sum, TRY(emitter.number(1 / p, sum))});
}

/// Sums of magnitudes along one axis, the largest or smallest of them along the other.
Expected<ValueId> matrix_norm(Emitter& emitter, const Normed& what, double p) {
  ValueId magnitude = TRY(emitter.node("ABS", {what.x}));
  int64_t summed = what.axes[std::isinf(p) ? 1 : 0], chosen = what.axes[std::isinf(p) ? 0 : 1];
  ValueId sums = TRY(emitter.reduce("SUM", magnitude, {summed}, true));
  ValueId y = TRY(emitter.reduce(p > 0 ? "REDUCE_MAX" : "REDUCE_MIN", sums, {chosen}, true));
  if (what.keep) return y;
  int first = static_cast<int>(std::max(summed, chosen));
  y = TRY(emitter.squeeze(y, first));
  return emitter.squeeze(y, static_cast<int>(std::min(summed, chosen)));
}

Expected<ValueId> norm(FunctionCall& call, Normed what) {
  const PyValue& order = call.argument("ord");
  std::string_view word = order.text();
  what.axes.clear();
  bool has_axis = call.has("axis");
  for (int64_t at : TRY(call.integers("axis"))) what.axes.push_back(TRY(call.axis(at, what.x)));
  for (int i = 0; i < call.rank(what.x) && !has_axis; ++i) what.axes.push_back(i);
  bool is_euclidean = order.is_none() || word == "euclidean" || word == "fro";
  if (is_euclidean) return vector_norm(call, what, 2);
  double p = word == "inf" ? INFINITY : word == "-inf" ? -INFINITY : order.real();
  bool is_number = order.is_number() || std::isinf(p);
  // TensorFlow takes a tensor without axes as one vector, Keras 3 as what it is.
  bool is_vector = what.axes.size() == 1 || (!call.newer() && !has_axis);
  if (is_number && is_vector) return vector_norm(call, what, p);
  if (is_number && what.axes.size() == 2 && (std::abs(p) == 1 || std::isinf(p)))
    return matrix_norm(call, what, p);
  return call.unsupported("a norm of this order has no operator", order.shown(),
                          "use order 1, 2 or inf of vectors");
}

Expected<Results> import_norm(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  bool keep = TRY(call.flag("keepdims|keep_dims", false));
  return TRY(norm(call, {x, {}, keep}));
}

Expected<Results> import_euclidean_norm(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  std::vector<int64_t> axes = TRY(call.axes("axis", x));
  bool keep = TRY(call.flag("keepdims", false));
  return TRY(vector_norm(call, {x, axes, keep}, 2));
}

/// x divided by its norm, and the norm.
Expected<Results> import_normalized(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  ValueId length = TRY(norm(call, {x, {}, true}));
  return std::vector<ValueId>{TRY(call.divide(x, length)), length};
}

/// x / sqrt(max(sum(x * x), epsilon)).
Expected<Results> import_l2_normalize(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  std::vector<int64_t> axes = TRY(call.axes("axis|dim", x));
  double epsilon = TRY(call.real("epsilon", -1, 1e-12));
  if (epsilon == 1e-12) return TRY(unit_length(call, x, axes));
  ValueId sum = TRY(call.reduce("SUM", TRY(square(call, x)), axes, true));
  ValueId factor = TRY(call.node("RSQRT", {TRY(call.at_least(sum, epsilon))}));
  return TRY(call.multiply(x, factor));
}

/// x / max(norm, epsilon) of Keras 3.
Expected<Results> import_normalize(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  int64_t axis = TRY(call.axis(TRY(call.integer("axis", -1, -1)), x));
  double order = TRY(call.real("order", -1, 2)), epsilon = TRY(call.real("epsilon", -1, 1e-7));
  ValueId length = TRY(vector_norm(call, {x, {axis}, true}, order));
  return TRY(call.divide(x, TRY(call.at_least(length, epsilon))));
}

/// x * clip / max(norm, clip).
Expected<Results> import_clip_by_norm(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  std::vector<int64_t> axes = TRY(call.axes("axes", x));
  double limit = TRY(call.real("clip_norm"));
  ValueId length = TRY(vector_norm(call, {x, axes, true}, 2));
  ValueId bounded = TRY(call.at_least(length, limit));
  return TRY(call.divide(TRY(call.times(x, limit)), bounded));
}

/// The distance of each row of x from each row of y.
Expected<Results> import_distances(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.float_operands("x", "y"));
  ValueId x = TRY(call.expand(both.a, call.rank(both.a) - 1));
  ValueId y = TRY(call.expand(both.b, call.rank(both.b) - 2));
  ValueId squares = TRY(call.node("SQUARED_DIFFERENCE", {x, y}));
  return TRY(call.node("SQRT", {TRY(call.reduce("SUM", squares, {-1}, false))}));
}

Expected<Results> import_bias(FunctionCall& call) {
  ValueId x = TRY(call.tensor("value|x", 0));
  ValueId bias = TRY(call.tensor_like("bias", 1, call.dtype(x)));
  std::string format = TRY(call.text("data_format", "NHWC"));
  bool is_first = format.starts_with("NC") || format == "channels_first";
  for (int i = 2; is_first && i < call.rank(x); ++i) bias = TRY(call.expand(bias, call.rank(bias)));
  return TRY(call.add(x, bias));
}

/// x @ weights + biases; with number 1 followed by RELU.
Expected<Results> import_affine(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("x", 0));
  ValueId weights = TRY(call.tensor_like("weights", -1, DType::f32));
  ValueId biases = TRY(call.tensor_like("biases", -1, DType::f32));
  ValueId y = TRY(call.add(TRY(matrix_product(call, x, weights)), biases));
  return call.def().number == 1 ? TRY(call.node("RELU", {y})) : y;
}

constexpr FunctionDef functions[] = {
    {{"linalg.matmul", "batch_matmul"},
     {"Matmul"},
     import_matmul,
     {},
     0,
     "BATCH_MATMUL, or FULLY_CONNECTED with a constant matrix"},
    {{"linalg.matvec"}, {}, import_matvec, {}, 0, "BATCH_MATMUL"},
    {{"keras.backend.dot"}, {"Dot"}, import_dot, {}, 0, "BATCH_MATMUL or FULLY_CONNECTED"},
    {{}, {"Inner"}, import_inner, {}, 0, "BATCH_MATMUL or FULLY_CONNECTED"},
    {{}, {"Outer"}, import_outer, {}, 0, "MUL"},
    {{}, {"Kron"}, import_kron, {}, 0, "RESHAPE, MUL, RESHAPE"},
    {{}, {"Vdot"}, import_flat_dot, {}, 0, "MUL and SUM"},
    {{"tensordot"}, {"Tensordot"}, import_tensordot, {}, 0, "BATCH_MATMUL or FULLY_CONNECTED"},
    {{"einsum", "linalg.einsum"},
     {"Einsum"},
     import_einsum,
     {},
     0,
     "TRANSPOSE, and BATCH_MATMUL, FULLY_CONNECTED or MUL"},
    {{"linalg.cross"}, {"Cross"}, import_cross, {}, 0, "GATHER, MUL and SUB"},
    {{"norm"}, {"Norm"}, import_norm, {}, 0, "SQUARE, SUM and SQRT and the like"},
    {{"math.reduce_euclidean_norm"}, {}, import_euclidean_norm, {}, 0, "SQUARE, SUM and SQRT"},
    {{"linalg.normalize"}, {}, import_normalized, {}, 0, "a norm and DIV"},
    {{"math.l2_normalize", "nn.l2_normalize", "keras.backend.l2_normalize"},
     {},
     import_l2_normalize,
     {},
     0,
     "L2_NORMALIZATION; SQUARE, SUM, MAXIMUM, RSQRT and MUL for other axes than the last"},
    {{}, {"Normalize"}, import_normalize, {}, 0, "a norm, MAXIMUM and DIV"},
    {{"clip_by_norm"}, {}, import_clip_by_norm, {}, 0, "a norm, MAXIMUM and DIV"},
    {{}, {"CDist"}, import_distances, {}, 0, "SQUARED_DIFFERENCE, SUM and SQRT"},
    {{"nn.bias_add", "keras.backend.bias_add"}, {}, import_bias, {}, 0, "ADD"},
    {{"nn.xw_plus_b"}, {}, import_affine, {}, 0, "FULLY_CONNECTED and ADD"},
    {{"nn.relu_layer"}, {}, import_affine, {}, 1, "FULLY_CONNECTED, ADD and RELU"},
};

}  // namespace

FunctionTable linear_functions() { return function_table(functions); }

}  // namespace wherry::keras
