// States of stateful layers that are no single operator: resource variables.
#pragma once

#include "keras/recurrent/sequence.h"

namespace wherry::keras {

/// One resource variable for each state, set to zero once, before the first run.
class ResidentState {
 public:
  static Expected<ResidentState> make(LayerImport& layer, Cell& cell, const Sequence& sequence);
  Expected<Values> read(LayerImport& layer) const;
  Status assign(LayerImport& layer, const Values& states) const;

 private:
  Values handles_;
  Shape shape_;
};

}  // namespace wherry::keras
