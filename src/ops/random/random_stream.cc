// The stream of random words of one node.
#include "ops/random/random_stream.h"

#include <bit>
#include <random>

namespace wherry {
namespace op {
namespace {

constexpr Field random_fields[] = {field<&RandomSeeds::seed>("seed", 0),
                                   field<&RandomSeeds::seed2>("seed2", 1)};

}  // namespace

constinit const AttributesType random_attributes = attributes_type<RandomSeeds>(random_fields, 114);

}  // namespace op

namespace {

std::array<uint32_t, 2> halves(int64_t number) {
  return {static_cast<uint32_t>(number), static_cast<uint32_t>(number >> 32)};
}

std::array<uint32_t, 2> from_device() {
  std::random_device device;
  return {device(), device()};
}

}  // namespace

RandomStream::RandomStream(const op::RandomSeeds& seeds) {
  bool fresh = seeds.seed == 0 && seeds.seed2 == 0;
  key_ = fresh ? from_device() : halves(seeds.seed);
  high_ = fresh ? from_device() : halves(seeds.seed2);
}

std::array<uint32_t, 4> RandomStream::next() {
  std::array<uint32_t, 2> low = halves(static_cast<int64_t>(position_++));
  return philox(key_, {low[0], low[1], high_[0], high_[1]});
}

RandomStream& random_stream(const Call& call) {
  std::unique_ptr<Resources::Resource>& slot = call.environment().resources().of_node(call.node());
  if (!slot) slot = std::make_unique<RandomStream>(call.attributes<op::RandomSeeds>());
  return static_cast<RandomStream&>(*slot);
}

float unit_float(uint32_t word) {
  return std::bit_cast<float>((word & 0x7fffff) | 0x3f800000) - 1.0f;
}

double unit_double(uint32_t high, uint32_t low) {
  uint64_t mantissa = (static_cast<uint64_t>(high & 0xfffff) << 32) | low;
  return std::bit_cast<double>(mantissa | 0x3ff0000000000000) - 1.0;
}

}  // namespace wherry
