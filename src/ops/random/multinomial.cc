// MULTINOMIAL: random classes drawn by their log odds.
#include "ops/random/multinomial.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet class_types = one_of(DType::i32, DType::i64);

Status infer_multinomial(InferContext& context) {
  const Shape& logits = context.shape(0);
  ENSURE(logits.rank() == 2 && logits[1] > 0,
         "MULTINOMIAL needs logits [rows, classes], got the shape ", logits);
  int64_t draws = TRY(context.integer(1));
  ENSURE(draws >= 0, "MULTINOMIAL cannot draw ", draws, " times");
  return context.set_output(0, context.declared(0).dtype, {logits[0], draws});
}

/// Running sums of exp(logit), up to a factor; a logit that is not finite has no chance.
std::vector<double> running_odds(std::span<const float> logits) {
  float largest = std::numeric_limits<float>::lowest();
  for (float logit : logits) largest = std::isfinite(logit) ? std::max(largest, logit) : largest;
  std::vector<double> sums;
  double sum = 0;
  for (float logit : logits) {
    if (std::isfinite(logit)) sum += std::exp(double{logit} - double{largest});
    sums.push_back(sum);
  }
  return sums;
}

/// Two doubles of each four words, across rows.
class Doubles {
 public:
  explicit Doubles(const RandomStream& stream) : stream_(stream) {}
  double next() {
    if (used_ == 4) words_ = stream_.next(), used_ = 0;
    used_ += 2;
    return unit_double(words_[used_ - 2], words_[used_ - 1]);
  }

 private:
  RandomStream stream_;
  std::array<uint32_t, 4> words_{};
  size_t used_ = 4;
};

template <class T>
void draw(Call& call) {
  const Shape& out = call.output(0).shape();
  const auto classes = static_cast<size_t>(call.shape(0)[1]);
  RandomStream& stream = random_stream(call);
  Doubles doubles(stream);
  // As the stock kernel does: each run skips so much that no two share words.
  constexpr uint64_t skipped_per_draw = 512;
  stream.skip(static_cast<uint64_t>(out[0]) * ((static_cast<uint64_t>(out[1]) + 3) / 4 * 4) *
              skipped_per_draw);
  T* y = call.result<T>(0);
  for (int64_t row = 0; row < out[0]; ++row) {
    std::vector<double> sums = running_odds(
        call.input(0).span<const float>().subspan(static_cast<size_t>(row) * classes, classes));
    for (int64_t i = 0; i < out[1]; ++i) {
      auto place = std::upper_bound(sums.begin(), sums.end(), doubles.next() * sums.back());
      *y++ = static_cast<T>(place - sums.begin());
    }
  }
}

Status reference(Call& call) {
  for_type<int32_t, int64_t>(call.output(0).dtype(), [&]<class T>() { draw<T>(call); });
  return {};
}

}  // namespace

constinit const OpDef multinomial = {
    .name = "MULTINOMIAL",
    .code = 149,
    .attributes = &random_attributes,
    .inputs = {{"logits", DType::f32}, {"draws", DType::i32}},
    .outputs = {{"y", class_types}},
    .versions = {{1, "2.8.0"}},
    .infer = infer_multinomial,
    .reference = reference,
    .effects = Effects::random,
    .doc = "random classes by their log odds; equal seeds give equal classes"};

OpTable multinomial_ops() { return op_table(multinomial); }

}  // namespace wherry::op
