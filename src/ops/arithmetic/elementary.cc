// EXP, LOG, SIN and COS: elementary functions of each element; quantised ones as tables.
#include "ops/arithmetic/elementary.h"

#include <cmath>

#include "ops/elementwise.h"
#include "ops/lookup_table.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet table_types = one_of(DType::f32, DType::f16, DType::i8, DType::i16);
constexpr TypeSet wave_types = one_of(DType::f32, DType::f16);

/// Where a logarithm has no value the table holds the lowest number of the output type.
float log_or_lowest(float x, const TensorType& y) {
  if (x > 0) return std::log(x);
  int32_t lowest = y.dtype == DType::i8 ? -128 : -32768;
  return static_cast<float>(lowest - y.zero_point()) * y.scale();
}

float power_of_e(float x, const TensorType&) { return std::exp(x); }

template <float function(float), TableFunction table_function>
Status reference(Call& call) {
  if (!map_floats(call, function)) map_by_table(call, table_function);
  return {};
}

constexpr QuantizationFacts table_facts = {.rule = QuantizationRule::calibrated, .int16 = true};

}  // namespace

constinit const AttributesType exp_attributes = attributes_type<NoAttributes>({}, 33);
constinit const AttributesType cos_attributes = attributes_type<NoAttributes>({}, 84);

constinit const OpDef elementary_family[4] = {
    {.name = "EXP",
     .code = 47,
     .attributes = &exp_attributes,
     .inputs = {{"x", table_types}},
     .outputs = {{"y", table_types}},
     .versions = {{1, "1.7.0"}, {2, "2.12.0", one_of(DType::i8, DType::i16)}},
     .infer = infer_rescaled,
     .reference = reference<std::exp, power_of_e>,
     .quantization = table_facts,
     .doc = "e to the power of x"},
    {.name = "LOG",
     .code = 73,
     .inputs = {{"x", table_types}},
     .outputs = {{"y", table_types}},
     .versions = {{1, "1.14.0"}, {2, "2.15.0", one_of(DType::i8, DType::i16)}},
     .infer = infer_rescaled,
     .reference = reference<std::log, log_or_lowest>,
     .quantization = table_facts,
     .doc = "the natural logarithm"},
    {.name = "SIN",
     .code = 66,
     .inputs = {{"x", wave_types}},
     .outputs = {{"y", wave_types}},
     .versions = {{1, "1.9.0"}, {2, "2.23.0", DType::f16}},
     .infer = infer_elementwise,
     .reference = reference<std::sin, nullptr>,
     .doc = "the sine of x in radians"},
    {.name = "COS",
     .code = 108,
     .attributes = &cos_attributes,
     .inputs = {{"x", wave_types}},
     .outputs = {{"y", wave_types}},
     .versions = {{1, "1.14.0"}, {2, "2.23.0", DType::f16}},
     .infer = infer_elementwise,
     .reference = reference<std::cos, nullptr>,
     .doc = "the cosine of x in radians"},
};

OpTable elementary_ops() { return op_table(elementary_family); }

}  // namespace wherry::op
