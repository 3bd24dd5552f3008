// Element by element comparison with tolerances.
#include "conformance/compare.h"

#include <cmath>
#include <complex>

#include "base/text.h"

namespace wherry::conformance {
namespace {

bool close(double got, double want, const Rule& rule) {
  if (std::isnan(got) || std::isnan(want)) return std::isnan(got) && std::isnan(want);
  if (got == want) return true;
  if (std::isinf(got) || std::isinf(want)) return false;
  return std::abs(got - want) <= rule.atol + rule.rtol * std::abs(want);
}

template <class T>
bool close_at(const TensorView& got, const TensorView& want, int64_t i, const Rule& rule) {
  T a = got.as<T>()[i], b = want.as<T>()[i];
  if constexpr (std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>) {
    double limit = rule.atol + rule.rtol * std::abs(std::complex<double>(b));
    return std::abs(std::complex<double>(a) - std::complex<double>(b)) <= limit;
  } else if constexpr (std::is_integral_v<T>) {
    if (a == b) return true;
    return std::abs(static_cast<double>(a) - static_cast<double>(b)) <= rule.lsb;
  } else {
    return close(static_cast<double>(static_cast<float>(0) + a),
                 static_cast<double>(static_cast<float>(0) + b), rule);
  }
}

template <class T>
std::string text_at(const TensorView& view, int64_t i) {
  T value = view.as<T>()[i];
  if constexpr (std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>) {
    return cat(value.real(), "+", value.imag(), "i");
  } else if constexpr (std::is_same_v<T, half> || std::is_same_v<T, bfloat16>) {
    return cat(static_cast<float>(value));
  } else {
    return cat(value);
  }
}

template <class T>
std::string compare_elements(const TensorView& got, const TensorView& want,
                             const TensorView* alternative, const Rule& rule) {
  int64_t bad = 0, first = -1;
  for (int64_t i = 0; i < want.elements(); ++i) {
    if (close_at<T>(got, want, i, rule)) continue;
    if (alternative && close_at<T>(got, *alternative, i, rule)) continue;
    if (bad++ == 0) first = i;
  }
  if (bad == 0) return {};
  return cat(bad, " of ", want.elements(), " elements, first at ", first, ": ",
             text_at<T>(got, first), ", expected ", text_at<T>(want, first));
}

std::string compare_strings(const TensorView& got, const TensorView& want) {
  auto a = strings_of(got), b = strings_of(want);
  if (!a || !b) return "not a string tensor";
  for (size_t i = 0; i < a->size(); ++i) {
    std::string_view x = (*a)[i];
    x = x.substr(0, x.find_last_not_of('\0') + 1);
    if (x != (*b)[i]) return cat("string ", i, ": ", quoted(x), ", expected ", quoted((*b)[i]));
  }
  return {};
}

}  // namespace

std::string compare(const TensorView& got, const TensorView& want, const TensorView* alternative,
                    const Rule& rule) {
  if (got.shape() != want.shape()) return cat("shape ", got.shape(), ", expected ", want.shape());
  bool widened = got.dtype() == DType::bf16 && want.dtype() == DType::f32;
  if (got.dtype() != want.dtype() && !widened)
    return cat("type ", got.dtype(), ", expected ", want.dtype());
  if (want.dtype() == DType::string) return compare_strings(got, want);
  const TensorView* other =
      rule.either && alternative && alternative->shape() == want.shape() ? alternative : nullptr;
  std::string result = "type cannot be compared";
  for_type<float, double, half, bool, int8_t, uint8_t, int16_t, uint16_t, int32_t, uint32_t,
           int64_t, uint64_t, std::complex<float>, std::complex<double>>(
      want.dtype(), [&]<class T>() { result = compare_elements<T>(got, want, other, rule); });
  return result;
}

}  // namespace wherry::conformance
