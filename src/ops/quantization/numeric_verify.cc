// NumericVerify: how far a quantised tensor is from the float one that it stands for.
#include "ops/quantization/numeric_verify.h"

#include <cmath>

#include "ops/custom_options.h"
#include "ops/elementwise.h"
#include "ops/opaque.h"
#include "ops/registry.h"
#include "ops/requantization.h"

namespace wherry::op {
namespace {

constexpr TypeSet verified_types = one_of(DType::u8, DType::i8, DType::i16, DType::f16);

struct Settings {
  double tolerance = 0;  ///< in steps of the scale
  bool fails = false;    ///< a larger difference is an error
};

Expected<Settings> settings_of(const Node& node) {
  CustomOptions options =
      TRY(CustomOptions::read(node.attributes.as<Custom>().options, node.op->name));
  return Settings{TRY(options.real("tolerance", 0)), TRY(options.boolean("log_if_failed", false))};
}

Status infer_numeric_verify(InferContext& context) {
  TRY(settings_of(context.node()));
  ENSURE(context.shape(0) == context.shape(1), "NumericVerify compares tensors of one shape, got ",
         context.shape(0), " and ", context.shape(1));
  if (context.dtype(0) != DType::f16)
    TRY(check_one_scale("input 0 of NumericVerify", context.input(0)));
  return context.set_output(0, DType::f32, context.shape(0));
}

template <class T>
Status subtract(Call& call, const Settings& settings) {
  const TensorType& type = *call.input(0).type;
  const float scale = std::is_integral_v<T> ? type.scale() : 1;
  const T* x = call.data<T>(0);
  for (int64_t i = 0, count = call.output(0).elements(); i < count; ++i) {
    float value;
    if constexpr (std::is_integral_v<T>)
      value = scale * static_cast<float>(x[i] - type.zero_point());
    else
      value = x[i];
    float difference = value - call.data<float>(1)[i];
    ENSURE_CODE(ErrorCode::invalid_data,
                !settings.fails || std::abs(difference) <= settings.tolerance * double{scale},
                "NumericVerify: element ", i, " is ", value, ", expected ", call.data<float>(1)[i]);
    call.result<float>(0)[i] = difference;
  }
  return {};
}

Status reference(Call& call) {
  Settings settings = TRY(settings_of(call.node()));
  Status status;
  for_type<uint8_t, int8_t, int16_t, half>(
      call.dtype(0), [&]<class T>() { status = subtract<T>(call, settings); });
  return status;
}

}  // namespace

constinit const OpDef numeric_verify = {
    .name = "NumericVerify",
    .attributes = &custom_attributes,
    .inputs = {{"x", verified_types}, {"expected", DType::f32}},
    .outputs = {{"difference", DType::f32}},
    .versions = {{1}},
    .infer = infer_numeric_verify,
    .reference = reference,
    .doc =
        "x - expected in real numbers; options tolerance (in steps of the scale), log_if_failed"};

OpTable numeric_verify_ops() { return op_table(numeric_verify); }

}  // namespace wherry::op
