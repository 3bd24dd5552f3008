// Irfft2d: the inverse of RFFT2D, under the two names that models use.
#include "ops/signal/irfft2d.h"

#include <algorithm>

#include "ops/context.h"
#include "ops/opaque.h"
#include "ops/registry.h"
#include "ops/signal/fourier.h"

namespace wherry::op {
namespace {

using namespace signal;

Status infer_irfft2d(InferContext& context) {
  std::string_view op = context.op().name;
  Shape shape = context.shape(0);
  ENSURE(shape.rank() >= 2, op, " needs an input of two axes or more, got the shape ", shape);
  ENSURE(context.shape(1) == Shape({2}), op, " needs two lengths, got the shape ",
         context.shape(1));
  std::vector<int64_t> lengths = TRY(context.integers(1));
  ENSURE(is_power_of_two(lengths[0]) && is_power_of_two(lengths[1]), op,
         " needs lengths that are powers of two, got ", lengths);
  shape[shape.rank() - 2] = lengths[0];
  shape[shape.rank() - 1] = lengths[1];
  // Half of the transformed picture is kept in double while running.
  TRY(checked_multiply(TRY(shape.checked_elements()), 16));
  return context.set_output(0, DType::f32, std::move(shape));
}

struct Picture {
  int64_t height, bins;  ///< of the input
  FourierTransform rows, columns;
  std::vector<Complex> half;  ///< [columns.length(), kept bins]
  std::vector<Complex> line;

  int64_t kept() const { return rows.length() / 2 + 1; }

  void transform(const std::complex<float>* x, float* y) {
    for (int64_t bin = 0; bin < kept(); ++bin) transform_column(x, bin);
    double norm =
        1.0 / (static_cast<double>(rows.length()) * static_cast<double>(columns.length()));
    for (int64_t i = 0; i < columns.length(); ++i) {
      const Complex* row = half.data() + i * kept();
      for (int64_t bin = 0; bin < kept(); ++bin) {
        line[static_cast<size_t>(bin)] = row[bin];
        if (bin > 0) line[static_cast<size_t>(rows.length() - bin)] = std::conj(row[bin]);
      }
      // The transform of real numbers is real at frequency 0 and at half the length.
      line[0] = row[0].real();
      line[static_cast<size_t>(kept() - 1)] =
          rows.length() > 1 ? Complex(row[kept() - 1].real()) : line[0];
      rows.run(line.data());
      for (int64_t k = 0; k < rows.length(); ++k)
        y[i * rows.length() + k] = static_cast<float>(line[static_cast<size_t>(k)].real() * norm);
    }
  }

  void transform_column(const std::complex<float>* x, int64_t bin) {
    int64_t count = columns.length();
    for (int64_t i = 0; i < count; ++i) {
      bool given = i < height && bin < bins;
      line[static_cast<size_t>(i)] = given ? Complex(x[i * bins + bin]) : Complex();
    }
    // In the columns of frequency 0 and of half the length the stock kernel reads the upper half
    // and takes the lower one for its mirror image.
    if (bin == 0 || bin == rows.length() / 2) {
      line[0] = line[0].real();
      if (count > 1)
        line[static_cast<size_t>(count / 2)] = line[static_cast<size_t>(count / 2)].real();
      for (int64_t i = count / 2 + 1; i < count; ++i)
        line[static_cast<size_t>(i)] = std::conj(line[static_cast<size_t>(count - i)]);
    }
    columns.run(line.data());
    for (int64_t i = 0; i < count; ++i)
      half[static_cast<size_t>(i * kept() + bin)] = line[static_cast<size_t>(i)];
  }
};

Status reference(Call& call) {
  const Shape &in = call.shape(0), &out = call.output(0).shape();
  int rank = in.rank();
  std::vector<int64_t> lengths = call.integers(1);
  using Direction = FourierTransform::Direction;
  Picture picture{in[rank - 2],
                  in[rank - 1],
                  {lengths[1], Direction::inverse},
                  {lengths[0], Direction::inverse},
                  std::vector<Complex>(static_cast<size_t>(lengths[0] * (lengths[1] / 2 + 1))),
                  std::vector<Complex>(static_cast<size_t>(std::max(lengths[0], lengths[1])))};
  int64_t in_size = in.product(rank - 2, rank), out_size = out.product(rank - 2, rank);
  for (int64_t i = 0; i < in.product(0, rank - 2); ++i)
    picture.transform(call.data<std::complex<float>>(0) + i * in_size,
                      call.result<float>(0) + i * out_size);
  return {};
}

constexpr OpDef irfft2d_named(std::string_view name) {
  return {.name = name,
          .attributes = &custom_attributes,
          .inputs = {{"x", DType::c64}, {"lengths", DType::i32}},
          .outputs = {{"y", DType::f32}},
          .versions = {{1}},
          .infer = infer_irfft2d,
          .reference = reference,
          .doc =
              "real pictures from the frequencies that RFFT2D gives, cut or padded to the "
              "lengths"};
}

}  // namespace

constinit const OpDef irfft2d_family[2] = {irfft2d_named("Irfft2d"), irfft2d_named("IRFFT2D")};

OpTable irfft2d_ops() { return op_table(irfft2d_family); }

}  // namespace wherry::op
