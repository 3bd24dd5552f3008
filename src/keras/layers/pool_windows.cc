// Views data of any spatial rank as pictures for AVERAGE_POOL_2D and MAX_POOL_2D.
#include "keras/layers/pool_windows.h"

#include "ops/pooling/pool.h"

namespace wherry::keras {
namespace {

bool is_neutral(const PoolWindow& window) { return window.size == 1 && window.stride == 1; }

/// Windows of one node over a picture.
struct Picture {
  PoolKind kind;
  Padding padding;
  PoolWindow height, width;
};

Expected<ValueId> pool_picture(Emitter& emitter, ValueId x, const Picture& picture) {
  if (is_neutral(picture.height) && is_neutral(picture.width)) return x;
  op::Pool2D options{.padding = picture.padding,
                     .stride_w = static_cast<int32_t>(picture.width.stride),
                     .stride_h = static_cast<int32_t>(picture.height.stride),
                     .filter_width = static_cast<int32_t>(picture.width.size),
                     .filter_height = static_cast<int32_t>(picture.height.size)};
  const OpDef& op = picture.kind == PoolKind::average ? op::average_pool_2d : op::max_pool_2d;
  return emitter.node(op, options, {x});
}

/// Windows are products of windows along the axes: so are largest elements, and means, padding or
/// not, since the elements that count in a window are a product too.
Expected<ValueId> pool_volume(Emitter& emitter, ValueId x, const std::vector<PoolWindow>& windows,
                              Picture picture) {
  Extents whole = emitter.extents(x);
  if (!is_neutral(windows[1]) || !is_neutral(windows[2])) {
    picture.height = windows[1], picture.width = windows[2];
    ValueId y = TRY(pool_picture(emitter, TRY(emitter.merge_axes(x, 0, 2)), picture));
    whole[2] = emitter.extent(y, 1), whole[3] = emitter.extent(y, 2);
    x = TRY(emitter.reshape(y, whole));
  }
  if (is_neutral(windows[0])) return x;
  picture.height = windows[0], picture.width = {};
  ValueId y = TRY(pool_picture(emitter, TRY(emitter.merge_axes(x, 2, 4)), picture));
  whole[1] = emitter.extent(y, 1);
  return emitter.reshape(y, whole);
}

}  // namespace

Expected<ValueId> pool_windows(Emitter& emitter, ValueId x, const Pooling& pooling) {
  const std::vector<PoolWindow>& windows = pooling.windows;
  Picture picture{pooling.kind, pooling.padding, {}, {}};
  if (windows.size() == 3) return pool_volume(emitter, x, windows, picture);
  picture.width = windows.back();
  if (windows.size() == 2) {
    picture.height = windows[0];
    return pool_picture(emitter, x, picture);
  }
  if (is_neutral(picture.width)) return x;
  return emitter.squeeze(TRY(pool_picture(emitter, TRY(emitter.expand(x, 1)), picture)), 1);
}

}  // namespace wherry::keras
