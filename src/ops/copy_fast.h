// Steps that only move elements: boxes copied from inputs to outputs.
#pragma once

#include "ir/shape.h"
#include "kernels/copy/strided_copy.h"
#include "runtime/plan.h"

namespace wherry {

/// A box of one input that becomes a box of one output; offsets and steps in elements.
struct MovedBox {
  int input = 0, output = 0;
  std::vector<int64_t> extents, from_steps, to_steps;
  int64_t from = 0, to = 0;
};

/// What the elements outside of all boxes become.
struct Border {
  int output = 0;
  int64_t elements = 0;
  int64_t value = 0;     ///< bits of a stored element
  int value_input = -1;  ///< >= 0: element 0 of this input instead
};

/// A step that copies the boxes, after filling `border` if there is one. Declines element types
/// that are not whole bytes, and boxes of too many axes.
PlanResult plan_copies(PlanContext& context, std::vector<MovedBox> boxes,
                       std::optional<Border> border = {});

/// Bytes of an element, 0 for strings and types of less than a byte.
size_t element_bytes(DType dtype);

}  // namespace wherry
