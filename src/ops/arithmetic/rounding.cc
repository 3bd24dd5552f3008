// FLOOR, CEIL and ROUND: integers near each element.
#include "ops/arithmetic/rounding.h"

#include <cmath>

#include "ops/elementwise.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet rounded_types = one_of(DType::f32, DType::f16, DType::bf16);

constexpr TypeSet ceil_types = one_of(DType::f32, DType::f16);

/// Ties go to the even neighbour.
float nearest(float x) { return std::nearbyint(x); }

template <float function(float)>
Status reference(Call& call) {
  for_type<float, half, bfloat16>(
      call.dtype(0), [&]<class T>() { map_elements<T>(call, [](T x) { return T(function(x)); }); });
  return {};
}

}  // namespace

constinit const OpDef rounding_family[3] = {
    {.name = "FLOOR",
     .code = 8,
     .inputs = {{"x", rounded_types}},
     .outputs = {{"y", rounded_types}},
     .versions = {{1, "1.9.0"}},
     .infer = infer_elementwise,
     .reference = reference<std::floor>,
     .doc = "the largest integer that is not above x"},
    {.name = "CEIL",
     .code = 104,
     .inputs = {{"x", ceil_types}},
     .outputs = {{"y", ceil_types}},
     .versions = {{1, "1.14.0"}},
     .infer = infer_elementwise,
     .reference = reference<std::ceil>,
     .doc = "the smallest integer that is not below x"},
    {.name = "ROUND",
     .code = 116,
     .inputs = {{"x", rounded_types}},
     .outputs = {{"y", rounded_types}},
     .versions = {{1, "1.14.0"}},
     .infer = infer_elementwise,
     .reference = reference<nearest>,
     .doc = "the integer nearest to x, the even one of two"},
};

OpTable rounding_ops() { return op_table(rounding_family); }

}  // namespace wherry::op
