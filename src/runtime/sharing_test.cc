// Results take the place of operands exactly when that is sound.
#include "runtime/sharing.h"

#include <gtest/gtest.h>

#include "ir/text.h"
#include "ops/registry.h"

namespace wherry {
namespace {

/// A graph whose nodes are all steps; tests say which may overwrite what.
class Case {
 public:
  explicit Case(std::string_view text) {
    auto model = parse_text(text, find_op_named);
    EXPECT_TRUE(model) << model.error().text();
    shared_ = std::make_unique<SharedModel>(std::move(*model));
    state = std::make_unique<GraphState>(*shared_, 0, options_);
    for (size_t n = 0; n < state->graph.nodes.size(); ++n) {
      const Node& node = state->graph.nodes[n];
      Decision decision{
          .kind = Choice::step, .node = static_cast<NodeId>(n), .time = static_cast<int>(n)};
      decision.inputs = node.inputs;
      decision.outputs = node.outputs;
      decision.dropped.assign(node.inputs.size(), false);
      decisions.push_back(std::move(decision));
    }
  }

  void may_overwrite(size_t node, int input, int output = 0) {
    decisions[node].requests.overwrites.push_back({input, output});
  }
  Sharing decide() {
    Sharing sharing(*state, 0, state->node_count(), decisions);
    sharing.decide();
    return sharing;
  }
  ValueId id(std::string_view name) const {
    for (size_t i = 0; i < state->graph.values.size(); ++i) {
      if (state->graph.values[i].name == name) return static_cast<ValueId>(i);
    }
    return no_value;
  }
  bool share(const Sharing& sharing, std::string_view a, std::string_view b) const {
    return sharing.group_of(id(a)) == sharing.group_of(id(b));
  }

  std::unique_ptr<GraphState> state;
  std::vector<Decision> decisions;

 private:
  PlanOptions options_;
  std::unique_ptr<SharedModel> shared_;
};

TEST(Sharing, AResultTakesThePlaceOfAnOperandThatIsNotReadAgain) {
  Case c(R"(graph main(x: f32[8]) -> (z) {
    a: f32[8] = RELU(x)
    b: f32[8] = RELU(a)
    z: f32[8] = RELU(b)
  })");
  c.may_overwrite(1, 0);
  c.may_overwrite(2, 0);
  Sharing sharing = c.decide();
  EXPECT_TRUE(c.share(sharing, "a", "b"));
  EXPECT_TRUE(c.share(sharing, "b", "z"));
}

TEST(Sharing, GraphInputsAreNotOverwritten) {
  Case c("graph main(x: f32[8]) -> (z) {\n z: f32[8] = RELU(x)\n}");
  c.may_overwrite(0, 0);
  EXPECT_FALSE(c.share(c.decide(), "x", "z"));
}

TEST(Sharing, OperandsThatAreReadLaterAreNotOverwritten) {
  Case c(R"(graph main(x: f32[8]) -> (z, y) {
    a: f32[8] = RELU(x)
    y: f32[8] = RELU(a)
    z: f32[8] = RELU(a)
  })");
  c.may_overwrite(1, 0);
  c.may_overwrite(2, 0);
  Sharing sharing = c.decide();
  EXPECT_FALSE(c.share(sharing, "a", "y"));
  EXPECT_TRUE(c.share(sharing, "a", "z"));
}

TEST(Sharing, OutputsOfTheGraphAreNotOverwritten) {
  Case c(R"(graph main(x: f32[8]) -> (a, z) {
    a: f32[8] = RELU(x)
    z: f32[8] = RELU(a)
  })");
  c.may_overwrite(1, 0);
  EXPECT_FALSE(c.share(c.decide(), "a", "z"));
}

TEST(Sharing, ALargerResultNeedsItsOwnPlace) {
  Case c(R"(graph main(x: f32[8]) -> (z) {
    a: f32[8] = RELU(x)
    z: f32[16] = CONCATENATION(a, a) {axis=0}
  })");
  c.may_overwrite(1, 0);
  EXPECT_FALSE(c.share(c.decide(), "a", "z"));
}

TEST(Sharing, AnOperandReadTwiceMustBeFreeForBothReads) {
  std::string_view text = R"(graph main(x: f32[8,8]) -> (z) {
    a: f32[8,8] = RELU(x)
    z: f32[8,8] = FULLY_CONNECTED(a, a, -)
  })";
  Case one(text);
  one.may_overwrite(1, 0);
  EXPECT_FALSE(one.share(one.decide(), "a", "z"));
  Case both(text);
  both.may_overwrite(1, 0);
  both.may_overwrite(1, 1);
  EXPECT_TRUE(both.share(both.decide(), "a", "z"));
}

TEST(Sharing, OnlyOneOfTwoResultsTakesThePlace) {
  Case c(R"(graph main(x: f32[8]) -> (p, q) {
    d = const i32[] [0]
    a: f32[8] = RELU(x)
    p: f32[4], q: f32[4] = SPLIT(d, a) {num_splits=2}
  })");
  c.may_overwrite(1, 1, 0);
  c.may_overwrite(1, 1, 1);
  Sharing sharing = c.decide();
  EXPECT_TRUE(c.share(sharing, "a", "p"));
  EXPECT_FALSE(c.share(sharing, "a", "q"));
}

TEST(Sharing, AViewKeepsItsMemoryFromBeingOverwritten) {
  Case c(R"(graph main(x: f32[8]) -> (y, z) {
    s = const i32[2] [2, 4]
    a: f32[8] = RELU(x)
    v: f32[2,4] = RESHAPE(a, s)
    y: f32[8] = RELU(a)
    z: f32[2,4] = RELU(v)
  })");
  c.decisions[1].kind = Choice::view;
  c.may_overwrite(2, 0);
  c.may_overwrite(3, 0);
  Sharing sharing = c.decide();
  EXPECT_TRUE(c.share(sharing, "a", "v"));
  EXPECT_FALSE(c.share(sharing, "a", "y"));
  EXPECT_TRUE(c.share(sharing, "v", "z"));
}

TEST(Sharing, APartThatWouldKeepTooMuchMemoryAliveIsCopied) {
  // A small part of a large value lives on while another large value is needed.
  Case c(R"(graph main(x: f32[1000]) -> (z) {
    d = const i32[] [0]
    n = const i32[1] [2000]
    a: f32[1000] = RELU(x)
    p: f32[500], q: f32[500] = SPLIT(d, a) {num_splits=2}
    b: f32[500] = RELU(p)
    big: f32[2000] = CONCATENATION(b, b, b, b) {axis=0}
    bigger: f32[2000] = RELU(big)
    r: f32[500], s: f32[500], t: f32[500], u: f32[500] = SPLIT(d, bigger) {num_splits=4}
    z: f32[1000] = CONCATENATION(r, q) {axis=0}
  })");
  c.decisions[1].kind = Choice::view;
  c.decisions[1].view = {.input = 1, .offsets = {0, 2000}};
  Sharing sharing = c.decide();
  EXPECT_FALSE(c.share(sharing, "a", "q"));
  ASSERT_EQ(sharing.copies_of(1).size(), 1u);  // the first half is read soon and costs nothing
  EXPECT_EQ(sharing.copies_of(1)[0].to, c.id("q"));
}

TEST(Sharing, PiecesOfAJoinStandInsideIt) {
  Case c(R"(graph main(x: f32[8]) -> (z) {
    a: f32[8] = RELU(x)
    b: f32[8] = RELU6(x)
    z: f32[24] = CONCATENATION(a, x, b) {axis=0}
  })");
  c.decisions[2].kind = Choice::join;
  c.decisions[2].join = {.offsets = {0, 32, 64}};
  Sharing sharing = c.decide();
  EXPECT_TRUE(c.share(sharing, "a", "z"));
  EXPECT_TRUE(c.share(sharing, "b", "z"));
  EXPECT_EQ(sharing.offset_of(c.id("b")), 64);
  ASSERT_EQ(sharing.copies_of(2).size(), 1u);  // the graph input stays where it is
  EXPECT_EQ(sharing.copies_of(2)[0].to_offset, 32);
}

}  // namespace
}  // namespace wherry
