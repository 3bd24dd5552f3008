// RFFT2D: the Fourier transform of real pictures.
#include "ops/signal/rfft2d.h"

#include <algorithm>

#include "ops/context.h"
#include "ops/registry.h"
#include "ops/signal/fourier.h"

namespace wherry::op {
namespace {

using namespace signal;

Status infer_rfft2d(InferContext& context) {
  Shape shape = context.shape(0);
  ENSURE(shape.rank() >= 2, "RFFT2D needs an input of two axes or more, got the shape ", shape);
  ENSURE(context.shape(1) == Shape({2}), "RFFT2D needs two lengths, got the shape ",
         context.shape(1));
  std::vector<int64_t> lengths = TRY(context.integers(1));
  ENSURE(is_power_of_two(lengths[0]) && is_power_of_two(lengths[1]),
         "RFFT2D needs lengths that are powers of two, got ", lengths);
  shape[shape.rank() - 2] = lengths[0];
  shape[shape.rank() - 1] = lengths[1] / 2 + 1;
  return context.set_output(0, DType::c64, std::move(shape));
}

/// One picture: rows into the output, then the output's columns in place.
struct Picture {
  int64_t height, width;  ///< of the input
  FourierTransform rows, columns;
  std::vector<Complex> line;

  void transform(const float* x, std::complex<float>* y) {
    int64_t bins = rows.length() / 2 + 1;
    for (int64_t i = 0; i < columns.length(); ++i) {
      std::fill(line.begin(), line.end(), Complex());
      if (i < height) std::copy_n(x + i * width, std::min(width, rows.length()), line.begin());
      rows.run(line.data());
      store(line.data(), bins, y + i * bins, 1);
    }
    for (int64_t bin = 0; bin < bins; ++bin) {
      for (int64_t i = 0; i < columns.length(); ++i)
        line[static_cast<size_t>(i)] = y[i * bins + bin];
      columns.run(line.data());
      store(line.data(), columns.length(), y + bin, bins);
    }
  }

  static void store(const Complex* from, int64_t count, std::complex<float>* to, int64_t step) {
    for (int64_t i = 0; i < count; ++i) to[i * step] = std::complex<float>(from[i]);
  }
};

Status reference(Call& call) {
  const Shape &in = call.shape(0), &out = call.output(0).shape();
  int rank = in.rank();
  std::vector<int64_t> lengths = call.integers(1);
  using Direction = FourierTransform::Direction;
  Picture picture{in[rank - 2],
                  in[rank - 1],
                  {lengths[1], Direction::forward},
                  {lengths[0], Direction::forward},
                  std::vector<Complex>(static_cast<size_t>(std::max(lengths[0], lengths[1])))};
  int64_t in_size = in.product(rank - 2, rank), out_size = out.product(rank - 2, rank);
  for (int64_t i = 0; i < in.product(0, rank - 2); ++i)
    picture.transform(call.data<float>(0) + i * in_size,
                      call.result<std::complex<float>>(0) + i * out_size);
  return {};
}

}  // namespace

constinit const AttributesType rfft2d_attributes = attributes_type<NoAttributes>({}, 105);

constinit const OpDef rfft2d = {
    .name = "RFFT2D",
    .code = 131,
    .attributes = &rfft2d_attributes,
    .inputs = {{"x", DType::f32}, {"lengths", DType::i32}},
    .outputs = {{"y", DType::c64}},
    .versions = {{1, "2.5.0"}},
    .infer = infer_rfft2d,
    .reference = reference,
    .doc =
        "Fourier transform over the last two axes, cut or padded to the lengths; the last axis "
        "keeps the frequencies from 0 to half the length"};

OpTable rfft2d_ops() { return op_table(rfft2d); }

}  // namespace wherry::op
