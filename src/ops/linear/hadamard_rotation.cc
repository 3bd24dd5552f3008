// aeq.hadamard_rotation: each run of elements times a Hadamard matrix of unit rows. The option
// random_binary_vector is written as ones by the tool that makes the operator; the stock kernel
// does not look at it, other values are refused here.
#include "ops/linear/hadamard_rotation.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "ops/custom_options.h"
#include "ops/elementwise.h"
#include "ops/opaque.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

Expected<int64_t> run_length(const Node& node) {
  CustomOptions options =
      TRY(CustomOptions::read(node.attributes.as<Custom>().options, node.op->name));
  int64_t size = TRY(options.integer("hadamard_size"));
  ENSURE(size >= 1 && std::has_single_bit(static_cast<uint64_t>(size)), node.op->name,
         " needs a hadamard_size that is a power of two, got ", size);
  if (options.has("random_binary_vector")) {
    std::vector<int64_t> signs = TRY(options.integers("random_binary_vector"));
    bool plain = std::all_of(signs.begin(), signs.end(), [](int64_t sign) { return sign == 1; });
    ENSURE_CODE(ErrorCode::unsupported, plain, node.op->name,
                " supports a random_binary_vector of ones only, got ", signs);
  }
  return size;
}

Status infer_hadamard_rotation(InferContext& context) {
  int64_t size = TRY(run_length(context.node()));
  const Shape& shape = context.shape(0);
  ENSURE(shape.rank() >= 1 && shape.back() % size == 0, context.op().name, " of size ", size,
         " does not divide the last axis of the shape ", shape);
  return infer_elementwise(context);
}

/// Sums and differences of elements 1, 2, 4, ... apart.
void rotate(std::span<float> run) {
  for (size_t apart = 1; apart < run.size(); apart *= 2) {
    for (size_t i = 0; i < run.size(); ++i) {
      if (i & apart) continue;
      float a = run[i], b = run[i + apart];
      run[i] = a + b;
      run[i + apart] = a - b;
    }
  }
  const float unit = 1.0f / std::sqrt(static_cast<float>(run.size()));
  for (float& element : run) element *= unit;
}

Status reference(Call& call) {
  auto size = static_cast<size_t>(TRY(run_length(call.node())));
  std::span<float> y = call.output(0).span<float>();
  std::copy_n(call.data<float>(0), y.size(), y.begin());
  for (size_t first = 0; first < y.size(); first += size) rotate(y.subspan(first, size));
  return {};
}

}  // namespace

constinit const OpDef hadamard_rotation = {
    .name = "aeq.hadamard_rotation",
    .attributes = &custom_attributes,
    .inputs = {{"x", DType::f32}},
    .outputs = {{"y", DType::f32}},
    .versions = {{1}},
    .infer = infer_hadamard_rotation,
    .reference = reference,
    .doc = "each run of hadamard_size elements times the Hadamard matrix of unit rows"};

OpTable hadamard_rotation_ops() { return op_table(hadamard_rotation); }

}  // namespace wherry::op
