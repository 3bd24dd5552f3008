// Tests of STABLEHLO_SCATTER.
#include "ops/stablehlo/stablehlo_scatter.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

op::StablehloScatter rows() {
  return {.update_window_dims = {1},
          .inserted_window_dims = {0},
          .scatter_dims_to_operand_dims = {0},
          .index_vector_dim = 1,
          .update_computation_subgraph_index = 1};
}

/// Scatters rows into [3, 2] with a body that gives back one of its two values.
Outputs scatter(op::StablehloScatter options, ValueId kept, std::vector<int32_t> indices) {
  std::vector<Operand> operands = {fed<int32_t>({3, 2}, {1, 2, 3, 4, 5, 6}),
                                   fed<int32_t>({2, 1}, indices),
                                   fed<int32_t>({2, 2}, {7, 8, 9, 10})};
  Model model = one_node_model(op::stablehlo_scatter,
                               Attributes::of(op::stablehlo_scatter_attributes, std::move(options)),
                               operands, {declared(DType::i32)});
  Graph& body = model.graphs.emplace_back();
  body.values = {{.name = "a", .type = declared(DType::i32)},
                 {.name = "b", .type = declared(DType::i32)}};
  body.inputs = {0, 1};
  body.outputs = {kept};
  std::vector<TensorView> views;
  for (const Operand& operand : operands)
    views.push_back(
        {&operand.type, const_cast<std::byte*>(operand.data.bytes().data()), operand.data.size()});
  return Evaluator(model).run(views);
}

TEST(StablehloScatter, AnEmptyBodyReplacesOrKeeps) {
  expect_output<int32_t>(scatter(rows(), 1, {2, 0}), {3, 2}, {9, 10, 3, 4, 7, 8});
  expect_output<int32_t>(scatter(rows(), 0, {2, 0}), {3, 2}, {1, 2, 3, 4, 5, 6});
}

TEST(StablehloScatter, DropsUpdatesOutside) {
  expect_output<int32_t>(scatter(rows(), 1, {3, -1}), {3, 2}, {1, 2, 3, 4, 5, 6});
}

TEST(StablehloScatter, RejectsOptionsThatDoNotFit) {
  op::StablehloScatter options = rows();
  options.inserted_window_dims = {5};
  expect_problem(scatter(options, 1, {0, 0}), "the inserted window axes [5]");
  options = rows();
  options.update_window_dims = {};
  expect_problem(scatter(options, 1, {0, 0}), "does not fit its options");
  options = rows();
  options.update_computation_subgraph_index = 0;
  expect_problem(scatter(options, 1, {0, 0}), "the body graph");
}

}  // namespace
}  // namespace wherry
