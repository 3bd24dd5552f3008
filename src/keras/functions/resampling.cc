// Weights of resampled pictures, by the rules of TensorFlow's image operators.
#include "keras/functions/resampling.h"

#include <algorithm>
#include <cmath>

namespace wherry::keras {
namespace {

double cubic_weight(double x, double sharpness) {
  x = std::abs(x);
  if (x >= 2) return 0;
  if (x >= 1) return ((sharpness * x - 5 * sharpness) * x + 8 * sharpness) * x - 4 * sharpness;
  return ((sharpness + 2) * x - (sharpness + 3)) * x * x + 1;
}

double lanczos_weight(double x, double radius) {
  x = std::abs(x);
  if (x > radius) return 0;
  if (x <= 1e-3) return 1;
  return radius * std::sin(M_PI * x) * std::sin(M_PI * x / radius) / (M_PI * M_PI * x * x);
}

double mitchell_weight(double x) {
  x = std::abs(x);
  if (x >= 2) return 0;
  if (x >= 1) return (((-7.0 / 18) * x + 2) * x - 10.0 / 3) * x + 16.0 / 9;
  return ((7.0 / 6) * x - 2) * x * x + 8.0 / 9;
}

struct Kernel {
  double radius;
  double (*weight)(double x);
};

Kernel kernel_of(Resampling::Kind kind) {
  switch (kind) {
    case Resampling::lanczos3:
      return {3, [](double x) { return lanczos_weight(x, 3); }};
    case Resampling::lanczos5:
      return {5, [](double x) { return lanczos_weight(x, 5); }};
    case Resampling::gaussian:
      return {1.5, [](double x) {
                x = std::abs(x);
                return x >= 1.5 ? 0.0 : std::exp(-x * x / (2 * 0.5 * 0.5));
              }};
    case Resampling::mitchell:
      return {2, mitchell_weight};
    case Resampling::cubic:
    case Resampling::cubic_table:
      return {2, [](double x) { return cubic_weight(x, -0.5); }};
    default:
      return {1, [](double x) { return std::max(0.0, 1 - std::abs(x)); }};
  }
}

/// One row of weights, brought to the sum of 1.
void normalise(std::vector<double>& row) {
  double sum = 0;
  for (double weight : row) sum += weight;
  for (double& weight : row) weight = std::abs(sum) > 1e-6 ? weight / sum : 0;
}

/// The weights of the old pixels in new pixel `at`.
std::vector<double> weights_of(int64_t at, int64_t from, int64_t to, const Resampling& how) {
  std::vector<double> row(static_cast<size_t>(from), 0.0);
  double scale = static_cast<double>(from) / static_cast<double>(to);
  if (how.kind == Resampling::area) {
    double begin = static_cast<double>(at) * scale, end = begin + scale;
    for (int64_t i = 0; i < from; ++i) {
      double low = std::max(begin, static_cast<double>(i));
      double high = std::min(end, static_cast<double>(i + 1));
      row[static_cast<size_t>(i)] = std::max(0.0, high - low);
    }
    normalise(row);
    return row;
  }
  Kernel kernel = kernel_of(how.kind);
  double stretch = how.antialias ? std::max(scale, 1.0) : 1.0;
  double centre = (static_cast<double>(at) + 0.5) * scale - 0.5;
  // The plain bicubic operator looks its weights up in a table of 1024 steps.
  double shown = std::floor(centre);
  if (how.kind == Resampling::cubic_table)
    centre = shown + std::nearbyint((centre - shown) * 1024) / 1024;
  for (int64_t i = 0; i < from; ++i)
    row[static_cast<size_t>(i)] = kernel.weight((static_cast<double>(i) - centre) / stretch);
  normalise(row);
  return row;
}

/// [to, from].
Expected<ValueId> weight_matrix(Emitter& emitter, int64_t from, int64_t to, const Resampling& how) {
  ENSURE(from > 0 && to > 0 && from * to <= (1 << 24), "a picture cannot be resized from ", from,
         " to ", to, " pixels");
  std::vector<float> matrix;
  for (int64_t at = 0; at < to; ++at) {
    for (double weight : weights_of(at, from, to, how))
      matrix.push_back(static_cast<float>(weight));
  }
  return emitter.constant(std::move(matrix), Shape{to, from}, "weights");
}

}  // namespace

std::optional<Resampling> resampling_named(std::string_view name) {
  constexpr std::pair<std::string_view, Resampling::Kind> names[] = {
      {"bicubic", Resampling::cubic},
      {"lanczos3", Resampling::lanczos3},
      {"lanczos5", Resampling::lanczos5},
      {"gaussian", Resampling::gaussian},
      {"mitchellcubic", Resampling::mitchell},
      {"area", Resampling::area},
      {"antialiased bilinear", Resampling::triangle}};
  for (const auto& [word, kind] : names) {
    if (name == word) return Resampling{kind};
  }
  return std::nullopt;
}

Expected<ValueId> resampled(Emitter& emitter, ValueId x, const std::vector<int64_t>& size,
                            const Resampling& how) {
  const Shape shape = emitter.shape(x);
  ENSURE_CODE(ErrorCode::unsupported, shape[1] > 0 && shape[2] > 0 && shape[3] > 0,
              "pictures of unknown size can only be resized bilinearly or by nearest neighbours, "
              "not these: ",
              text_of(shape));
  Resampling method = how;
  if (how.kind == Resampling::cubic && !how.antialias) method.kind = Resampling::cubic_table;
  if (size[0] != shape[1]) {
    ValueId rows = TRY(emitter.merge_axes(x, 2, 4));
    ValueId weights = TRY(weight_matrix(emitter, shape[1], size[0], method));
    x = TRY(emitter.reshape(TRY(emitter.matmul(weights, rows)),
                            {emitter.extent(x, 0), size[0], shape[2], shape[3]}));
  }
  if (size[1] == shape[2]) return x;
  return emitter.matmul(TRY(weight_matrix(emitter, shape[2], size[1], method)), x);
}

}  // namespace wherry::keras
