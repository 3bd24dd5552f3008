// The window of MediaPipe's pools, whose options are a C struct.
#pragma once

#include "ops/opaque.h"
#include "ops/struct_options.h"

namespace wherry {

struct StructWindow {
  Padding padding = Padding::same;
  int64_t stride_w = 1, stride_h = 1, filter_w = 1, filter_h = 1;
  Activation activation = Activation::none;
};

inline Expected<StructWindow> struct_window(const Node& node) {
  std::string_view op = node.op->name;
  auto [padding, stride_w, stride_h, filter_w, filter_h, activation] =
      TRY(struct_options<6>(node.attributes.as<op::Custom>().options, op));
  ENSURE(stride_w >= 1 && stride_h >= 1 && filter_w >= 1 && filter_h >= 1, op,
         " needs strides and filters of 1 or more, got strides ", stride_h, " and ", stride_w,
         ", filters ", filter_h, " and ", filter_w);
  return StructWindow{TRY(struct_padding(padding, op)),      stride_w, stride_h, filter_w, filter_h,
                      TRY(struct_activation(activation, op))};
}

}  // namespace wherry
