// BROADCAST_ARGS: the shape that two shapes broadcast to.
#include "ops/shape/broadcast_args.h"

#include <algorithm>

#include "ops/broadcast.h"
#include "ops/context.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

Status infer_broadcast_args(InferContext& context) {
  ENSURE(context.shape(0).rank() == 1 && context.shape(1).rank() == 1 &&
             context.dtype(0) == context.dtype(1),
         "BROADCAST_ARGS needs two vectors of one type, got ", text_of(context.input(0)), " and ",
         text_of(context.input(1)));
  return context.set_output(0, context.dtype(0),
                            {std::max(context.shape(0)[0], context.shape(1)[0])});
}

Status reference(Call& call) {
  Shape joint = TRY(broadcast_shape(Shape(call.integers(0)), Shape(call.integers(1))));
  for_type<int32_t, int64_t>(call.output(0).dtype(), [&]<class T>() {
    for (int i = 0; i < joint.rank(); ++i) call.result<T>(0)[i] = static_cast<T>(joint[i]);
  });
  return {};
}

constexpr TypeSet shape_types = one_of(DType::i32, DType::i64);

}  // namespace

constinit const OpDef broadcast_args = {.name = "BROADCAST_ARGS",
                                        .code = 145,
                                        .inputs = {{"a", shape_types}, {"b", shape_types}},
                                        .outputs = {{"y", shape_types}},
                                        .versions = {{1, "2.6.0"}},
                                        .infer = infer_broadcast_args,
                                        .reference = reference,
                                        .quantization = {.rule = QuantizationRule::plain_output},
                                        .doc = "the shape that two shapes broadcast to"};

OpTable broadcast_args_ops() { return op_table(broadcast_args); }

}  // namespace wherry::op
