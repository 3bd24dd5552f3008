// Tests of BROADCAST_ARGS.
#include "ops/shape/broadcast_args.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs joint(std::vector<int32_t> a, std::vector<int32_t> b) {
  return run_op(op::broadcast_args, no_options(),
                {fed<int32_t>({static_cast<int64_t>(a.size())}, a),
                 fed<int32_t>({static_cast<int64_t>(b.size())}, b)},
                {declared(DType::i32)});
}

TEST(BroadcastArgs, GivesTheJointShape) {
  expect_output<int32_t>(joint({3, 1}, {2, 1, 4}), {3}, {2, 3, 4});
}

TEST(BroadcastArgs, RejectsShapesThatDoNotBroadcast) {
  expect_problem(joint({3}, {2}), "do not broadcast");
}

}  // namespace
}  // namespace wherry
