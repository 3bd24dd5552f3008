// Sessions compute what the evaluator computes, and do what a plan is for.
#include "runtime/session.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "ir/text.h"
#include "ops/registry.h"
#include "runtime/support.h"

namespace wherry {
namespace {

std::shared_ptr<const SharedModel> model_of(std::string_view text) {
  auto model = parse_text(text, find_op_named);
  EXPECT_TRUE(model) << model.error().text();
  auto shared = SharedModel::create(std::move(*model));
  EXPECT_TRUE(shared) << shared.error().text();
  return *shared;
}

Tensor floats(Shape shape, float start = -2) {
  std::vector<float> elements(static_cast<size_t>(shape.elements()));
  for (size_t i = 0; i < elements.size(); ++i)
    elements[i] = start + 0.37f * static_cast<float>(i % 23);
  return Tensor::of<float>(std::move(shape), elements);
}

Tensor integers(std::vector<int32_t> elements) {
  return Tensor::of<int32_t>({static_cast<int64_t>(elements.size())}, elements);
}

std::vector<TensorView> views_of(const std::vector<Tensor>& tensors) {
  std::vector<TensorView> views;
  for (const Tensor& tensor : tensors) views.push_back(tensor.view());
  return views;
}

/// Empty when both hold the same bytes under the same shape.
std::string difference(const Expected<std::vector<Tensor>>& a,
                       const Expected<std::vector<Tensor>>& b) {
  if (!a || !b) return cat(a ? "" : a.error().text(), " / ", b ? "" : b.error().text());
  if (a->size() != b->size()) return "number of outputs";
  for (size_t i = 0; i < a->size(); ++i) {
    const Tensor &x = (*a)[i], &y = (*b)[i];
    if (x.type.shape != y.type.shape)
      return cat("shape of output ", i, ": ", x.type.shape, " and ", y.type.shape);
    if (std::memcmp(x.buffer.data(), y.buffer.data(), x.buffer.size()) != 0)
      return cat("contents of output ", i);
  }
  return {};
}

SessionOptions options_of(bool fast, bool preserve = false) {
  SessionOptions options;
  options.plan.fast = fast;
  options.plan.preserve_values = preserve;
  options.plan.check_memory = true;
  return options;
}

NodeReport::Fate fate_of(Session& session, NodeId node) {
  for (const Segment& segment : session.runner(0).segments()) {
    for (const NodeReport& report : segment.reports) {
      if (report.node == node) return report.fate;
    }
  }
  ADD_FAILURE() << "node " << node << " was not planned";
  return NodeReport::step;
}

/// Runs with the given inputs, twice, as the evaluator does.
void expect_as_evaluated(const std::shared_ptr<const SharedModel>& shared, Session& session,
                         const std::vector<Tensor>& inputs) {
  Evaluator evaluator(shared->model);
  auto views = views_of(inputs);
  for (int turn = 0; turn < 2; ++turn)
    EXPECT_EQ(difference(session.run(views), evaluator.run(views)), "");
}

TEST(Session, ReshapesShareMemoryAndComputeNothing) {
  auto shared = model_of(R"(graph main(x: f32[2,6]) -> (z) {
    s = const i32[2] [3, 4]
    y: f32[2,6] = RELU(x)
    v: f32[3,4] = RESHAPE(y, s)
    z: f32[3,4] = RELU6(v)
  })");
  Session session(shared, options_of(true));
  std::vector<Tensor> inputs;
  inputs.push_back(floats({2, 6}));
  expect_as_evaluated(shared, session, inputs);
  EXPECT_EQ(fate_of(session, 1), NodeReport::view);
}

TEST(Session, AnOutputNeverSharesMemoryWithAnInput) {
  auto shared = model_of(R"(graph main(x: f32[2,6]) -> (v) {
    s = const i32[2] [3, 4]
    v: f32[3,4] = RESHAPE(x, s)
  })");
  Session session(shared, options_of(true));
  std::vector<Tensor> inputs;
  inputs.push_back(floats({2, 6}));
  expect_as_evaluated(shared, session, inputs);
  EXPECT_EQ(fate_of(session, 0), NodeReport::step);
  EXPECT_NE(session.runner(0).input(0).data, session.runner(0).output(0).data);
}

TEST(Session, ConcatenationsAreWrittenInPlace) {
  auto shared = model_of(R"(graph main(x: f32[1,3], y: f32[1,3]) -> (z) {
    a: f32[1,3] = RELU(x)
    b: f32[1,3] = RELU6(y)
    z: f32[1,6] = CONCATENATION(a, b) {axis=1}
  })");
  Session session(shared, options_of(true));
  std::vector<Tensor> inputs;
  inputs.push_back(floats({1, 3}));
  inputs.push_back(floats({1, 3}, 1));
  expect_as_evaluated(shared, session, inputs);
  EXPECT_EQ(fate_of(session, 2), NodeReport::join);
}

TEST(Session, ShapeArithmeticIsFoldedAndFollowsAResize) {
  auto shared = model_of(R"(graph main(x: f32[?,2,3]) -> (z) {
    s: i32[3] = SHAPE(x)
    first = const i32[1] [0]
    one = const i32[1] [1]
    n: i32[] = STRIDED_SLICE(s, first, one, one) {shrink_axis_mask=1}
    six = const i32[] [6]
    d: i32[2] = PACK(n, six) {values_count=2}
    z: f32[?,6] = RESHAPE(x, d)
  })");
  Session session(shared, options_of(true));
  for (int64_t batch : {1, 4, 2}) {
    std::vector<Tensor> inputs;
    inputs.push_back(floats({batch, 2, 3}));
    expect_as_evaluated(shared, session, inputs);
    EXPECT_EQ(fate_of(session, 0), NodeReport::folded);
    EXPECT_EQ(fate_of(session, 1), NodeReport::folded);
    EXPECT_EQ(fate_of(session, 2), NodeReport::folded);
    EXPECT_EQ(session.runner(0).segments().size(), 1u);
  }
}

TEST(Session, NodesThatNobodyNeedsAreLeftOut) {
  auto shared = model_of(R"(graph main(x: f32[4]) -> (z) {
    y: f32[4] = RELU6(x)
    z: f32[4] = RELU(x)
  })");
  Session session(shared, options_of(true));
  std::vector<Tensor> inputs;
  inputs.push_back(floats({4}));
  expect_as_evaluated(shared, session, inputs);
  EXPECT_EQ(fate_of(session, 0), NodeReport::unused);
  Session preserving(shared, options_of(true, true));
  expect_as_evaluated(shared, preserving, inputs);
  EXPECT_EQ(fate_of(preserving, 0), NodeReport::step);
  EXPECT_EQ(preserving.runner(0).value(1).as<float>()[3], 0.0f);
}

TEST(Session, ShapesThatFollowFromDataArePlannedOnceKnownAndKept) {
  auto shared = model_of(R"(graph main(x: f32[2,6], s: i32[2]) -> (z) {
    y: f32[2,6] = RELU(x)
    v: f32[?,?] = RESHAPE(y, s)
    z: f32[?,?] = RELU6(v)
  })");
  Session session(shared, options_of(true));
  std::vector<Tensor> inputs;
  inputs.push_back(floats({2, 6}));
  inputs.push_back(integers({3, 4}));
  expect_as_evaluated(shared, session, inputs);
  ASSERT_EQ(session.runner(0).segments().size(), 2u);
  const std::byte* output = session.runner(0).output(0).data;
  expect_as_evaluated(shared, session, inputs);
  EXPECT_EQ(session.runner(0).output(0).data, output);
  inputs[1] = integers({6, 2});
  expect_as_evaluated(shared, session, inputs);
  EXPECT_EQ(session.runner(0).output(0).shape(), Shape({6, 2}));
}

TEST(Session, ResultsOfUnknownSizeCanBeReadByLaterNodes) {
  auto shared = model_of(R"(graph main(x: bool[2,3]) -> (z, r) {
    p = const i32[2] [1, 0]
    w: i64[?,2] = WHERE(x)
    z: i64[2,?] = TRANSPOSE(w, p)
    r: i32[2] = SHAPE(z)
  })");
  for (bool fast : {false, true}) {
    Session session(shared, options_of(fast));
    for (int mask : {0b101101, 0b000001, 0b111111, 0}) {
      Tensor flags = Tensor::zeros({DType::boolean, {2, 3}, {}, {}}).value();
      for (int i = 0; i < 6; ++i) flags.view().as<bool>()[i] = mask >> i & 1;
      std::vector<Tensor> inputs;
      inputs.push_back(std::move(flags));
      expect_as_evaluated(shared, session, inputs);
    }
  }
}

constexpr std::string_view counting_loop = R"(
  graph main(n: i32[], x: f32[2]) -> (m, y) {
    m: i32[], y: f32[2] = WHILE(n, x) {cond_subgraph_index=1, body_subgraph_index=2}
  }
  graph cond(n: i32[], x: f32[2]) -> (go) {
    zero = const i32[] [0]
    go: bool[] = GREATER(n, zero)
  }
  graph body(n: i32[], x: f32[2]) -> (m, y) {
    one = const i32[] [1]
    m: i32[] = SUB(n, one)
    y: f32[2] = ADD(x, x)
  })";

bool has_ops(std::initializer_list<std::string_view> names) {
  for (std::string_view name : names) {
    if (!find_op_named(name)) return false;
  }
  return true;
}

TEST(Session, LoopsRunOtherGraphs) {
  if (!has_ops({"SUB", "ADD", "GREATER"})) GTEST_SKIP() << "needs SUB, ADD and GREATER";
  auto shared = model_of(counting_loop);
  Session session(shared, options_of(true));
  std::vector<Tensor> inputs;
  inputs.push_back(Tensor::of<int32_t>({}, std::vector<int32_t>{5}));
  inputs.push_back(floats({2}, 1));
  expect_as_evaluated(shared, session, inputs);
  EXPECT_EQ(session.runner(0).output(1).as<float>()[0], 32.0f);
}

TEST(Session, AnEndlessLoopEndsWithItsBudgetOfSteps) {
  if (!has_ops({"SUB", "ADD", "GREATER"})) GTEST_SKIP() << "needs SUB, ADD and GREATER";
  auto shared = model_of(counting_loop);
  SessionOptions options = options_of(true);
  options.max_steps = 1000;
  Session session(shared, options);
  std::vector<Tensor> inputs;
  inputs.push_back(Tensor::of<int32_t>({}, std::vector<int32_t>{1 << 30}));
  inputs.push_back(floats({2}, 1));
  auto result = session.run(views_of(inputs));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::cancelled);
}

TEST(Session, ACancelledSessionStopsAtTheNextStep) {
  auto shared = model_of("graph main(x: f32[4]) -> (y) {\n y: f32[4] = RELU(x)\n}");
  Session session(shared, options_of(true));
  std::vector<Tensor> inputs;
  inputs.push_back(floats({4}));
  session.cancel();
  auto result = session.run(views_of(inputs));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::cancelled);
  session.cancel(false);
  expect_as_evaluated(shared, session, inputs);
}

TEST(Session, APlanAboveTheMemoryLimitIsRefused) {
  auto shared = model_of("graph main(x: f32[?]) -> (y) {\n y: f32[?] = RELU(x)\n}");
  SessionOptions options = options_of(true);
  options.plan.max_bytes = 4096;
  Session session(shared, options);
  EXPECT_TRUE(session.runner(0).prepare({Shape({100})}));
  Status status = session.runner(0).prepare({Shape({10000})});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::too_large);
  EXPECT_NE(status.error().message.find("more than the limit of 4.1 kB"), std::string::npos)
      << status.error().message;
}

TEST(Session, ErrorsNameNodeOperatorAndTensors) {
  auto shared = model_of(R"(graph main(x: f32[?,6]) -> (v) {
    s = const i32[2] [3, 4]
    y: f32[?,6] = RELU(x)
    v: f32[3,4] = RESHAPE(y, s)
  })");
  Session session(shared, options_of(true));
  Status status = session.runner(0).prepare({Shape({5, 6})});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().where, "node 1 (RESHAPE, output 'v')");
  EXPECT_EQ(status.error().received, "'y' f32[5,6], 's' i32[2]");
}

TEST(Session, ObserversSeeEveryValueThatIsComputed) {
  auto shared = model_of(R"(graph main(x: f32[4]) -> (z) {
    y: f32[4] = RELU6(x)
    z: f32[4] = RELU(y)
  })");
  Session session(shared, options_of(true, true));
  std::vector<std::string> seen;
  session.observe(
      [](void* owner, const Graph& graph, ValueId id, const TensorView&) {
        static_cast<std::vector<std::string>*>(owner)->push_back(graph.value(id).name);
      },
      &seen);
  std::vector<Tensor> inputs;
  inputs.push_back(floats({4}));
  ASSERT_TRUE(session.run(views_of(inputs)));
  EXPECT_EQ(seen, (std::vector<std::string>{"y", "z"}));
}

TEST(Session, FoldedConstantsThatOnlyPackingNeedsAreGivenBack) {
  if (!has_ops({"DEQUANTIZE"})) GTEST_SKIP() << "needs DEQUANTIZE";
  // The float weights made of float16 ones are large, and packed by the product.
  auto shared = model_of(R"(graph main(x: f32[1,256]) -> (y) {
    h = const f16[256,256] random 7
    w: f32[256,256] = DEQUANTIZE(h)
    y: f32[1,256] = FULLY_CONNECTED(x, w, -)
  })");
  Session session(shared, options_of(true));
  ASSERT_TRUE(session.runner(0).prepare({Shape({1, 256})}));
  EXPECT_EQ(fate_of(session, 0), NodeReport::folded);
  const PlannedStep& step = session.runner(0).segments()[0].steps.back();
  if (step.dropped[1]) {
    EXPECT_TRUE(session.runner(0).state().known[2].data.bytes().empty());
  }
}

// Random graphs of operators that move, share and clamp elements.

class GraphMaker {
 public:
  explicit GraphMaker(uint32_t seed) : random_(seed) {}

  std::string make() {
    std::string inputs;
    int count = 1 + below(3);
    for (int i = 0; i < count; ++i) {
      std::vector<int64_t> shape = {1 + below(3), 2 * (1 + below(3)), 4};
      inputs += cat(i ? ", " : "", "x", i, ": ", typed(shape));
      values_.push_back({cat("x", i), shape});
      input_shapes.push_back(Shape(shape));
    }
    int nodes = 3 + below(25);
    for (int i = 0; i < nodes; ++i) add_node();
    std::string outputs;
    int given = 1 + below(3);
    for (int i = 0; i < given; ++i) {
      size_t first = values_.size() > 6 ? values_.size() - 6 : 0;
      size_t at = first + static_cast<size_t>(below(static_cast<int>(values_.size() - first)));
      outputs += cat(i ? ", " : "", values_[at].name);
    }
    return cat("graph main(", inputs, ") -> (", outputs, ") {\n", constants_, lines_, "}\n");
  }

  std::vector<Shape> input_shapes;

 private:
  struct Made {
    std::string name;
    std::vector<int64_t> shape;
  };
  int below(int n) { return static_cast<int>(random_() % static_cast<uint32_t>(n)); }
  static std::string typed(const std::vector<int64_t>& shape) {
    return cat("f32", text_of(Shape(shape)));
  }
  const Made any() {
    // Mostly recent values, so that lifetimes are short but not all.
    size_t back = static_cast<size_t>(below(below(3) ? 4 : 1000)) % values_.size();
    return values_[values_.size() - 1 - back];
  }
  std::string constant(const std::vector<int64_t>& numbers) {
    std::string name = cat("c", constant_count_++);
    constants_ += cat("  ", name, " = const i32[", numbers.size(), "] ", numbers, "\n");
    return name;
  }
  std::string fresh() { return cat("v", values_.size()); }
  void line(const std::vector<int64_t>& shape, const std::string& call) {
    std::string name = fresh();
    lines_ += cat("  ", name, ": ", typed(shape), " = ", call, "\n");
    values_.push_back({name, shape});
  }

  void add_node() {
    Made x = any();
    switch (below(8)) {
      case 0:
      case 1:
        return line(x.shape, cat(below(2) ? "RELU(" : "RELU_N1_TO_1(", x.name, ")"));
      case 2: {
        std::vector<int64_t> shape = x.shape;
        std::swap(shape[0], shape[1]);
        return line(shape, cat("RESHAPE(", x.name, ", ", constant(shape), ")"));
      }
      case 3: {
        Made y = any();
        int axis = below(3);
        for (int k = 0; k < 3; ++k) {
          if (k != axis && x.shape[static_cast<size_t>(k)] != y.shape[static_cast<size_t>(k)])
            return;
        }
        std::vector<int64_t> shape = x.shape;
        shape[static_cast<size_t>(axis)] += y.shape[static_cast<size_t>(axis)];
        if (Shape(shape).elements() > 2000) return;
        return line(shape, cat("CONCATENATION(", x.name, ", ", y.name, ") {axis=", axis, "}"));
      }
      case 4: {
        size_t axis = static_cast<size_t>(below(3));
        if (x.shape[axis] % 2) return;
        std::vector<int64_t> shape = x.shape;
        shape[axis] /= 2;
        std::string dim = cat("c", constant_count_++), a = fresh(), b = a + "b";
        constants_ += cat("  ", dim, " = const i32[] [", axis, "]\n");
        lines_ += cat("  ", a, ": ", typed(shape), ", ", b, ": ", typed(shape), " = SPLIT(", dim,
                      ", ", x.name, ") {num_splits=2}\n");
        values_.push_back({a, shape});
        values_.push_back({b, shape});
        return;
      }
      case 5: {
        std::vector<int64_t> shape = {x.shape[2], x.shape[0], x.shape[1]};
        return line(shape, cat("TRANSPOSE(", x.name, ", ", constant({2, 0, 1}), ")"));
      }
      case 6: {
        std::vector<int64_t> shape = x.shape;
        shape[1] = 1;
        return line(shape, cat("SLICE(", x.name, ", ", constant({0, x.shape[1] - 1, 0}), ", ",
                               constant(shape), ")"));
      }
      default:
        return line(x.shape, cat("RELU6(", x.name, ")"));
    }
  }

  std::mt19937 random_;
  std::vector<Made> values_;
  std::string constants_, lines_;
  int constant_count_ = 0;
};

/// The elements of every value, by name.
using Seen = std::map<std::string, std::vector<float>>;

void note_elements(void* owner, const Graph& graph, ValueId id, const TensorView& view) {
  auto elements = view.span<const float>();
  (*static_cast<Seen*>(owner))[graph.value(id).name] = {elements.begin(), elements.end()};
}

TEST(Session, ObserversOfValuesThatShareMemorySeeEachAsItIs) {
  for (uint32_t seed = 0; seed < 200; ++seed) {
    GraphMaker maker(seed);
    std::string text = maker.make();
    auto shared = model_of(text);
    std::vector<Tensor> inputs;
    for (const Shape& shape : maker.input_shapes)
      inputs.push_back(floats(shape, -3.0f + static_cast<float>(inputs.size())));
    Seen wanted, seen;
    Evaluator evaluator(shared->model);
    evaluator.observe(&note_elements, &wanted);
    ASSERT_TRUE(evaluator.run(views_of(inputs)));
    SessionOptions options;
    options.plan.observe_values = true;
    Session session(shared, options);
    session.observe(&note_elements, &seen);
    ASSERT_TRUE(session.run(views_of(inputs)));
    for (ValueId id : shared->model.main().inputs)
      wanted.erase(shared->model.main().value(id).name);
    ASSERT_EQ(seen, wanted) << "seed " << seed << "\n" << text;
  }
}

TEST(Session, ObservedRunsNeedNoMoreMemoryThanTheValuesInUse) {
  auto shared = model_of(R"(graph main(x: f32[1000]) -> (d) {
    a: f32[1000] = ABS(x)
    b: f32[1000] = SQRT(a)
    c: f32[1000] = ABS(b)
    d: f32[1000] = SQRT(c)
  })");
  SessionOptions options;
  options.plan.observe_values = true;
  Session session(shared, options);
  ASSERT_TRUE(session.runner(0).prepare({Shape({1000})}));
  EXPECT_LE(session.runner(0).state().arena_bytes, 3 * aligned_size(4000));
}

TEST(Session, RandomGraphsComputeWhatTheEvaluatorComputes) {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    GraphMaker maker(seed);
    std::string text = maker.make();
    auto model = parse_text(text, find_op_named);
    ASSERT_TRUE(model) << model.error().text() << "\n" << text;
    auto shared = SharedModel::create(std::move(*model));
    ASSERT_TRUE(shared) << shared.error().text() << "\n" << text;
    std::vector<Tensor> inputs;
    for (const Shape& shape : maker.input_shapes)
      inputs.push_back(floats(shape, -3.0f + static_cast<float>(inputs.size())));
    Evaluator evaluator((*shared)->model);
    auto want = evaluator.run(views_of(inputs));
    for (bool fast : {false, true}) {
      Session session(*shared, options_of(fast, seed % 5 == 0));
      for (int turn = 0; turn < 2; ++turn) {
        std::string problem = difference(session.run(views_of(inputs)), want);
        ASSERT_EQ(problem, "") << "seed " << seed << ", fast " << fast << "\n" << text;
      }
      const GraphState& state = session.runner(0).state();
      EXPECT_LE(static_cast<double>(state.arena_bytes),
                1.05 * static_cast<double>(state.peak.bytes))
          << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace wherry
