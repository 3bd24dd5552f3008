// Pools over windows in one to three dimensions, made of the two-dimensional operators.
#pragma once

#include "keras/layer_import.h"

namespace wherry::keras {

enum class PoolKind : uint8_t { average, largest };

/// Along one spatial axis.
struct PoolWindow {
  int64_t size = 1, stride = 1;
};

struct Pooling {
  PoolKind kind = PoolKind::average;
  std::vector<PoolWindow> windows;  ///< one for each axis between batch and channels
  Padding padding = Padding::valid;
};

/// Pools channels-last data.
Expected<ValueId> pool_windows(Emitter& emitter, ValueId x, const Pooling& pooling);

}  // namespace wherry::keras
