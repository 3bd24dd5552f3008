// Tests of the window reductions.
#include "ops/stablehlo/reduce_window.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs reduce(int32_t function, std::vector<int64_t> window, std::vector<int64_t> strides,
               std::vector<int64_t> dilations) {
  return run_op(op::reduce_window,
                Attributes::of(op::reduce_window_attributes, op::ReduceWindow{function}),
                {fed<int32_t>({5}, {1, 2, 4, 8, 16}), fed<int32_t>(Shape(), {0}),
                 constant<int64_t>({1}, window), constant<int64_t>({1}, strides),
                 constant<int64_t>({1}, dilations)},
                {declared(DType::i32)});
}

TEST(ReduceWindow, SlidesAWindow) {
  expect_output<int32_t>(reduce(1, {2}, {1}, {1}), {4}, {3, 6, 12, 24});
  expect_output<int32_t>(reduce(4, {2}, {2}, {2}), {2}, {4, 16});
  expect_output<int32_t>(reduce(1, {9}, {1}, {1}), {0}, {});
}

TEST(ReduceWindow, RejectsZerosAndUnknownFunctions) {
  expect_problem(reduce(1, {0}, {1}, {1}), "a window of 0");
  expect_problem(reduce(1, {2}, {0}, {1}), "with stride 0");
  expect_problem(reduce(1, {2}, {1}, {0}), "dilation 0");
  expect_problem(reduce(1, {INT64_MAX}, {1}, {INT64_MAX}), "cannot slide");
  expect_problem(reduce(0, {2}, {1}, {1}), "unknown function 0");
  expect_problem(reduce(7, {2}, {1}, {1}), "unknown function 7");
}

/// A model whose body graph gives back its second value.
Model with_body(op::StablehloReduceWindow options, DType body_type) {
  Model model =
      one_node_model(op::stablehlo_reduce_window,
                     Attributes::of(op::stablehlo_reduce_window_attributes, std::move(options)),
                     {fed<int32_t>({3}, {}), fed<int32_t>(Shape(), {})}, {declared(DType::i32)});
  Graph& body = model.graphs.emplace_back();
  body.values = {{.name = "a", .type = declared(body_type)},
                 {.name = "b", .type = declared(body_type)}};
  body.inputs = {0, 1};
  body.outputs = {1};
  return model;
}
Outputs run(const Model& model) {
  Operand x = fed<int32_t>({3}, {1, 2, 3}), start = fed<int32_t>(Shape(), {7});
  auto view = [](const Operand& operand) {
    return TensorView{&operand.type, const_cast<std::byte*>(operand.data.bytes().data()),
                      operand.data.size()};
  };
  TensorView inputs[] = {view(x), view(start)};
  return Evaluator(model).run(inputs);
}

TEST(StablehloReduceWindow, PadsWithTheStartValueAndDilates) {
  // 1 . 2 . 3 between one start value on each side; the body keeps the last element of a window.
  Model model = with_body({.window_dimensions = {2},
                           .window_strides = {2},
                           .base_dilations = {2},
                           .window_dilations = {1},
                           .padding = {1, 1},
                           .body_subgraph_index = 1},
                          DType::i32);
  expect_output<int32_t>(run(model), {3}, {1, 2, 3});
}

TEST(StablehloReduceWindow, RejectsBodiesOfAnotherType) {
  Model model = with_body({.body_subgraph_index = 1}, DType::f32);
  expect_problem(run(model), "must compute with i32, not f32");
  model = with_body({.body_subgraph_index = 5}, DType::i32);
  expect_problem(run(model), "the model has no graph 5");
}

}  // namespace
}  // namespace wherry
