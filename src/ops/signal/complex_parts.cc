// REAL, IMAG and COMPLEX_ABS: parts and magnitudes of complex numbers.
#include "ops/signal/complex_parts.h"

#include "ops/elementwise.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet complex_types = one_of(DType::c64, DType::c128);
constexpr TypeSet part_types = one_of(DType::f32, DType::f64);

Status infer_part(InferContext& context) {
  DType part = context.dtype(0) == DType::c64 ? DType::f32 : DType::f64;
  return context.set_output(0, part, context.shape(0));
}

struct RealPart {
  template <class T>
  T operator()(std::complex<T> x) const {
    return x.real();
  }
};
struct ImaginaryPart {
  template <class T>
  T operator()(std::complex<T> x) const {
    return x.imag();
  }
};
struct Magnitude {
  template <class T>
  T operator()(std::complex<T> x) const {
    return std::abs(x);
  }
};

template <class F>
Status reference(Call& call) {
  for_type<float, double>(call.output(0).dtype(),
                          [&]<class T>() { map_elements<std::complex<T>, T>(call, F()); });
  return {};
}

}  // namespace

constinit const OpDef complex_parts_family[3] = {
    {.name = "REAL",
     .code = 134,
     .inputs = {{"x", complex_types}},
     .outputs = {{"y", part_types}},
     .versions = {{1, "2.5.0"}},
     .infer = infer_part,
     .reference = reference<RealPart>,
     .doc = "real parts"},
    {.name = "IMAG",
     .code = 133,
     .inputs = {{"x", complex_types}},
     .outputs = {{"y", part_types}},
     .versions = {{1, "2.5.0"}},
     .infer = infer_part,
     .reference = reference<ImaginaryPart>,
     .doc = "imaginary parts"},
    {.name = "COMPLEX_ABS",
     .code = 135,
     .inputs = {{"x", complex_types}},
     .outputs = {{"y", part_types}},
     .versions = {{1, "2.5.0"}},
     .infer = infer_part,
     .reference = reference<Magnitude>,
     .doc = "magnitudes of complex numbers"},
};

OpTable complex_parts_ops() { return op_table(complex_parts_family); }

}  // namespace wherry::op
