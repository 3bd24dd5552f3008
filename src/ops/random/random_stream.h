// The stream of random words of one node, which goes on from run to run.
#pragma once

#include "ops/context.h"
#include "ops/environment.h"
#include "ops/random/counter_hash.h"

namespace wherry {
namespace op {

struct RandomSeeds {
  int64_t seed = 0, seed2 = 0;  ///< both 0: another stream each time
  bool operator==(const RandomSeeds&) const = default;
};
extern const AttributesType random_attributes;

}  // namespace op

class RandomStream : public Resources::Resource {
 public:
  explicit RandomStream(const op::RandomSeeds& seeds);
  std::array<uint32_t, 4> next();
  /// Leaves out so many calls of next().
  void skip(uint64_t calls) { position_ += calls; }

 private:
  std::array<uint32_t, 2> key_;
  std::array<uint32_t, 2> high_;
  uint64_t position_ = 0;
};

/// The stream of the node that is being run.
RandomStream& random_stream(const Call& call);

/// From 0 up to, and not including, 1.
float unit_float(uint32_t word);
double unit_double(uint32_t high, uint32_t low);

}  // namespace wherry
