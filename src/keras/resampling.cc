// Weights of the resampling kernels: triangle, cubic, Lanczos, Gaussian, nearest and area.
#include "keras/resampling.h"

#include <algorithm>
#include <cmath>

namespace wherry::keras {
namespace {

constexpr float pi = 3.14159265358979323846f;

float triangle(float x) { return std::max(0.0f, 1 - std::fabs(x)); }

float lanczos(float x, float radius) {
  x = std::fabs(x);
  if (x > radius) return 0;
  if (x <= 1e-3f) return 1;
  return radius * std::sin(pi * x) * std::sin(pi * x / radius) / (pi * pi * x * x);
}

float gaussian(float x) {
  constexpr float radius = 1.5f, deviation = 0.5f;
  x = std::fabs(x);
  return x >= radius ? 0 : std::exp(-x * x / (2 * deviation * deviation));
}

/// The cubic of Keys with a = -1/2.
float keys_cubic(float x) {
  x = std::fabs(x);
  if (x >= 2) return 0;
  if (x >= 1) return ((-0.5f * x + 2.5f) * x - 4) * x + 2;
  return (1.5f * x - 2.5f) * x * x + 1;
}

float mitchell_cubic(float x) {
  x = std::fabs(x);
  if (x >= 2) return 0;
  if (x >= 1) return ((-7.0f / 18 * x + 2) * x - 10.0f / 3) * x + 16.0f / 9;
  return (7.0f / 6 * x - 2) * x * x + 8.0f / 9;
}

struct Kernel {
  std::string_view name;
  float radius;
  float (*weight)(float x);
};
constexpr Kernel kernels[] = {
    {"bilinear", 1, triangle},
    {"bicubic", 2, keys_cubic},
    {"lanczos3", 3, [](float x) { return lanczos(x, 3); }},
    {"lanczos5", 5, [](float x) { return lanczos(x, 5); }},
    {"gaussian", 1.5f, gaussian},
    {"mitchellcubic", 2, mitchell_cubic},
};

/// Divides each row by its sum.
void normalise(std::vector<float>& matrix, int64_t width) {
  for (auto row = matrix.begin(); row != matrix.end(); row += width) {
    float sum = 0;
    for (auto weight = row; weight != row + width; ++weight) sum += *weight;
    if (std::fabs(sum) < 1e-35f) continue;
    for (auto weight = row; weight != row + width; ++weight) *weight /= sum;
  }
}

/// Samples under the kernel around each target's centre; stretched when shrinking with antialias.
std::vector<float> spread(const Kernel& kernel, const Resampling& r) {
  std::vector<float> matrix(static_cast<size_t>(r.to * r.from), 0.0f);
  float step = static_cast<float>(r.from) / static_cast<float>(r.to);
  float stretch = r.antialias ? std::max(step, 1.0f) : 1.0f;
  for (int64_t i = 0; i < r.to; ++i) {
    float centre = (static_cast<float>(i) + 0.5f) * step;
    float reach = kernel.radius * stretch;
    auto first = static_cast<int64_t>(std::ceil(centre - reach - 0.5f));
    auto last = static_cast<int64_t>(std::floor(centre + reach - 0.5f));
    for (int64_t j = std::max<int64_t>(first, 0); j <= std::min(last, r.from - 1); ++j) {
      float distance = (static_cast<float>(j) + 0.5f - centre) / stretch;
      matrix[static_cast<size_t>(i * r.from + j)] = kernel.weight(distance);
    }
  }
  normalise(matrix, r.from);
  return matrix;
}

/// Without antialias the cubic is tabulated in steps of 1/1024.
std::vector<float> tabulated_cubic(const Resampling& r) {
  constexpr float steps = 1024;
  std::vector<float> matrix(static_cast<size_t>(r.to * r.from), 0.0f);
  float scale = static_cast<float>(r.from) / static_cast<float>(r.to);
  for (int64_t i = 0; i < r.to; ++i) {
    float centre = (static_cast<float>(i) + 0.5f) * scale - 0.5f;
    float whole = std::floor(centre);
    float part = static_cast<float>(std::lrint((centre - whole) * steps)) / steps;
    for (int64_t k = -1; k <= 2; ++k) {
      int64_t j = static_cast<int64_t>(whole) + k;
      if (j < 0 || j >= r.from) continue;
      matrix[static_cast<size_t>(i * r.from + j)] = keys_cubic(static_cast<float>(k) - part);
    }
  }
  normalise(matrix, r.from);
  return matrix;
}

/// Each target is the mean of what it covers, counted from the corner.
std::vector<float> area(const Resampling& r) {
  std::vector<float> matrix(static_cast<size_t>(r.to * r.from), 0.0f);
  float scale = static_cast<float>(r.from) / static_cast<float>(r.to);
  for (int64_t i = 0; i < r.to; ++i) {
    float begin = static_cast<float>(i) * scale, end = static_cast<float>(i + 1) * scale;
    auto last = std::min(static_cast<int64_t>(std::ceil(end)), r.from);
    for (auto j = static_cast<int64_t>(begin); j < last; ++j) {
      float low = std::max(begin, static_cast<float>(j));
      float high = std::min(end, static_cast<float>(j + 1));
      matrix[static_cast<size_t>(i * r.from + j)] = std::max(0.0f, high - low) / scale;
    }
  }
  return matrix;
}

std::vector<float> nearest_sample(const Resampling& r) {
  std::vector<float> matrix(static_cast<size_t>(r.to * r.from), 0.0f);
  float scale = static_cast<float>(r.from) / static_cast<float>(r.to);
  for (int64_t i = 0; i < r.to; ++i) {
    auto j = static_cast<int64_t>(std::floor((static_cast<float>(i) + 0.5f) * scale));
    matrix[static_cast<size_t>(i * r.from + std::clamp<int64_t>(j, 0, r.from - 1))] = 1;
  }
  return matrix;
}

}  // namespace

std::optional<std::vector<float>> resampling_matrix(const Resampling& resampling) {
  CHECK(resampling.from > 0 && resampling.to > 0);
  if (resampling.method == "area") return area(resampling);
  if (resampling.method == "nearest") return nearest_sample(resampling);
  if (resampling.method == "bicubic" && !resampling.antialias) return tabulated_cubic(resampling);
  for (const Kernel& kernel : kernels) {
    if (kernel.name == resampling.method) return spread(kernel, resampling);
  }
  return std::nullopt;
}

}  // namespace wherry::keras
