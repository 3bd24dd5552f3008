// Judges a computed tensor against an expected one by the rule of its case.
#pragma once

#include <string>

#include "ir/tensor.h"

namespace wherry::conformance {

/// See generator/README.md, "Rules".
struct Rule {
  double atol = 0, rtol = 0;  ///< both 0: exact
  int lsb = 0;
  bool either = false;
};

/// Empty when `got` satisfies the rule; else the first difference in words. `alternative` may be
/// null.
std::string compare(const TensorView& got, const TensorView& want, const TensorView* alternative,
                    const Rule& rule);

}  // namespace wherry::conformance
