// What a Keras layer is to the importer: the record that each file of src/keras/layers fills in.
#pragma once

#include <span>
#include <string_view>

#include "ir/op_def.h"

namespace wherry::keras {

class LayerImport;
struct Results;

/// What one key of a layer's configuration may hold.
enum class KeyType : uint8_t {
  flag,
  integer,
  real,
  text,
  sizes,       ///< one number, or one for each axis
  activation,  ///< a name, a function or a layer
  layer,       ///< the record of another layer
  layers,      ///< a list of such records
  anything,    ///< judged by the layer itself
  ignored,     ///< without influence on inference
  fixed,       ///< only its default is supported
};

struct ConfigKey {
  std::string_view name;
  KeyType type = KeyType::ignored;
  bool required = false;
  double number = 0;           ///< default of a flag or number
  std::string_view text = {};  ///< default of a text
};

// Keys in the notation of the tables: required ones have no default.
constexpr ConfigKey flag(std::string_view name, bool absent) {
  return {name, KeyType::flag, false, absent ? 1.0 : 0.0};
}
constexpr ConfigKey integer(std::string_view name) { return {name, KeyType::integer, true}; }
constexpr ConfigKey integer(std::string_view name, int64_t absent) {
  return {name, KeyType::integer, false, static_cast<double>(absent)};
}
constexpr ConfigKey real(std::string_view name) { return {name, KeyType::real, true}; }
constexpr ConfigKey real(std::string_view name, double absent) {
  return {name, KeyType::real, false, absent};
}
constexpr ConfigKey text(std::string_view name, std::string_view absent) {
  return {name, KeyType::text, false, 0, absent};
}
constexpr ConfigKey sizes(std::string_view name) { return {name, KeyType::sizes, true}; }
constexpr ConfigKey sizes(std::string_view name, int64_t absent) {
  return {name, KeyType::sizes, false, static_cast<double>(absent)};
}
constexpr ConfigKey activation(std::string_view name, std::string_view absent = "linear") {
  return {name, KeyType::activation, false, 0, absent};
}
constexpr ConfigKey inner_layer(std::string_view name) { return {name, KeyType::layer, true}; }
constexpr ConfigKey optional_layer(std::string_view name) { return {name, KeyType::layer}; }
constexpr ConfigKey layer_list(std::string_view name) { return {name, KeyType::layers, true}; }
constexpr ConfigKey anything(std::string_view name, bool required = false) {
  return {name, KeyType::anything, required};
}
constexpr ConfigKey ignored(std::string_view name) { return {name, KeyType::ignored}; }
/// Only `only` (0, False or None) can be converted.
constexpr ConfigKey fixed(std::string_view name, double only = 0) {
  return {name, KeyType::fixed, false, only};
}

/// What becomes of the mask of the first input.
enum class MaskRule : uint8_t {
  drops,   ///< the outputs have none
  passes,  ///< the outputs have the same
  own,     ///< the layer attaches masks to its results itself
};

struct LayerDef {
  FixedList<std::string_view, 6> class_names;
  FixedList<ConfigKey, 40> config;
  MaskRule mask = MaskRule::drops;
  int rank = 0;     ///< number of spatial axes, for families
  int variant = 0;  ///< what else tells the rows of a family apart
  Expected<Results> (*import)(LayerImport& layer) = nullptr;
  std::string_view doc;
};

/// What one file of src/keras/layers contributes: x.cc defines `LayerTable x_layers()`.
struct LayerTable {
  const LayerDef* first;
  size_t count;
};
constexpr LayerTable layer_table(const LayerDef& layer) { return {&layer, 1}; }
template <size_t N>
constexpr LayerTable layer_table(const LayerDef (&layers)[N]) {
  return {layers, N};
}

/// All definitions, in alphabetical order of the first name.
std::span<const LayerDef* const> all_layers();
/// The definition of a class by its plain name, "Dense"; null when there is none.
const LayerDef* find_layer(std::string_view class_name);

}  // namespace wherry::keras
