// Functions that round floats as if they had been quantised.
#include "keras/functions/function_call.h"
#include "ops/quantization/fake_quant.h"

namespace wherry::keras {
namespace {

Expected<Results> import_fake_quantized(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("inputs", 0));
  op::FakeQuant options{.min = static_cast<float>(TRY(call.real("min", -1, -6))),
                        .max = static_cast<float>(TRY(call.real("max", -1, 6))),
                        .num_bits = static_cast<int32_t>(TRY(call.integer("num_bits", -1, 8))),
                        .narrow_range = TRY(call.flag("narrow_range", false))};
  ENSURE(options.num_bits >= 2 && options.num_bits <= 16 && options.min < options.max,
         "numbers of ", options.num_bits, " bits from ", options.min, " to ", options.max,
         " cannot be told apart");
  return TRY(call.node(op::fake_quant, options, {x}));
}

constexpr FunctionDef functions[] = {
    {{"quantization.fake_quant_with_min_max_args", "quantization.fake_quant_with_min_max_vars"},
     {},
     import_fake_quantized,
     {},
     0,
     "FAKE_QUANT"},
};

}  // namespace

FunctionTable fake_quantization_functions() { return function_table(functions); }

}  // namespace wherry::keras
