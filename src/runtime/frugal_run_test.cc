// Piece by piece gives what a planned session gives.
#include "runtime/frugal_run.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>

#include "base/halves.h"
#include "ir/workshop.h"
#include "ops/parsed_test.h"

namespace wherry {
namespace {

using test::parsed;

void expect_same(const Model& model, std::span<const TensorView> inputs) {
  auto shared = SharedModel::create(model);
  ASSERT_TRUE(shared) << shared.error().text();
  auto expected = Session(*shared, {}).run(inputs);
  auto got = run_frugally(model, inputs);
  ASSERT_TRUE(expected) << expected.error().text();
  ASSERT_TRUE(got) << got.error().text();
  ASSERT_EQ(expected->size(), got->size());
  for (size_t i = 0; i < got->size(); ++i) {
    TensorView a = (*expected)[i].view(), b = (*got)[i].view();
    ASSERT_EQ(a.shape(), b.shape());
    EXPECT_EQ(std::memcmp(a.data, b.data, a.bytes), 0) << "output " << i;
  }
}

TEST(FrugalRun, EqualsAPlannedSession) {
  Model model = parsed(R"(
graph main(x: f32[?,4]) -> (y, a) {
  w = const f32[3,4] [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3]
  b = const f32[3] [1, -20, 3]
  a: f32[?,3] = FULLY_CONNECTED(x, w, b)
  r: f32[?,3] = RELU(a)
  y: f32[?,3] = ADD(r, a)
})");
  std::vector<float> x = {1, -2, 3, -4, 5, 6, 7, 8};
  Tensor tensor = Tensor::of<float>({2, 4}, x);
  std::vector<TensorView> inputs = {tensor.view()};
  expect_same(model, inputs);
}

/// Weights that are too many for one piece.
void enlarge(Model& model, const char* name, int64_t extent) {
  for (Value& value : model.main().values) {
    if (value.name != name) continue;
    value.type.shape = {extent, extent};
    std::vector<float> elements(static_cast<size_t>(extent * extent));
    for (size_t i = 0; i < elements.size(); ++i) elements[i] = static_cast<float>(i % 7) - 3;
    value.constant = Constant::of(std::move(elements));
  }
}

TEST(FrugalRun, EqualsAPlannedSessionInSeveralPieces) {
  Model model = parsed(R"(
graph main(x: f32[1,800]) -> (y) {
  w = const f32[1,1] [1]
  v = const f32[1,1] [1]
  a: f32[1,800] = FULLY_CONNECTED(x, w, -)
  b: f32[1,800] = NEG(a)
  c: f32[1,800] = FULLY_CONNECTED(b, v, -)
  y: f32[1,800] = ADD(c, a)
})");
  enlarge(model, "w", 800);
  enlarge(model, "v", 800);
  std::vector<float> x(800, 0.25f);
  Tensor tensor = Tensor::of<float>({1, 800}, x);
  std::vector<TensorView> inputs = {tensor.view()};
  expect_same(model, inputs);
}

/// Made of the same numbers with the first axis last, as Keras stores kernels.
Constant stored_by_columns(const Constant& weights, size_t columns) {
  std::vector<float> rows(weights.size() / 4), stored(rows.size());
  std::memcpy(rows.data(), weights.bytes().data(), weights.size());
  const size_t depth = rows.size() / columns;
  for (size_t n = 0; n < columns; ++n) {
    for (size_t k = 0; k < depth; ++k) stored[k * columns + n] = rows[n * depth + k];
  }
  auto fill = [weights](size_t first, std::span<std::byte> part) { weights.read(first, part); };
  return Workshop().defer({.method = "last axis first",
                           .size = weights.size(),
                           .granule = 4,
                           .fill = fill,
                           .sources = {Constant::of(std::move(stored))},
                           .puts_last_axis_first = true});
}

/// The products of `text`, whose weights "w" count their columns in the first axis.
void expect_weights_are_read_as_stored(const char* text, const Shape& weights, const Shape& x) {
  Model model = parsed(text);
  std::vector<float> elements(static_cast<size_t>(weights.elements()));
  for (size_t i = 0; i < elements.size(); ++i) elements[i] = static_cast<float>(i % 11) - 5;
  Value* value = nullptr;
  for (Value& each : model.main().values) {
    if (each.name == "w") value = &each;
  }
  value->type.shape = weights;
  value->constant = Constant::of(std::move(elements));
  std::vector<float> numbers(static_cast<size_t>(x.elements()));
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i % 5) - 2;
  Tensor tensor = Tensor::of<float>(x, numbers);
  std::vector<TensorView> inputs = {tensor.view()};
  auto expected = run_frugally(model, inputs);
  value->constant = stored_by_columns(value->constant, static_cast<size_t>(weights[0]));
  auto got = run_frugally(model, inputs);
  ASSERT_TRUE(expected && got);
  auto a = (*expected)[0].view().span<const float>(), b = (*got)[0].view().span<const float>();
  // Small whole numbers: every order of summing gives the same.
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()));
}

TEST(FrugalRun, ReadsDenseKernelsAsTheyAreStored) {
  constexpr const char* text = R"(
graph main(x: f32[?,300]) -> (y) {
  w = const f32[1,1] [1]
  y: f32[?,90] = FULLY_CONNECTED(x, w, -)
})";
  for (int64_t rows : {int64_t{1}, int64_t{7}})
    expect_weights_are_read_as_stored(text, {90, 300}, {rows, 300});
}

TEST(FrugalRun, ReadsConvolutionKernelsAsTheyAreStored) {
  constexpr const char* text = R"(
graph main(x: f32[1,6,6,320]) -> (y) {
  w = const f32[1,1,1,1] [1]
  b = const f32[4] [1, 2, 3, -4]
  y: f32[1,6,6,4] = CONV_2D(x, w, b) {padding=same, stride_w=1, stride_h=1}
})";
  expect_weights_are_read_as_stored(text, {4, 3, 3, 320}, {1, 6, 6, 320});
}

TEST(FrugalRun, FollowsShapesThatValuesDecide) {
  Model model = parsed(R"(
graph main(x: f32[?,4]) -> (y) {
  from = const i32[1] [0]
  to = const i32[1] [1]
  step = const i32[1] [1]
  four = const i32[1] [2]
  two = const i32[1] [2]
  s: i32[2] = SHAPE(x)
  n: i32[1] = STRIDED_SLICE(s, from, to, step)
  t: i32[3] = CONCATENATION(n, two, four) {axis=0}
  y: f32[?,2,2] = RESHAPE(x, t)
})");
  std::vector<float> x = {1, 2, 3, 4, 5, 6, 7, 8};
  Tensor tensor = Tensor::of<float>({2, 4}, x);
  std::vector<TensorView> inputs = {tensor.view()};
  expect_same(model, inputs);
}

TEST(FrugalRun, WeightsBehindAConversionStayConstant) {
  Model model = parsed(R"(
graph main(x: f32[1,2]) -> (y) {
  h = const f16[1,2] [1, 2]
  w: f32[1,2] = DEQUANTIZE(h)
  v: f32[1,2] = ADD(w, w)
  y: f32[1,1] = FULLY_CONNECTED(x, v, -)
})");
  std::vector<float> x = {3, 4};
  Tensor tensor = Tensor::of<float>({1, 2}, x);
  std::vector<TensorView> inputs = {tensor.view()};
  expect_same(model, inputs);
}

TEST(FrugalRun, ConvertedWeightsStayConstantInLaterPieces) {
  Model model = parsed(R"(
graph main(x: f32[2,800]) -> (y) {
  h = const f16[1,1] [1]
  v = const f32[1,1] [1]
  w: f32[800,800] = DEQUANTIZE(h)
  a: f32[2,800] = FULLY_CONNECTED(x, w, -)
  b: f32[2,800] = FULLY_CONNECTED(a, v, -)
  y: f32[2,800] = FULLY_CONNECTED(b, w, -)
})");
  enlarge(model, "v", 800);
  enlarge(model, "h", 800);
  for (Value& value : model.main().values) {
    if (value.name != "h") continue;
    std::vector<std::byte> halves(value.constant.size() / 2);
    floats_to_halves(value.constant.bytes(), halves);
    value.constant = Constant::of(std::move(halves));
  }
  std::vector<float> x(1600);  // sums in another order, as another implementation makes, differ
  for (size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<float>(i));
  Tensor tensor = Tensor::of<float>({2, 800}, x);
  std::vector<TensorView> inputs = {tensor.view()};
  expect_same(model, inputs);
}

/// So many numbers as `shape` has, in the type of the value.
void fill_with_waves(Value& value, const Shape& shape) {
  value.type.shape = shape;
  const size_t count = static_cast<size_t>(shape.elements());
  std::vector<float> floats(count);
  std::vector<std::byte> halves(2 * count), integers(count);
  for (size_t i = 0; i < count; ++i) floats[i] = std::cos(static_cast<float>(i));
  for (size_t i = 0; i < count; ++i) integers[i] = static_cast<std::byte>(i * 37 % 251);
  floats_to_halves(std::as_bytes(std::span(floats)), halves);
  value.constant = value.type.dtype == DType::f16  ? Constant::of(std::move(halves))
                   : value.type.dtype == DType::i8 ? Constant::of(std::move(integers))
                                                   : Constant::of(std::move(floats));
}

TEST(FrugalRun, HalfAndIntegerWeightsGiveTheSameNumbersUnpacked) {
  Model model = parsed(R"(
graph main(x: f32[2,4,4,32]) -> (y) {
  h = const f16[1] [1]
  v = const i8[1]{0.01:0} [1]
  u = const i8[1]{0.02:0} [1]
  b = const f32[1] [1]
  w: f32[48,3,3,32] = DEQUANTIZE(h)
  a: f32[2,4,4,48] = CONV_2D(x, w, b) {stride_w=1, stride_h=1}
  c: f32[2,4,4,72] = CONV_2D(a, v, -) {stride_w=1, stride_h=1}
  y: f32[2,4,4,40] = FULLY_CONNECTED(c, u, -) {keep_num_dims=true}
})");
  const std::map<std::string, Shape> shapes = {
      {"h", {48, 3, 3, 32}}, {"v", {72, 3, 3, 48}}, {"u", {40, 72}}, {"b", {48}}};
  for (Value& value : model.main().values) {
    if (value.constant) fill_with_waves(value, shapes.at(value.name));
  }
  std::vector<float> x(2 * 4 * 4 * 32);
  for (size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<float>(i));
  Tensor tensor = Tensor::of<float>({2, 4, 4, 32}, x);
  std::vector<TensorView> inputs = {tensor.view()};
  expect_same(model, inputs);
}

TEST(FrugalRun, RunsGraphsThatCallGraphs) {
  Model model = parsed(R"(
graph main(c: bool[], x: f32[2]) -> (y) {
  y: f32[2] = IF(c, x) {then_subgraph_index=1, else_subgraph_index=2}
}
graph yes(x: f32[2]) -> (y) { y: f32[2] = RELU(x) }
graph no(x: f32[2]) -> (y) { y: f32[2] = NEG(x) })");
  std::vector<float> x = {1, -2};
  Tensor condition = Tensor::of<bool>({}, std::array{true});
  Tensor tensor = Tensor::of<float>({2}, x);
  std::vector<TensorView> inputs = {condition.view(), tensor.view()};
  expect_same(model, inputs);
}

TEST(FrugalRun, WrongNumberOfInputsIsAnError) {
  Model model = parsed("graph g(x: f32[1]) -> (y) { y: f32[1] = RELU(x) }");
  EXPECT_FALSE(run_frugally(model, {}));
}

}  // namespace
}  // namespace wherry
