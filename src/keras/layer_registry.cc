// Builds the list of all Keras layers from the files of src/keras/layers.
#include <algorithm>
#include <map>
#include <vector>

#include "keras/layer_def.h"

namespace wherry::keras {

#define X(stem) LayerTable stem##_layers();
#include "layer_list.inc"
#undef X

namespace {

struct Registry {
  std::vector<const LayerDef*> all;
  std::map<std::string_view, const LayerDef*> by_name;

  Registry() {
    auto add = [this](const LayerTable& table) {
      for (size_t i = 0; i < table.count; ++i) {
        const LayerDef& layer = table.first[i];
        all.push_back(&layer);
        for (std::string_view name : layer.class_names) by_name.emplace(name, &layer);
      }
    };
#define X(stem) add(stem##_layers());
#include "layer_list.inc"
#undef X
    std::sort(all.begin(), all.end(), [](const LayerDef* a, const LayerDef* b) {
      return a->class_names[0] < b->class_names[0];
    });
  }
};

const Registry& registry() {
  static const Registry instance;
  return instance;
}

}  // namespace

std::span<const LayerDef* const> all_layers() { return registry().all; }

const LayerDef* find_layer(std::string_view class_name) {
  auto found = registry().by_name.find(class_name);
  return found == registry().by_name.end() ? nullptr : found->second;
}

}  // namespace wherry::keras
