// Resource handles in tensors: checked, and followed to the resource of the kind that is expected.
#pragma once

#include "ops/context.h"
#include "ops/environment.h"

namespace wherry {

inline Status check_handle(const InferContext& context) {
  ENSURE(context.shape(0).elements() == 1, context.op().name, " needs one handle, got the shape ",
         context.shape(0));
  return {};
}

/// The resource behind input 0, made when the handle was only given out so far; an error when the
/// number is no handle, or one of another kind (`what`: "a variable").
template <class T>
Expected<T*> resource_of(Call& call, std::string_view what) {
  int32_t handle = *call.data<int32_t>(0);
  std::unique_ptr<Resources::Resource>* slot = call.environment().resources().find(handle);
  ENSURE_CODE(ErrorCode::invalid_data, slot, call.node().op->name, " got the number ", handle,
              ", which is no handle");
  if (!*slot) *slot = std::make_unique<T>();
  T* resource = dynamic_cast<T*>(slot->get());
  ENSURE_CODE(ErrorCode::invalid_data, resource, call.node().op->name,
              " got a handle that does not name ", what);
  return resource;
}

}  // namespace wherry
