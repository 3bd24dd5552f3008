// docs/keras_layers.md: one row for each definition of a Keras layer.
#include "base/text.h"
#include "keras/layer_def.h"
#include "tables.h"

namespace wherry::docgen {
namespace {

using keras::ConfigKey;
using keras::KeyType;
using keras::LayerDef;

constexpr std::string_view head =
    "# Keras layers\n"
    "Made from the definitions in `src/keras/layers` by `docgen keras_layers`; not edited by "
    "hand.\n\n"
    "A key of its configuration that a layer neither reads nor lists as without influence is an "
    "error.\nKeys that every layer has (name, dtype, trainable and the like) are left out here. "
    "`!` "
    "marks keys\nthat must be there, the others have the default shown.\n\n";

/// The default as Keras writes it.
std::string default_text(const ConfigKey& key) {
  switch (key.type) {
    case KeyType::flag:
      return key.number != 0 ? "True" : "False";
    case KeyType::integer:
    case KeyType::real:
    case KeyType::sizes:
      return cat(key.number);
    case KeyType::text:
    case KeyType::activation:
      return std::string(key.text);
    default:
      return {};
  }
}

std::string key_text(const ConfigKey& key) {
  if (key.type == KeyType::fixed) return cat("`", key.name, "` (only its default)");
  if (key.required) return cat("`", key.name, "`!");
  std::string value = default_text(key);
  return value.empty() ? cat("`", key.name, "`") : cat("`", key.name, "` = ", value);
}

std::string row(const LayerDef& layer) {
  std::string names, read, ignored;
  for (std::string_view name : layer.class_names)
    names += cat(names.empty() ? "" : ", ", "**", name, "**");
  for (const ConfigKey& key : layer.config) {
    std::string& list = key.type == KeyType::ignored ? ignored : read;
    list += cat(list.empty() ? "" : ", ",
                key.type == KeyType::ignored ? cat("`", key.name, "`") : key_text(key));
  }
  return cat("| ", names, "<br>", layer.doc, " | ", read.empty() ? "-" : read, " | ",
             ignored.empty() ? "-" : ignored, " |\n");
}

}  // namespace

std::string keras_layers() {
  std::string out(head);
  out += "| layer | options | without influence |\n| --- | --- | --- |\n";
  for (const LayerDef* layer : keras::all_layers()) out += row(*layer);
  return out;
}

}  // namespace wherry::docgen
