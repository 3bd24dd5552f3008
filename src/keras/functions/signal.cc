// Fourier transforms: of Keras 3, on pairs of real tensors, as products with matrices; of
// TensorFlow, on complex tensors, as RFFT2D.
#include <cmath>

#include "keras/functions/function_call.h"
#include "keras/functions/linear.h"
#include "keras/functions/shape.h"
#include "ops/shape/mirror_pad.h"

namespace wherry::keras {
namespace {

struct Pair {
  ValueId real = no_value, imaginary = no_value;
};

/// [rows, columns] of weight * cos or sin(2 pi row * column / period).
struct Waves {
  int64_t rows = 0, columns = 0, period = 1;
  bool is_sine = false;
  double scale = 1;
};

Expected<ValueId> waves(FunctionCall& call, const Waves& shape) {
  ENSURE(shape.rows > 0 && shape.columns > 0 && shape.rows * shape.columns <= (1 << 22),
         "a Fourier transform of ", shape.period, " elements is too large");
  std::vector<float> table;
  for (int64_t row = 0; row < shape.rows; ++row) {
    for (int64_t column = 0; column < shape.columns; ++column) {
      double angle = 2 * M_PI * static_cast<double>(row * column % shape.period) /
                     static_cast<double>(shape.period);
      table.push_back(
          static_cast<float>(shape.scale * (shape.is_sine ? std::sin(angle) : std::cos(angle))));
    }
  }
  return call.constant(std::move(table), Shape{shape.rows, shape.columns},
                       shape.is_sine ? "sines" : "cosines");
}

/// The last axis cut or padded with zeros to a length.
Expected<ValueId> fitted(FunctionCall& call, ValueId x, int64_t length) {
  int axis = call.rank(x) - 1;
  ENSURE(axis >= 0, "a Fourier transform needs an axis");
  int64_t extent = call.shape(x)[axis];
  if (extent < 0)
    return call.unsupported("a Fourier transform needs an axis of known size",
                            text_of(call.shape(x)));
  if (extent > length) return call.slice_axis(x, axis, {.begin = 0, .end = length});
  std::vector<Margin> margins(static_cast<size_t>(axis) + 1);
  margins.back() = {0, length - extent};
  return call.pad(x, margins);
}

Expected<int64_t> known_extent(FunctionCall& call, ValueId x) {
  if (call.rank(x) > 0 && call.shape(x).back() > 0) return call.shape(x).back();
  return call.unsupported("a Fourier transform needs an axis of known size",
                          text_of(call.shape(x)));
}

/// The first half of the spectrum of rows of real numbers.
Expected<Pair> real_spectrum(FunctionCall& call, ValueId rows, int64_t length) {
  ValueId x = TRY(fitted(call, rows, length));
  int64_t bins = length / 2 + 1;
  ValueId cosines = TRY(waves(call, {length, bins, length}));
  ValueId sines = TRY(waves(call, {length, bins, length, true, -1}));
  return Pair{TRY(matrix_product(call, x, cosines)), TRY(matrix_product(call, x, sines))};
}

Expected<Results> import_real(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("x", 0));
  int64_t length = TRY(call.integer("fft_length", -1, 0));
  if (length == 0) length = TRY(known_extent(call, x));
  Pair y = TRY(real_spectrum(call, x, length));
  return std::vector<ValueId>{y.real, y.imaginary};
}

Expected<Pair> pair_of(FunctionCall& call) {
  std::vector<ValueId> parts = TRY(call.tensors("x", 0));
  ENSURE(parts.size() == 2, "a real and an imaginary part are expected, not ", parts.size(),
         " tensors");
  return Pair{TRY(call.to_float(parts[0])), TRY(call.to_float(parts[1]))};
}

/// (a + bi)(cos - i sin), or with the sign turned around.
Expected<Pair> turned(FunctionCall& call, const Pair& x, double sign) {
  int64_t length = TRY(known_extent(call, x.real));
  ValueId cosines = TRY(waves(call, {length, length, length}));
  ValueId sines = TRY(waves(call, {length, length, length, true}));
  auto joined = [&](ValueId with_cosine, ValueId with_sine, double by) -> Expected<ValueId> {
    ValueId a = TRY(matrix_product(call, with_cosine, cosines));
    ValueId b = TRY(matrix_product(call, with_sine, sines));
    return by > 0 ? call.add(a, b) : call.subtract(a, b);
  };
  return Pair{TRY(joined(x.real, x.imaginary, sign)), TRY(joined(x.imaginary, x.real, -sign))};
}

Expected<Pair> transposed(FunctionCall& call, const Pair& x) {
  return Pair{TRY(matrix_transposed(call, x.real)), TRY(matrix_transposed(call, x.imaginary))};
}

/// `number`: axes to transform; negative ones backwards.
Expected<Results> import_complex(FunctionCall& call) {
  Pair x = TRY(pair_of(call));
  double sign = call.def().number > 0 ? 1 : -1, count = 1;
  for (int i = 0; i < static_cast<int>(std::abs(call.def().number)); ++i) {
    if (i > 0) x = TRY(transposed(call, x));
    count *= static_cast<double>(TRY(known_extent(call, x.real)));
    x = TRY(turned(call, x, sign));
    if (i > 0) x = TRY(transposed(call, x));
  }
  if (sign < 0) x = {TRY(call.times(x.real, 1 / count)), TRY(call.times(x.imaginary, 1 / count))};
  return std::vector<ValueId>{x.real, x.imaginary};
}

/// Real numbers from the first half of their spectrum: bins in the middle count twice.
Expected<Results> import_inverse_real(FunctionCall& call) {
  Pair x = TRY(pair_of(call));
  int64_t length = TRY(call.integer("fft_length", -1, 0));
  if (length == 0) length = 2 * (TRY(known_extent(call, x.real)) - 1);
  int64_t bins = length / 2 + 1;
  x = {TRY(fitted(call, x.real, bins)), TRY(fitted(call, x.imaginary, bins))};
  std::vector<float> weights(static_cast<size_t>(bins), 2);
  weights.front() = 1;
  if (length % 2 == 0) weights.back() = 1;
  ValueId counts = call.constant(std::move(weights), Shape{bins}, "counts");
  double scale = 1 / static_cast<double>(length);
  ValueId cosines = TRY(waves(call, {bins, length, length, false, scale}));
  ValueId sines = TRY(waves(call, {bins, length, length, true, scale}));
  ValueId a = TRY(matrix_product(call, TRY(call.multiply(x.real, counts)), cosines));
  ValueId b = TRY(matrix_product(call, TRY(call.multiply(x.imaginary, counts)), sines));
  return TRY(call.subtract(a, b));
}

/// Raised cosines as TensorFlow makes them: periodic for even lengths, symmetric for odd ones.
std::vector<float> raised_cosine(int64_t length, double offset) {
  std::vector<float> window;
  double period = static_cast<double>(length % 2 == 0 ? length : length - 1);
  for (int64_t i = 0; i < length; ++i) {
    double angle = length == 1 ? M_PI : 2 * M_PI * static_cast<double>(i) / period;
    window.push_back(static_cast<float>(offset - (1 - offset) * std::cos(angle)));
  }
  return window;
}

/// Frames of the last axis, `step` apart.
Expected<ValueId> frames(FunctionCall& call, ValueId x, int64_t length, int64_t step) {
  int64_t extent = TRY(known_extent(call, x));
  ENSURE(length > 0 && step > 0 && length <= extent, "frames of ", length, " elements every ", step,
         " do not fit ", extent);
  int64_t count = 1 + (extent - length) / step;
  ENSURE(count * length <= (1 << 24), count, " frames of ", length, " elements are too many");
  std::vector<int32_t> places;
  for (int64_t frame = 0; frame < count; ++frame) {
    for (int64_t i = 0; i < length; ++i) places.push_back(static_cast<int32_t>(frame * step + i));
  }
  ValueId table = call.constant(std::move(places), Shape{count, length}, "frames");
  return call.node("GATHER", {x, table}, {{"axis", static_cast<double>(call.rank(x) - 1)}});
}

Expected<ValueId> mirrored(FunctionCall& call, ValueId x, int64_t margin) {
  std::vector<int32_t> amounts(static_cast<size_t>(2 * call.rank(x)), 0);
  amounts[amounts.size() - 2] = amounts.back() = static_cast<int32_t>(margin);
  ValueId table = call.constant(std::move(amounts), Shape{call.rank(x), 2}, "paddings");
  return call.node(op::mirror_pad, op::MirrorPad{MirrorMode::reflect}, {x, table});
}

Expected<std::vector<float>> window_of(FunctionCall& call, int64_t length) {
  const PyValue& written = call.argument("window");
  bool is_none = written.is_none() && call.is_written("window");
  std::string_view word = written.is_none() ? "hann" : written.text();
  if (is_none) return std::vector<float>(static_cast<size_t>(length), 1.0f);
  if (word == "hann") return raised_cosine(length, 0.5);
  if (word == "hamming") return raised_cosine(length, 0.54);
  std::vector<float> window;
  for (const PyValue& item : written.items()) window.push_back(static_cast<float>(item.real()));
  if (static_cast<int64_t>(window.size()) != length)
    return call.unsupported_argument("window", written);
  return window;
}

Expected<Results> import_short_time(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("x", 0));
  int64_t length = TRY(call.integer("sequence_length"));
  int64_t step = TRY(call.integer("sequence_stride")), whole = TRY(call.integer("fft_length"));
  ENSURE(length > 0 && whole >= length && whole <= (1 << 16), "'fft_length' is ", whole,
         " for frames of ", length);
  std::vector<float> window = TRY(window_of(call, length));
  if (TRY(call.flag("center", true))) x = TRY(mirrored(call, x, whole / 2));
  window.insert(window.begin(), static_cast<size_t>((whole - length) / 2), 0.0f);
  window.resize(static_cast<size_t>(whole), 0.0f);
  ValueId cut = TRY(frames(call, x, whole, step));
  cut = TRY(call.multiply(cut, call.constant(std::move(window), Shape{whole}, "window")));
  Pair y = TRY(real_spectrum(call, cut, whole));
  return std::vector<ValueId>{y.real, y.imaginary};
}

/// Complex bins of rows of real numbers.
Expected<ValueId> complex_spectrum(FunctionCall& call, ValueId x, int64_t length) {
  if (length < 1 || (length & (length - 1)) != 0)
    return call.unsupported("only transforms of 2, 4, 8, ... elements have an operator",
                            cat(length), "give a power of two as fft_length");
  x = TRY(call.expand(TRY(fitted(call, x, length)), call.rank(x) - 1));
  ValueId y = TRY(call.node("RFFT2D", {x, call.integers({1, length})}));
  return call.squeeze(y, call.rank(y) - 2);
}

Expected<Results> import_older_real(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("input_tensor|input", 0));
  int64_t length = TRY(call.integer("fft_length", -1, 0));
  if (length == 0) length = TRY(known_extent(call, x));
  return TRY(complex_spectrum(call, x, length));
}

Expected<Results> import_older_short_time(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("signals", 0));
  int64_t length = TRY(call.integer("frame_length")), step = TRY(call.integer("frame_step"));
  int64_t whole = 1;
  while (whole < length && whole < (1 << 20)) whole *= 2;
  whole = TRY(call.integer("fft_length", -1, whole));
  TRY(call.only("pad_end", PyValue::of(false)));
  ValueId cut = TRY(frames(call, x, length, step));
  ValueId window = call.constant(raised_cosine(length, 0.5), Shape{length}, "window");
  return TRY(complex_spectrum(call, TRY(call.multiply(cut, window)), whole));
}

constexpr FunctionDef functions[] = {
    {{}, {"RFFT"}, import_real, {}, 0, "FULLY_CONNECTED"},
    {{}, {"IRFFT"}, import_inverse_real, {}, 0, "MUL and FULLY_CONNECTED"},
    {{}, {"FFT"}, import_complex, {}, 1, "FULLY_CONNECTED"},
    {{}, {"FFT2"}, import_complex, {}, 2, "FULLY_CONNECTED and TRANSPOSE"},
    {{}, {"IFFT2"}, import_complex, {}, -2, "FULLY_CONNECTED and TRANSPOSE"},
    {{}, {"STFT"}, import_short_time, {}, 0, "GATHER, MUL and FULLY_CONNECTED"},
    {{"signal.rfft"}, {}, import_older_real, {}, 0, "RFFT2D"},
    {{"signal.stft"}, {}, import_older_short_time, {}, 0, "GATHER, MUL and RFFT2D"},
};

}  // namespace

FunctionTable signal_functions() { return function_table(functions); }

}  // namespace wherry::keras
