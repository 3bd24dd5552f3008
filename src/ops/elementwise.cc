// Shape rules and scale checks of operators on single elements.
#include "ops/elementwise.h"

#include "ops/requantization.h"

namespace wherry {

Status infer_elementwise(InferContext& context) {
  return context.set_output(0, context.dtype(0), context.shape(0));
}

Status check_scales(const InferContext& context, int inputs) {
  for (int i = 0; i < inputs; ++i)
    TRY(check_one_scale(cat("input ", i, " of ", context.op().name), context.input(i)));
  return check_one_scale(cat("the output of ", context.op().name), context.declared(0));
}

Status check_zero_points_are_zero(const InferContext& context, int inputs) {
  for (int i = 0; i < inputs; ++i)
    TRY(check_symmetric(cat("input ", i, " of ", context.op().name), context.input(i)));
  return check_symmetric(cat("the output of ", context.op().name), context.declared(0));
}

Status infer_rescaled(InferContext& context) {
  TRY(context.set_output(0, context.dtype(0), context.shape(0)));
  if (!quantized_types.contains(context.dtype(0))) return {};
  TRY(check_scales(context, 1));
  if (context.dtype(0) == DType::i16) TRY(check_zero_points_are_zero(context, 1));
  return {};
}

Status infer_pairs(InferContext& context, DType result) {
  ENSURE(context.dtype(0) == context.dtype(1), context.op().name, " needs inputs of one type, got ",
         context.dtype(0), " and ", context.dtype(1));
  return context.set_output(0, result, TRY(broadcast_shape(context.shape(0), context.shape(1))));
}

}  // namespace wherry
