// Variables are made within the limit of memory, and filled once a plan stands.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "ir/text.h"
#include "ops/registry.h"
#include "runtime/session.h"
#include "runtime/support.h"

namespace wherry {
namespace {

/// What a session says to an SVDF of one unit whose state should have 3 elements.
Status outcome(const std::string& state) {
  auto model = parse_text(
      "graph main(x: f32[1,2], f: f32[1,2], t: f32[1,3]) -> (y) {\n"
      "  s = variable f32" +
          state +
          "\n"
          "  y: f32[1,1] = SVDF(x, f, t, -, s) {rank = 1}\n}",
      find_op_named);
  if (!model) return std::move(model).error();
  auto shared = SharedModel::create(std::move(*model));
  if (!shared) return std::move(shared).error();
  SessionOptions options;
  options.plan.max_bytes = int64_t{1} << 32;
  Session session(*shared, options);
  return session.runner(0).prepare({Shape({1, 2}), Shape({1, 2}), Shape({1, 3})});
}

int64_t peak_kilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST(Variables, OfTheSizeThatTheOperatorNeedsArePlanned) {
  Status status = outcome("[1,3]");
  EXPECT_TRUE(status) << status.error().text();
}

TEST(Variables, BeyondTheLimitAreRefusedByName) {
  Status status = outcome("[1000000,3000]");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::too_large);
  EXPECT_NE(status.error().text().find("the variable 's' needs 12 GB"), std::string::npos)
      << status.error().text();
}

TEST(Variables, ThatTheOperatorRefusesTouchNoMemory) {
  int64_t before = peak_kilobytes();
  EXPECT_FALSE(outcome("[100000,3000]"));
  EXPECT_LT(peak_kilobytes() - before, 500'000);
}

}  // namespace
}  // namespace wherry
