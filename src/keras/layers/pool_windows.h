// Pools over windows in one to three dimensions, made of the two-dimensional operators.
#pragma once

#include "keras/layer_import.h"

namespace wherry::keras {

enum class PoolKind : uint8_t { average, largest };

/// Along one spatial axis.
struct PoolWindow {
  int64_t size = 1, stride = 1;
};

/// Pools channels-last data with one window for each axis between batch and channels.
Expected<ValueId> pool_windows(Emitter& emitter, PoolKind kind, ValueId x,
                               const std::vector<PoolWindow>& windows, Padding padding);

}  // namespace wherry::keras
