// Tests of REAL, IMAG and COMPLEX_ABS.
#include "ops/signal/complex_parts.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

TEST(ComplexParts, TakesPartsAndMagnitudesOfBothWidths) {
  const Operand x = fed<std::complex<float>>({2}, {{3, -4}, {0, 2}});
  expect_output<float>(run_op(op::real, no_options(), {x}, {declared(DType::f32)}), {2}, {3, 0});
  expect_output<float>(run_op(op::imag, no_options(), {x}, {declared(DType::f32)}), {2}, {-4, 2});
  expect_output<float>(run_op(op::complex_abs, no_options(), {x}, {declared(DType::f32)}), {2},
                       {5, 2});
  const Operand wide = fed<std::complex<double>>({1}, {{3, -4}});
  expect_output<double>(run_op(op::complex_abs, no_options(), {wide}, {declared(DType::f64)}), {1},
                        {5});
}

TEST(ComplexParts, RejectsRealNumbersAndOtherOutputs) {
  expect_problem(run_op(op::real, no_options(), {fed<float>({1}, {1})}, {declared(DType::f32)}),
                 "REAL does not support input 0 (x) of type f32");
  expect_problem(run_op(op::imag, no_options(), {fed<std::complex<float>>({1}, {{1, 2}})},
                        {declared(DType::f64)}),
                 "IMAG gives f32 as output 0, the model declares f64");
}

}  // namespace
}  // namespace wherry
