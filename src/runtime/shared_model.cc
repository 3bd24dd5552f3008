// Makes constants dense and aligned, once for all interpreters.
#include "runtime/shared_model.h"

#include <algorithm>
#include <cstring>

#include "ir/verifier.h"
#include "runtime/settle_types.h"

namespace wherry {
namespace {

/// Mapped files give their constants any alignment; kernels want that of the element.
Expected<Constant> aligned(const Constant& constant, DType dtype) {
  size_t alignment = static_cast<size_t>(std::clamp(bits_of(dtype) / 8, 4, 16));
  auto address = reinterpret_cast<uintptr_t>(constant.bytes().data());
  if (address % alignment == 0) return constant;
  auto copy = std::make_shared<AlignedBuffer>(constant.size());
  ENSURE_CODE(ErrorCode::too_large, *copy, "no memory for a constant of ", constant.size(),
              " bytes");
  std::memcpy(copy->data(), constant.bytes().data(), constant.size());
  return Constant(copy, {copy->data(), copy->size()});
}

}  // namespace

Expected<std::shared_ptr<const SharedModel>> SharedModel::create(Model model) {
  TRY(verify(model));
  settle_types(model);
  return std::make_shared<const SharedModel>(std::move(model));
}

Expected<Constant> SharedConstants::dense(const Value& value) {
  std::lock_guard lock(mutex_);
  auto place = dense_.find(&value);
  if (place != dense_.end()) {
    if (auto owner = place->second.owner.lock()) return Constant(owner, place->second.bytes);
  }
  Constant plain = TRY(dense_constant(value));
  Constant result = TRY(aligned(plain, value.type.dtype));
  bool made = result.owner() != value.constant.owner();
  if (made) dense_[&value] = {result.owner(), result.bytes()};
  return result;
}

std::shared_ptr<const void> SharedConstants::find(const Value& value, std::string_view layout) {
  std::lock_guard lock(mutex_);
  auto place = made_.find({&value, std::string(layout)});
  return place == made_.end() ? nullptr : place->second.lock();
}

void SharedConstants::keep(const Value& value, std::string_view layout,
                           const std::shared_ptr<const void>& made) {
  std::lock_guard lock(mutex_);
  made_[{&value, std::string(layout)}] = made;
}

}  // namespace wherry
