// A model with what its interpreters share: dense constants and packed weights.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "ir/tensor.h"

namespace wherry {

/// Holds things made of constants for as long as somebody uses them. Safe to use from many threads.
class SharedConstants {
 public:
  /// Dense bytes of a constant, aligned to its element.
  Expected<Constant> dense(const Value& value);
  std::shared_ptr<const void> find(const Value& value, std::string_view layout);
  void keep(const Value& value, std::string_view layout, const std::shared_ptr<const void>& made);

 private:
  struct Dense {
    std::weak_ptr<const void> owner;
    std::span<const std::byte> bytes;
  };
  std::mutex mutex_;
  std::map<const Value*, Dense> dense_;
  std::map<std::pair<const Value*, std::string>, std::weak_ptr<const void>> made_;
};

/// Immutable but for the cache of constants; interpreters on any thread share it.
struct SharedModel {
  /// Verifies the model: plans rely on it.
  static Expected<std::shared_ptr<const SharedModel>> create(Model model);
  explicit SharedModel(Model verified) : model(std::move(verified)) {}
  const Model model;
  mutable SharedConstants constants;
};

}  // namespace wherry
