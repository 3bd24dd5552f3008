// docs/keras_layers.md: one row for each definition of a Keras layer, and one for each function.
#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "keras/functions/function_def.h"
#include "keras/layer_def.h"
#include "ops/arithmetic/neg.h"
#include "ops/arithmetic/square.h"
#include "ops/recurrent/unidirectional_sequence_lstm.h"
#include "ops/registry.h"
#include "tables.h"

namespace wherry::docgen {
namespace {

using keras::ConfigKey;
using keras::FunctionDef;
using keras::KeyType;
using keras::LayerDef;

constexpr std::string_view head =
    "# Keras layers\n"
    "Made from the definitions in `src/keras/layers` by `docgen keras_layers`; not edited by "
    "hand.\n\n"
    "A key of its configuration that a layer neither reads nor lists as without influence is an "
    "error.\nKeys that every layer has (name, dtype, trainable and the like) are left out here. "
    "`!` "
    "marks keys\nthat must be there, the others have the default shown.\n\n"
    "Formats: every layer converts to float32 and float16 (its constants). `dynamic`: its weights "
    "become int8 beside\nfloat activations. `int8`: all of it does, or all but the operators "
    "named, which stay float.\n`all`: as what is inside, or there is nothing to convert.\n\n";

/// The operators that a description names, each once.
std::vector<const OpDef*> operators_in(std::string_view doc) {
  std::vector<const OpDef*> found;
  std::string name;
  for (size_t i = 0; i <= doc.size(); ++i) {
    char letter = i < doc.size() ? doc[i] : ' ';
    if (std::isalnum(static_cast<unsigned char>(letter)) || letter == '_') {
      name += letter;
      continue;
    }
    const OpDef* op = find_op_named(name);
    if (op && std::find(found.begin(), found.end(), op) == found.end()) found.push_back(op);
    name.clear();
  }
  return found;
}

bool becomes_int8(const OpDef& op) {
  // These have ways of their own: quantize/lstm.h and quantize/substitutes.h.
  const OpDef* others[] = {&op::unidirectional_sequence_lstm, &op::square, &op::neg};
  return op.quantization.rule != QuantizationRule::none ||
         std::find(std::begin(others), std::end(others), &op) != std::end(others);
}

std::string formats_text(std::string_view doc) {
  std::vector<const OpDef*> operators = operators_in(doc);
  if (operators.empty()) return "all";
  std::string left_float;
  size_t weighted = 0, left = 0;
  for (const OpDef* op : operators) {
    weighted += op->quantization.weights >= 0 || op == &op::unidirectional_sequence_lstm;
    if (becomes_int8(*op)) continue;
    left_float += cat(left++ ? ", " : "", op->name);
  }
  std::string text = weighted ? "dynamic" : "";
  if (left == operators.size()) return text.empty() ? "-" : text;
  text += cat(text.empty() ? "" : ", ", "int8");
  return left ? cat(text, " but ", left_float) : text;
}

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
  return cat("| ", names, "<br>", layer.doc, " | ", formats_text(layer.doc), " | ",
             read.empty() ? "-" : read, " | ", ignored.empty() ? "-" : ignored, " |\n");
}

constexpr std::string_view functions_head =
    "\n# Functions\n"
    "Made from the definitions in `src/keras/functions`. Keras 2 stores calls of TensorFlow "
    "functions in a graph\nby their name (TFOpLambda, SlicingOpLambda, TensorFlowOpLayer), with or "
    "without `compat.v1.` in\nfront; Keras 3 stores calls of `keras.ops` by the class of the "
    "operation. An argument that a\nfunction does not read is an error.\n\n"
    "| Keras 2 | Keras 3 | becomes | formats |\n| --- | --- | --- | --- |\n";

template <class Names>
std::string names_text(const Names& names) {
  std::string text;
  for (std::string_view name : names) text += cat(text.empty() ? "" : ", ", "`", name, "`");
  return text.empty() ? "-" : text;
}

std::string row(const FunctionDef& function) {
  std::string_view made = function.doc.empty() ? function.op : function.doc;
  return cat("| ", names_text(function.older), " | ", names_text(function.newer), " | ", made,
             " | ", formats_text(made), " |\n");
}

}  // namespace

std::string keras_layers() {
  std::string out(head);
  out += "| layer | formats | options | without influence |\n| --- | --- | --- | --- |\n";
  for (const LayerDef* layer : keras::all_layers()) out += row(*layer);
  out += functions_head;
  for (const FunctionDef* function : keras::all_functions()) out += row(*function);
  return out;
}

}  // namespace wherry::docgen
