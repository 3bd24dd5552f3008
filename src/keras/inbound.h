// How layers are joined: the notations of Keras 1, 2 and 3 for what a layer is called with.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "keras/layer_record.h"

namespace wherry::keras {

/// Result `tensor` of call `node` of a layer, as the file counts calls.
struct Reference {
  std::string layer;
  int64_t node = 0, tensor = 0;
  std::string key{};  ///< what a dict calls it

  const std::string& name() const { return key.empty() ? layer : key; }
};

/// Calls in which each tensor stands for a reference: its value is an index into `references`.
struct GraphCalls {
  std::set<std::string, std::less<>> layer_names;
  std::vector<Reference> references;

  /// All calls of one layer. Errors: malformed.
  Expected<std::vector<LayerCall>> calls_of(const LayerRecord& layer);
  /// "input_layers" or "output_layers": one reference, or a list or dict of them, in order.
  /// Errors: malformed.
  Expected<std::vector<Reference>> ends(const PyValue& written) const;

 private:
  bool is_reference(const PyValue& value) const;
  PyValue refer(const PyValue& written);
  PyValue with_references(const PyValue& value);
  PyValue older_input(const PyValue& written, LayerCall& call);
  LayerCall older_call(const PyValue& written);
  Expected<LayerCall> newer_call(const PyValue& written);
};

}  // namespace wherry::keras
