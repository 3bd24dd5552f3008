// FAKE_QUANT: floats rounded as if they had been quantised and dequantised.
#include "ops/quantization/fake_quant.h"

#include <cmath>

#include "ops/elementwise.h"
#include "ops/fixed_point.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field fake_quant_fields[] = {
    field<&FakeQuant::min>("min", 0), field<&FakeQuant::max>("max", 1),
    field<&FakeQuant::num_bits>("num_bits", 2), field<&FakeQuant::narrow_range>("narrow_range", 3)};

Status infer_fake_quant(InferContext& context) {
  const auto& options = context.attributes<FakeQuant>();
  ENSURE(options.min < options.max && std::isfinite(options.max - options.min),
         "FAKE_QUANT needs a range, got ", options.min, " to ", options.max);
  ENSURE(options.num_bits >= 2 && options.num_bits <= 16, "FAKE_QUANT needs 2 to 16 bits, got ",
         options.num_bits);
  return infer_elementwise(context);
}

/// The range moved so that 0 is one of the steps.
struct Steps {
  float size, lowest, highest;
  explicit Steps(const FakeQuant& options) {
    const auto first = static_cast<float>(options.narrow_range ? 1 : 0);
    const auto last = static_cast<float>((1 << options.num_bits) - 1);
    size = (options.max - options.min) / (last - first);
    float zero = std::clamp(std::round(first - options.min / size), first, last);
    lowest = (first - zero) * size;
    highest = (last - zero) * size;
  }
  float operator()(float x) const {
    float above = std::min(std::max(x, lowest), highest) - lowest;
    return std::round(above * (1 / size)) * size + lowest;
  }
};

Status reference(Call& call) {
  map_elements<float>(call, Steps(call.attributes<FakeQuant>()));
  return {};
}

bool is_narrow(const Graph&, const Node& node) {
  return node.attributes.as<FakeQuant>().narrow_range;
}

}  // namespace

constinit const AttributesType fake_quant_attributes =
    attributes_type<FakeQuant>(fake_quant_fields, 58);

constinit const OpDef fake_quant = {.name = "FAKE_QUANT",
                                    .code = 80,
                                    .attributes = &fake_quant_attributes,
                                    .inputs = {{"x", DType::f32}},
                                    .outputs = {{"y", DType::f32}},
                                    .versions = {{1, "1.5.0"}, {2, "1.10.0", {}, is_narrow}},
                                    .infer = infer_fake_quant,
                                    .reference = reference,
                                    .doc = "x rounded as if quantised over a range"};

OpTable fake_quant_ops() { return op_table(fake_quant); }

}  // namespace wherry::op
