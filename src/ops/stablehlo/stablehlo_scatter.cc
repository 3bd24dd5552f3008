// STABLEHLO_SCATTER: combines windows of updates into a copy of a tensor.
#include "ops/stablehlo/stablehlo_scatter.h"

#include "ops/element_copy.h"
#include "ops/registry.h"
#include "ops/stablehlo/axis_lists.h"
#include "ops/stablehlo/combination.h"
#include "ops/stablehlo/stablehlo_types.h"

namespace wherry::op {
namespace {

constexpr Field stablehlo_scatter_fields[] = {
    field<&StablehloScatter::indices_are_sorted>("indices_are_sorted", 0),
    field<&StablehloScatter::update_window_dims>("update_window_dims", 1),
    field<&StablehloScatter::inserted_window_dims>("inserted_window_dims", 2),
    field<&StablehloScatter::scatter_dims_to_operand_dims>("scatter_dims_to_operand_dims", 3),
    field<&StablehloScatter::index_vector_dim>("index_vector_dim", 4),
    field<&StablehloScatter::unique_indices>("unique_indices", 5),
    field<&StablehloScatter::update_computation_subgraph_index>("update_computation_subgraph_index",
                                                                6)};

Status check_options(const InferContext& context, const StablehloScatter& a) {
  const Shape &operand = context.shape(0), &indices = context.shape(1), &updates = context.shape(2);
  ENSURE(a.index_vector_dim >= 0 && a.index_vector_dim <= indices.rank(),
         "STABLEHLO_SCATTER got the index vector axis ", a.index_vector_dim,
         " for indices of rank ", indices.rank());
  TRY(check_axes(a.update_window_dims, updates.rank(), true, "update window axes"));
  TRY(check_axes(a.inserted_window_dims, operand.rank(), true, "inserted window axes"));
  TRY(check_axes(a.scatter_dims_to_operand_dims, operand.rank(), false, "scatter axes"));
  IndexBatch batch(indices, a.index_vector_dim);
  bool fits =
      batch.depth() == static_cast<int64_t>(a.scatter_dims_to_operand_dims.size()) &&
      a.update_window_dims.size() + a.inserted_window_dims.size() ==
          static_cast<size_t>(operand.rank()) &&
      updates.rank() == batch.batch().rank() + static_cast<int>(a.update_window_dims.size());
  int next = 0;
  for (int axis = 0; fits && axis < updates.rank(); ++axis) {
    if (!names_axis(a.update_window_dims, axis)) fits = updates[axis] == batch.batch()[next++];
  }
  ENSURE(fits, "STABLEHLO_SCATTER into the shape ", operand, " with indices of shape ", indices,
         " and updates of shape ", updates, " does not fit its options");
  return {};
}

Status infer_stablehlo_scatter(InferContext& context) {
  const auto& a = context.attributes<StablehloScatter>();
  ENSURE(context.dtype(0) == context.dtype(2), "STABLEHLO_SCATTER needs one type, got ",
         context.dtype(0), " and ", context.dtype(2));
  TRY(check_options(context, a));
  TRY(check_combination(context, a.update_computation_subgraph_index, context.dtype(0)));
  return context.set_output(0, context.dtype(0), context.shape(0));
}

/// For each axis of the updates: the axis of the operand it moves along (window axes), or -1 and
/// the step in the number of the index vector (batch axes).
struct UpdateAxis {
  int operand_axis = -1;
  int64_t batch_step = 0;
};

std::vector<UpdateAxis> update_axes(const StablehloScatter& a, const Shape& operand,
                                    const Shape& updates) {
  std::vector<UpdateAxis> result(static_cast<size_t>(updates.rank()));
  int64_t batch_step = 1;
  for (int axis = updates.rank(); axis-- > 0;) {
    if (names_axis(a.update_window_dims, axis)) continue;
    result[static_cast<size_t>(axis)].batch_step = batch_step;
    batch_step *= updates[axis];
  }
  size_t next = 0;
  for (int axis = 0; axis < operand.rank(); ++axis) {
    if (names_axis(a.inserted_window_dims, axis)) continue;
    result[static_cast<size_t>(a.update_window_dims[next++])].operand_axis = axis;
  }
  return result;
}

class Scatter {
 public:
  explicit Scatter(Call& call)
      : call_(call),
        a_(call.attributes<StablehloScatter>()),
        operand_(call.shape(0)),
        updates_(call.shape(2)),
        batch_(call.shape(1), a_.index_vector_dim),
        axes_(update_axes(a_, operand_, updates_)) {}

  template <class T>
  Status run(const Combiner<T>& combine) {
    std::copy_n(call_.data<T>(0), operand_.elements(), call_.result<T>(0));
    for (int64_t i = 0; i < updates_.elements(); ++i) {
      int64_t to = target(i);
      if (to < 0) continue;
      T& place = call_.result<T>(0)[to];
      place = TRY(combine(place, call_.data<T>(2)[i]));
    }
    return {};
  }

 private:
  /// Element of the operand that update i goes to; -1: outside, so the update is dropped.
  int64_t target(int64_t i) const {
    std::vector<int64_t> position(static_cast<size_t>(operand_.rank()), 0);
    int64_t vector = 0;
    for (int axis = updates_.rank(); axis-- > 0; i /= updates_[axis]) {
      const UpdateAxis& row = axes_[static_cast<size_t>(axis)];
      if (row.operand_axis >= 0)
        position[static_cast<size_t>(row.operand_axis)] = i % updates_[axis];
      else
        vector += i % updates_[axis] * row.batch_step;
    }
    for (size_t k = 0; k < a_.scatter_dims_to_operand_dims.size(); ++k) {
      size_t axis = static_cast<size_t>(a_.scatter_dims_to_operand_dims[k]);
      int64_t index = batch_.at(call_.input(1), vector, static_cast<int64_t>(k));
      if (index < 0 || index >= operand_[static_cast<int>(axis)]) return -1;
      position[axis] += index;
    }
    int64_t flat = 0;
    for (int axis = 0; axis < operand_.rank(); ++axis) {
      if (position[static_cast<size_t>(axis)] >= operand_[axis]) return -1;
      flat = flat * operand_[axis] + position[static_cast<size_t>(axis)];
    }
    return flat;
  }

  Call& call_;
  const StablehloScatter& a_;
  const Shape &operand_, &updates_;
  IndexBatch batch_;
  std::vector<UpdateAxis> axes_;
};

Status reference(Call& call) {
  int32_t graph = call.attributes<StablehloScatter>().update_computation_subgraph_index;
  Combination kind = TRY(combination_of(call.environment().model(), graph, call.dtype(0)));
  Status status;
  for_combined_type(call.dtype(0), [&]<class T>() {
    status = Scatter(call).run(Combiner<T>(call, kind, graph, call.dtype(0)));
  });
  return status;
}

}  // namespace

constinit const AttributesType stablehlo_scatter_attributes =
    attributes_type<StablehloScatter>(stablehlo_scatter_fields, 0, 7);

constinit const OpDef stablehlo_scatter = {
    .name = "STABLEHLO_SCATTER",
    .code = 190,
    .attributes = &stablehlo_scatter_attributes,
    .inputs = {{"operand", stablehlo_types},
               {"indices", one_of(DType::i32, DType::i64)},
               {"updates", stablehlo_types}},
    .outputs = {{"y", stablehlo_types}},
    .versions = {{1, "2.15.0"}},
    .infer = infer_stablehlo_scatter,
    .reference = reference,
    .effects = Effects::stateful,
    .doc = "combines windows of updates into a copy of a tensor; updates outside are dropped"};

OpTable stablehlo_scatter_ops() { return op_table(stablehlo_scatter); }

}  // namespace wherry::op
