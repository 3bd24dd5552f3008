// Functions that give a tensor another shape or order of axes.
#include "keras/functions/shape.h"

#include <algorithm>
#include <numeric>

#include "keras/functions/function_call.h"
#include "keras/functions/reduction.h"
#include "ops/shape/depth_and_space.h"
#include "ops/shape/reverse_sequence.h"

namespace wherry::keras {

Expected<ValueId> reshape_to(Emitter& emitter, ValueId x, ValueId shape) {
  ValueId y = TRY(emitter.node("RESHAPE", {x, shape}));
  Extents known;
  for (int64_t extent : emitter.shape(y)) known.push_back(extent);
  if (std::count(emitter.shape(y).begin(), emitter.shape(y).end(), -1) > 1) return y;
  return emitter.reshape(x, known);
}

std::vector<int64_t> exchange(int rank, int a, int b) {
  std::vector<int64_t> order(static_cast<size_t>(rank));
  std::iota(order.begin(), order.end(), 0);
  std::swap(order[static_cast<size_t>(a)], order[static_cast<size_t>(b)]);
  return order;
}

Expected<ValueId> matrix_transposed(Emitter& emitter, ValueId x) {
  int rank = emitter.rank(x);
  ENSURE(rank >= 2, "a matrix is expected, but the shape is ", text_of(emitter.shape(x)));
  return emitter.transpose(x, exchange(rank, rank - 2, rank - 1));
}

Expected<std::vector<int64_t>> move_order(const Emitter& emitter, ValueId x,
                                          const std::vector<int64_t>& from,
                                          const std::vector<int64_t>& to) {
  ENSURE(from.size() == to.size(), "axes ", from, " cannot be moved to places ", to);
  std::vector<int64_t> order(static_cast<size_t>(emitter.rank(x)), -1);
  std::vector<bool> moves(order.size());
  for (size_t i = 0; i < from.size(); ++i) {
    size_t source = static_cast<size_t>(TRY(emitter.axis(from[i], x)));
    size_t target = static_cast<size_t>(TRY(emitter.axis(to[i], x)));
    ENSURE(!moves[source] && order[target] < 0, "an axis or place is named twice");
    moves[source] = true;
    order[target] = static_cast<int64_t>(source);
  }
  size_t next = 0;
  for (int64_t& place : order) {
    while (next < moves.size() && moves[next]) ++next;
    if (place < 0) place = static_cast<int64_t>(next++);
  }
  return order;
}

namespace {

Expected<Results> import_reshape(FunctionCall& call) {
  ValueId x = TRY(call.first());
  const PyValue& written = call.argument("shape|newshape|target_shape", 1);
  ENSURE(!written.is_none(), "the function is called without a shape");
  return TRY(reshape_to(call, x, TRY(call.integer_tensor(written))));
}

Expected<Results> import_flat(FunctionCall& call) {
  return TRY(flattened(call, TRY(call.first())));
}

/// All axes but the first joined.
Expected<Results> import_batch_flat(FunctionCall& call) {
  ValueId x = TRY(call.first());
  return TRY(call.merge_axes(x, 1, call.rank(x)));
}

Expected<Results> import_transpose(FunctionCall& call) {
  ValueId x = TRY(call.first());
  TRY(call.only("conjugate", PyValue::of(false)));
  std::vector<int64_t> order = TRY(call.integers("perm|axes|pattern"));
  if (order.empty()) {
    for (int i = call.rank(x); i-- > 0;) order.push_back(i);
  }
  for (int64_t& at : order) at = TRY(call.axis(at, x));
  std::vector<int64_t> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  bool complete = static_cast<int>(order.size()) == call.rank(x) &&
                  std::unique(sorted.begin(), sorted.end()) == sorted.end();
  ENSURE(complete, "the axes ", order, " are no order of those of ", text_of(call.shape(x)));
  return TRY(call.transpose(x, order));
}

Expected<Results> import_matrix_transpose(FunctionCall& call) {
  TRY(call.only("conjugate", PyValue::of(false)));
  return TRY(matrix_transposed(call, TRY(call.first())));
}

Expected<Results> import_exchange(FunctionCall& call) {
  ValueId x = TRY(call.first());
  int a = TRY(call.axis(TRY(call.integer("axis1")), x));
  int b = TRY(call.axis(TRY(call.integer("axis2")), x));
  return TRY(call.transpose(x, exchange(call.rank(x), a, b)));
}

Expected<Results> import_move(FunctionCall& call) {
  ValueId x = TRY(call.first());
  std::vector<int64_t> from = TRY(call.integers("source")), to = TRY(call.integers("destination"));
  return TRY(call.transpose(x, TRY(move_order(call, x, from, to))));
}

Expected<Results> import_expand(FunctionCall& call) {
  ValueId x = TRY(call.first());
  std::vector<int64_t> axes = TRY(call.integers("axis|dim", 1));
  if (axes.empty()) axes.push_back(-1);
  int rank = call.rank(x) + static_cast<int>(axes.size());
  for (int64_t& at : axes) {
    ENSURE(at >= -rank && at < rank, "axis ", at, " is outside of ", rank, " axes");
    at += at < 0 ? rank : 0;
  }
  std::sort(axes.begin(), axes.end());
  ENSURE(std::unique(axes.begin(), axes.end()) == axes.end(), "an axis is named twice");
  Extents to = call.extents(x);
  for (int64_t at : axes) to.insert(to.begin() + at, Extent(1));
  return TRY(call.reshape(x, to));
}

Expected<Results> import_squeeze(FunctionCall& call) {
  ValueId x = TRY(call.first());
  constexpr std::string_view names = "axis|squeeze_dims";
  const Shape shape = call.shape(x);
  std::vector<int64_t> axes;
  for (int64_t at : TRY(call.integers(names))) axes.push_back(TRY(call.axis(at, x)));
  for (int i = 0; i < shape.rank() && axes.empty(); ++i) {
    bool is_open = shape[i] < 0 && i > 0;
    if (is_open && !call.has(names))
      return call.unsupported("which axes are squeezed depends on sizes that are not known",
                              text_of(shape), "name the axes");
  }
  Extents to;
  for (int i = 0; i < shape.rank(); ++i) {
    bool named = std::find(axes.begin(), axes.end(), i) != axes.end();
    ENSURE(!named || shape[i] == 1 || shape[i] < 0, "axis ", i, " of ", text_of(shape),
           " cannot be squeezed");
    bool goes = axes.empty() && !call.has(names) ? shape[i] == 1 : named;
    if (!goes) to.push_back(call.extent(x, i));
  }
  return TRY(call.reshape(x, to));
}

Expected<Results> import_reverse(FunctionCall& call) {
  ValueId x = TRY(call.first());
  for (int64_t at : TRY(call.axes("axis|axes", x))) x = TRY(call.reverse(x, at));
  return x;
}

/// Along the axis `number`.
Expected<Results> import_fixed_reverse(FunctionCall& call) {
  return TRY(call.reverse(TRY(call.first()), static_cast<int64_t>(call.def().number)));
}

Expected<Results> import_reverse_sequence(FunctionCall& call) {
  ValueId x = TRY(call.tensor("input", 0)), lengths = TRY(call.tensor("seq_lengths", -1));
  int steps = TRY(call.axis(TRY(call.integer("seq_axis|seq_dim", -1, 0)), x));
  int batch = TRY(call.axis(TRY(call.integer("batch_axis|batch_dim", -1, 0)), x));
  return TRY(call.node(op::reverse_sequence,
                       op::ReverseSequence{.seq_dim = steps, .batch_dim = batch}, {x, lengths}));
}

/// A quarter turn from the first axis to the second, k times.
Expected<Results> import_quarter_turns(FunctionCall& call) {
  ValueId x = TRY(call.first());
  int64_t turns = ((TRY(call.integer("k", -1, 1)) % 4) + 4) % 4;
  std::vector<int64_t> axes = TRY(call.integers("axes"));
  if (axes.empty()) axes = {0, 1};
  ENSURE(axes.size() == 2, "a turn needs two axes, but gets ", axes);
  int a = TRY(call.axis(axes[0], x)), b = TRY(call.axis(axes[1], x));
  std::vector<int64_t> order = exchange(call.rank(x), a, b);
  if (turns == 2) return TRY(call.reverse(TRY(call.reverse(x, a)), b));
  if (turns == 1) return TRY(call.reverse(TRY(call.transpose(x, order)), a));
  if (turns == 3) return TRY(call.transpose(TRY(call.reverse(x, a)), order));
  return x;
}

bool is_channels_first(std::string_view format) {
  return format == "channels_first" || format.starts_with("NC");
}

/// DEPTH_TO_SPACE or SPACE_TO_DEPTH.
Expected<Results> import_blocks(FunctionCall& call) {
  ValueId x = TRY(call.first());
  int32_t block = static_cast<int32_t>(TRY(call.integer("block_size")));
  std::string format = TRY(call.text("data_format", "NHWC"));
  if (is_channels_first(format)) x = TRY(call.transpose(x, {0, 2, 3, 1}));
  bool gathers = call.def().op == "SPACE_TO_DEPTH";
  const OpDef& op = gathers ? op::space_to_depth : op::depth_to_space;
  ValueId y = TRY(call.node(op, op::BlockSize{block}, {x}));
  return is_channels_first(format) ? TRY(call.transpose(y, {0, 3, 1, 2})) : y;
}

Expected<Results> import_batch_blocks(FunctionCall& call) {
  ValueId x = TRY(call.first());
  ValueId blocks = TRY(call.integer_tensor(call.argument("block_shape|block_size")));
  ValueId margins = TRY(call.tensor_like("crops|paddings", -1, DType::i32));
  return TRY(call.node(call.def().op, {x, blocks, margins}));
}

Expected<Results> import_broadcast(FunctionCall& call) {
  ValueId x = TRY(call.first());
  ValueId shape = TRY(call.integer_tensor(call.argument("shape")));
  return TRY(call.node("BROADCAST_TO", {x, shape}));
}

constexpr FunctionDef functions[] = {
    {{"reshape", "manip.reshape", "keras.backend.reshape"},
     {"Reshape"},
     import_reshape,
     {},
     0,
     "RESHAPE"},
    {{"keras.backend.flatten"}, {"Ravel"}, import_flat, {}, 0, "RESHAPE"},
    {{"keras.backend.batch_flatten"}, {}, import_batch_flat, {}, 0, "RESHAPE"},
    {{"transpose", "keras.backend.permute_dimensions", "keras.backend.transpose"},
     {"Transpose"},
     import_transpose,
     {},
     0,
     "TRANSPOSE"},
    {{"linalg.matrix_transpose", "linalg.adjoint"},
     {},
     import_matrix_transpose,
     {},
     0,
     "TRANSPOSE"},
    {{}, {"Swapaxes"}, import_exchange, {}, 0, "TRANSPOSE"},
    {{}, {"Moveaxis"}, import_move, {}, 0, "TRANSPOSE"},
    {{"expand_dims", "keras.backend.expand_dims"}, {"ExpandDims"}, import_expand, {}, 0, "RESHAPE"},
    {{"squeeze", "keras.backend.squeeze"}, {"Squeeze"}, import_squeeze, {}, 0, "RESHAPE"},
    {{"reverse", "keras.backend.reverse"}, {"Flip"}, import_reverse, {}, 0, "REVERSE_V2"},
    {{}, {"Flipud"}, import_fixed_reverse, {}, 0, "REVERSE_V2"},
    {{}, {"Fliplr"}, import_fixed_reverse, {}, 1, "REVERSE_V2"},
    {{"image.flip_left_right"}, {}, import_fixed_reverse, {}, -2, "REVERSE_V2"},
    {{"image.flip_up_down"}, {}, import_fixed_reverse, {}, -3, "REVERSE_V2"},
    {{"reverse_sequence"}, {}, import_reverse_sequence, {}, 0, "REVERSE_SEQUENCE"},
    {{}, {"Rot90"}, import_quarter_turns, {}, 0, "TRANSPOSE and REVERSE_V2"},
    {{"nn.depth_to_space", "depth_to_space"}, {"DepthToSpace"}, import_blocks, "DEPTH_TO_SPACE"},
    {{"nn.space_to_depth", "space_to_depth"}, {"SpaceToDepth"}, import_blocks, "SPACE_TO_DEPTH"},
    {{"space_to_batch", "space_to_batch_nd", "nn.space_to_batch"},
     {},
     import_batch_blocks,
     "SPACE_TO_BATCH_ND"},
    {{"batch_to_space", "batch_to_space_nd"}, {}, import_batch_blocks, "BATCH_TO_SPACE_ND"},
    {{"broadcast_to"}, {"BroadcastTo"}, import_broadcast, "BROADCAST_TO"},
};

}  // namespace

FunctionTable shape_functions() { return function_table(functions); }

}  // namespace wherry::keras
