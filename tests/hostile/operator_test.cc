// Hand-made models that attack operators: each class of known advisories, with the words that the
// error must say.
#include <gtest/gtest.h>

#include "hostile/exercise.h"
#include "hostile/file_builder.h"
#include "hostile/watch.h"
#include "ir/text.h"
#include "ir/verifier.h"
#include "ops/registry.h"
#include "runtime/session.h"

namespace wherry {
namespace {

struct Attack {
  std::string_view body;   ///< statements of `graph main(x: f32[1,4,4,4]) -> (y)`
  std::string_view words;  ///< of the error
};

std::string outcome(const std::string& text) {
  auto model = parse_text(text, find_op_named);
  if (!model) return "not a model: " + model.error().text();
  Status valid = verify(*model);
  return valid ? hostile::run_model(*model, 1) : valid.error().text();
}

void expect_refused(const std::string& text, std::string_view words) {
  std::string got = outcome(text);
  EXPECT_NE(got.find(words), std::string::npos) << text << "\ngot: " << got;
}

template <size_t N>
void expect_all_refused(const Attack (&attacks)[N]) {
  for (const Attack& attack : attacks)
    expect_refused(cat("graph main(x: f32[1,4,4,4]) -> (y) {\n", attack.body, "\n}\n"),
                   attack.words);
}

TEST(HostileOperator, RanksAndAxesOutOfRange) {
  constexpr Attack attacks[] = {
      {"s = const i32[9] [1,1,1,1,1,1,1,1,64]\ny: f32[1] = EXPAND_DIMS(x, s)", "needs one number"},
      {"s = const i32[1] [9]\ny: f32[1] = EXPAND_DIMS(x, s)", "out of range"},
      {"s = const i32[1] [-9]\ny: f32[1] = EXPAND_DIMS(x, s)", "out of range"},
      {"y: f32[1] = SQUEEZE(x) {squeeze_dims=[-9]}", "out of range"},
      {"y: f32[1] = CONCATENATION(x, x) {axis=-5}", "out of range"},
      {"y: f32[1] = PACK(x, x) {values_count=2, axis=2147483647}", "out of range"},
      {"y: f32[1] = UNPACK(x) {num=1, axis=-2147483648}", "out of range"},
      {"a = const i32[] [-5]\ny: f32[1] = SPLIT(a, x) {num_splits=1}", "out of range"},
      {"s = const i32[1] [4]\na = const i32[] [7]\ny: f32[1] = SPLIT_V(x, s, a) {num_splits=1}",
       "out of range"},
      {"i = const i32[1] [0]\ny: f32[1] = GATHER(x, i) {axis=-5}", "out of range"},
      {"a = const i32[1] [4]\ny: f32[1,4,4,4] = REVERSE_V2(x, a)", "out of range"},
      {"p = const i32[4] [0,1,2,-1]\ny: f32[1] = TRANSPOSE(x, p)", "needs each axis once"},
      {"n = const i32[1] [1]\ny: f32[1,4,4,4] = REVERSE_SEQUENCE(x, n) {seq_dim=9}",
       "out of range"},
      {"a = const i32[] [4]\ny: i64[1] = ARG_MAX(x, a) {output_type=i64}", "out of range"},
      {"a = const i32[] [-5]\ny: i64[1] = ARG_MIN(x, a) {output_type=i64}", "out of range"},
      {"a = const i32[2] [0,4]\ny: f32[1] = SUM(x, a)", "out of range"},
      {"a = const i32[] [-2147483648]\ny: f32[1,4,4,4] = CUMSUM(x, a)", "out of range"},
  };
  expect_all_refused(attacks);
}

TEST(HostileOperator, IndicesOutside) {
  constexpr Attack attacks[] = {
      {"i = const i32[1] [-1]\ny: f32[1,4,4,4] = GATHER(x, i)", "is outside the extent 1"},
      {"i = const i64[1] [9223372036854775807]\ny: f32[1,4,4,4] = GATHER(x, i)", "is outside"},
      {"i = const i32[1,2] [0,-4]\ny: f32[1,4,4] = GATHER_ND(x, i)", "is outside the extent 4"},
      {"i = const i32[1,5] [0,0,0,0,0]\ny: f32[1] = GATHER_ND(x, i)", "cannot use indices"},
      {"i = const i32[1,1] [5]\ns = const i32[4] [5,4,4,4]\ny: f32[5,4,4,4] = SCATTER_ND(i, x, s)",
       "is outside the extent 5"},
      {"i = const i32[1] [-1]\ny: f32[1,4,4,4] = SEGMENT_SUM(x, i)", "count up from 0"},
      {"i = const i32[1] [2147483647]\ny: f32[1,4,4,4] = SEGMENT_SUM(x, i)", "SEGMENT_SUM"},
      {"i = const i32[2] [0,1]\ny: f32[1,4,4,4] = SEGMENT_SUM(x, i)", "SEGMENT_SUM"},
      {"i = const i32[1] [7]\ny: f32[1,4,4,4] = EMBEDDING_LOOKUP(i, x)", "asks for row 7"},
      {"i = const i32[1] [7]\nn = const i32[] [3]\ny: f32[3,4,4,4] = UNSORTED_SEGMENT_SUM(x, i, n)",
       "got the segment number 7"},
      {"i = const i32[1,1] [9]\ns = const i32[1] [4]\nv = const f32[1] [1]\nd = const f32[] [0]\n"
       "y: f32[4] = SPARSE_TO_DENSE(i, s, v, d)",
       "is outside the extent 4"},
      {"n = const i32[1] [5]\ny: f32[1,4,4,4] = REVERSE_SEQUENCE(x, n) {seq_dim=1}",
       "cannot turn 5 of 4"},
      {"k = const i32[] [5]\ny: f32[1,4,4,5], i: i32[1,4,4,5] = TOPK_V2(x, k)",
       "cannot take 5 elements"},
  };
  expect_all_refused(attacks);
}

TEST(HostileOperator, SizesThatOverflow) {
  constexpr Attack attacks[] = {
      {"m = const i64[4] [9223372036854775807,1,1,2]\ny: f32[1] = TILE(x, m)", "overflows"},
      {"m = const i32[4] [2147483647,2147483647,2147483647,1]\ny: f32[1] = TILE(x, m)",
       "overflows"},
      {"p = const i64[4,2] [0,0,0,0,0,0,9223372036854775807,9223372036854775807]\n"
       "y: f32[1] = PAD(x, p)",
       "overflows"},
      {"s = const i32[8] [65536,65536,65536,65536,65536,65536,65536,1]\n"
       "y: f32[1] = BROADCAST_TO(x, s)",
       "does not broadcast"},
      {"s = const i32[2] [65536,65536]\nv = const f32[] [1]\ny: f32[1] = FILL(s, v)",
       "bytes at once"},
      {"s = const i64[1] [-1]\nv = const f32[] [1]\ny: f32[1] = FILL(s, v)", "negative extent"},
      {"b = const i32[2] [65536,65536]\np = const i32[2,2] [65532,0,65532,0]\n"
       "y: f32[1] = SPACE_TO_BATCH_ND(x, b, p)",
       "bytes at once"},
      {"s = const i32[1] [2147483647]\ny: f32[1] = RESHAPE(x, s)", "cannot give 64 elements"},
      {"s = const i32[4] [65536,65536,65536,65536]\ny: f32[1] = RESHAPE(x, s)", "overflows"},
      {"d = const i32[] [2147483647]\ni = const i32[4] [0,0,0,0]\nv = const f32[] [1]\n"
       "y: f32[1] = ONE_HOT(i, d, v, v)",
       "bytes at once"},
      {"a = const i64[] [0]\nb = const i64[] [9223372036854775807]\nc = const i64[] [1]\n"
       "y: i64[1] = RANGE(a, b, c)",
       "too long"},
      {"s = const i32[2] [2147483647,2147483647]\ny: f32[1] = RESIZE_BILINEAR(x, s)",
       "at most 16777216 pixels a side"},
  };
  expect_all_refused(attacks);
}

TEST(HostileOperator, ZeroStridesAndSizesAreRefused) {
  constexpr Attack attacks[] = {
      {"w = const f32[4,1,1,4] random 1\ny: f32[1,4,4,4] = CONV_2D(x, w, -) {stride_w=0}",
       "stride"},
      {"w = const f32[4,1,1,4] random 1\n"
       "y: f32[1,4,4,4] = CONV_2D(x, w, -) {dilation_h_factor=0}",
       "dilation"},
      {"w = const f32[4,1,1,3] random 1\ny: f32[1,4,4,4] = CONV_2D(x, w, -)", "4 "},
      {"w = const f32[4,1,1,0] []\ny: f32[1,4,4,4] = CONV_2D(x, w, -)", "CONV_2D"},
      {"w = const f32[1,1,1,4] random 1\n"
       "y: f32[1,4,4,4] = DEPTHWISE_CONV_2D(x, w, -) {stride_h=0}",
       "stride"},
      {"w = const f32[1,1,1,0] []\ny: f32[1,4,4,0] = DEPTHWISE_CONV_2D(x, w, -)",
       "DEPTHWISE_CONV_2D"},
      {"s = const i32[4] [1,4,4,4]\nw = const f32[4,1,1,4] random 1\n"
       "y: f32[1,4,4,4] = TRANSPOSE_CONV(s, w, x) {stride_w=0}",
       "stride"},
      {"y: f32[1,4,4,4] = AVERAGE_POOL_2D(x) {filter_width=0}", "AVERAGE_POOL_2D"},
      {"y: f32[1,4,4,4] = MAX_POOL_2D(x) {filter_width=1, filter_height=1, stride_h=0}", "stride"},
      {"y: f32[1] = SPACE_TO_DEPTH(x) {block_size=0}", "block size of 1 or more"},
      {"y: f32[1] = DEPTH_TO_SPACE(x) {block_size=-1}", "block size of 1 or more"},
      {"b = const i32[2] [0,1]\np = const i32[2,2] [0,0,0,0]\ny: f32[1] = SPACE_TO_BATCH_ND(x, b, "
       "p)",
       "blocks of 1 or more"},
      {"b = const i32[2] [0,1]\np = const i32[2,2] [0,0,0,0]\ny: f32[1] = BATCH_TO_SPACE_ND(x, b, "
       "p)",
       "blocks of 1 or more"},
      {"a = const i32[] [0]\ny: f32[1] = SPLIT(a, x) {num_splits=0}", "SPLIT into 0 parts"},
      {"h = const f32[1,1] [1]\ni = const i32[0] []\ny: i32[1] = LSH_PROJECTION(h, i)",
       "needs items"},
      {"b = const i32[1] [0]\ns = const i32[1] [4]\nt = const i32[1] [0]\n"
       "y: f32[1] = STRIDED_SLICE(x, b, s, t)",
       "got the stride 0"},
      {"s = const f32[] [0]\nw = const i64[4] [1,0,1,1]\nt = const i64[4] [1,1,1,1]\n"
       "y: f32[1] = REDUCE_WINDOW(x, s, w, t, t) {reduce_function=1}",
       "a window of 0"},
      {"w = const f32[4,0] []\ny: f32[1,4] = FULLY_CONNECTED(x, w, -)", "FULLY_CONNECTED"},
  };
  expect_all_refused(attacks);
}

TEST(HostileOperator, QuantisationThatKernelsWouldMisread) {
  constexpr Attack attacks[] = {
      {"w = const i8[4,4]{0.5:0, 0.25:0, 1:0, 2:0 @1} random 1\n"
       "y: f32[16,4] = FULLY_CONNECTED(x, w, -)",
       "axis 1"},
      {"w = const i8[4,1,1,4]{0.5:0, 0.25:0 @0} random 1\ny: f32[1,4,4,4] = CONV_2D(x, w, -)",
       "there are 2 scales"},
      {"w = const i8[4,1,1,4] random 1\ny: f32[1,4,4,4] = CONV_2D(x, w, -)", "scale"},
  };
  expect_all_refused(attacks);
}

TEST(HostileOperator, NumbersDividedByZero) {
  for (std::string_view op : {"DIV", "FLOOR_DIV", "FLOOR_MOD"}) {
    std::string text = outcome(cat("graph main(x: i32[2]) -> (y) {\n  z = const i32[2] [0,1]\n",
                                   "  y: i32[2] = ", op, "(x, z)\n}\n"));
    EXPECT_NE(text.find("zero"), std::string::npos) << op << ": " << text;
  }
  // The one quotient that leaves the type.
  EXPECT_EQ(outcome("graph main() -> (y) {\n  a = const i32[1] [-2147483648]\n"
                    "  b = const i32[1] [-1]\n  y: i32[1] = DIV(a, b)\n}\n"),
            "");
}

TEST(HostileOperator, SparseConstantsWhoseDescriptionIsWrong) {
  auto model_of = [](Sparsity sparsity) {
    auto model = parse_text(
        "graph main() -> (y) {\n  w = const f32[2,4] [1,2,3,4,5,6,7,8]\n"
        "  y: f32[2,4] = DENSIFY(w)\n}\n",
        find_op_named);
    EXPECT_TRUE(model);
    model->graphs[0].values[0].sparsity = std::make_shared<Sparsity>(std::move(sparsity));
    return hostile::run_model(*model, 1);
  };
  Sparsity good;
  good.traversal_order = {0, 1};
  good.dimensions = {{.dense_size = 2},
                     {.compressed = true, .segments = {0, 1, 3}, .indices = {3, 0, 2}}};
  EXPECT_EQ(model_of(good), "");
  auto refused = [&](auto&& spoil, std::string_view words) {
    Sparsity bad = good;
    spoil(bad);
    std::string text = model_of(std::move(bad));
    EXPECT_NE(text.find(words), std::string::npos) << text;
  };
  refused([](Sparsity& s) { s.dimensions[0].dense_size = 3; }, "its axis 2");
  refused([](Sparsity& s) { s.dimensions[0].dense_size = -1; }, "its axis 2");
  refused([](Sparsity& s) { s.dimensions[1].indices[1] = 4; }, "outside the extent 4");
  refused([](Sparsity& s) { s.dimensions[1].indices[1] = -1; }, "outside the extent 4");
  refused([](Sparsity& s) { s.dimensions[1].segments = {0, 1, 4}; }, "outside its 3 indices");
  refused([](Sparsity& s) { s.dimensions[1].segments = {0, 1, 0}; }, "outside its 3 indices");
  refused([](Sparsity& s) { s.dimensions[1].segments = {0}; }, "segments end early");
  refused([](Sparsity& s) { s.traversal_order = {0, 0}; }, "is no permutation");
  refused([](Sparsity& s) { s.traversal_order = {0, 2}; }, "is no permutation");
  refused([](Sparsity& s) { s.traversal_order = {0}; }, "storage levels");
  refused(
      [](Sparsity& s) {
        s.block_map = {5}, s.traversal_order = {0, 1, 2}, s.dimensions.push_back({.dense_size = 1});
      },
      "the block map names axis 5");
}

TEST(HostileOperator, OutputsThatAreNotThere) {
  hostile::FileParts parts;
  parts.node_outputs = {};
  parts.outputs = {};
  for (int code : {19, 9, 3, 22, 49, 106}) {  // RELU FULLY_CONNECTED CONV_2D RESHAPE SPLIT PACK
    parts.code = code;
    parts.node_inputs = {0, 0};
    std::string text = hostile::run_file(hostile::file_of(parts), 1);
    EXPECT_NE(text, "") << code;
  }
  parts.code = 19;
  parts.node_inputs = {0};
  std::string text = hostile::run_file(hostile::file_of(parts), 1);
  EXPECT_NE(text.find("RELU gives output 0"), std::string::npos) << text;
}

TEST(HostileOperator, BatchesOfManySmallMatricesArePlannedInLittleMemory) {
  constexpr std::string_view text = R"(graph main(x: f32[16777216,1,1], w: f32[1,1,1]) -> (y) {
  y: f32[16777216,1,1] = BATCH_MATMUL(x, w)
}
)";
  auto model = parse_text(text, find_op_named);
  ASSERT_TRUE(model) << model.error().text();
  Session session(std::make_shared<SharedModel>(std::move(*model)), {});
  const int64_t before = hostile::peak_mebibytes();
  GraphRunner runner(session, 0);
  Status prepared = runner.prepare({Shape{16777216, 1, 1}, Shape{1, 1, 1}});
  ASSERT_TRUE(prepared) << prepared.error().text();
  EXPECT_LT(hostile::peak_mebibytes() - before, 192) << "the tensors have 128 MiB";
}

TEST(HostileOperator, GraphsThatCallThemselves) {
  constexpr std::string_view loop = R"(graph main(c: bool[1], x: f32[1]) -> (d, y) {
  d: bool[1], y: f32[1] = WHILE(c, x) {cond_subgraph_index=1, body_subgraph_index=0}
}
graph condition(c: bool[1], x: f32[1]) -> (c) {
}
)";
  expect_refused(std::string(loop), "subgraph 0 calls itself");
}

TEST(HostileOperator, LoopsThatNeverEnd) {
  constexpr std::string_view loop = R"(graph main(c: bool[1], x: f32[1]) -> (d, y) {
  t = const bool[1] [1]
  d: bool[1], y: f32[1] = WHILE(t, x) {cond_subgraph_index=1, body_subgraph_index=2}
}
graph condition(c: bool[1], x: f32[1]) -> (c) {
}
graph body(c: bool[1], x: f32[1]) -> (c, x) {
}
)";
  expect_refused(std::string(loop), "stopped after 20000 steps");
}

TEST(HostileOperator, LoopsThatGrowForEver) {
  constexpr std::string_view loop = R"(graph main(c: bool[1], x: f32[1]) -> (d, y) {
  t = const bool[1] [1]
  d: bool[1], y: f32[1] = WHILE(t, x) {cond_subgraph_index=1, body_subgraph_index=2}
}
graph condition(c: bool[1], x: f32[1]) -> (c) {
}
graph body(c: bool[1], x: f32[1]) -> (c, xx) {
  xx: f32[2] = CONCATENATION(x, x)
}
)";
  expect_refused(std::string(loop), "bytes at once");
}

}  // namespace
}  // namespace wherry
