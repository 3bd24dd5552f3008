// Adapters of low rank (LoRA) beside a kernel, as .h5 files hold them; .keras files have them
// merged.
#pragma once

#include "keras/layer_import.h"

namespace wherry::keras {

/// Whose weight it is, and which.
struct WeightPlace {
  const LayerRecord& record;
  const WeightScope& scope;
  std::string_view role;
};

/// The weight with the adapters that are stored beside it: the same one where there are none.
/// Errors: unsupported for a quantised one, invalid_model.
Expected<const Weight*> with_adapters(ImportState& state, const WeightPlace& place,
                                      const Weight& weight);

}  // namespace wherry::keras
