// Tests of keras.ops.rearrange.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

const Fed rows{{1, 4, 2}, {0, 1, 2, 3, 4, 5, 6, 7}};

Outputs rearranged(const std::string& pattern, const std::string& sizes) {
  return run(Newer{"Rearrange", cat("{", sizes, "}"), cat(R"(["$x0", ")", pattern, R"("])")},
             {rows});
}

TEST(Rearrange, SplitsExchangesAndJoinsAxes) {
  expect_result(rearranged("b (h p) c -> b h (c p)", R"("p": 2)"), {1, 2, 4},
                {0, 2, 1, 3, 4, 6, 5, 7});
  expect_result(rearranged("b h w->w (h b)", ""), {2, 4}, {0, 2, 4, 6, 1, 3, 5, 7});
}

TEST(Rearrange, RefusesPatternsThatDoNotFit) {
  for (const char* pattern : {"b h c", "b (h c -> b h c", "b h c -> b h", "b h c -> b h h",
                              "b h -> h b", "b h ... -> b h ..."}) {
    std::string text = problem(rearranged(pattern, ""));
    EXPECT_NE(text.find("pattern"), std::string::npos) << pattern << ": " << text;
  }
  std::string text = problem(rearranged("b (h p) c -> b h p c", R"("p": 3)"));
  EXPECT_NE(text.find("cannot be split"), std::string::npos) << text;
  text = problem(
      rearranged("b (h p) c -> b h p c", R"("p": 9007199254740992, "h": 9007199254740992)"));
  EXPECT_NE(text.find("cannot be split"), std::string::npos) << text;
}

}  // namespace
}  // namespace wherry::keras::test
