// Tables that map keys to numbers or back, as nodes of a graph.
#pragma once

#include "keras/layer_import.h"

namespace wherry::keras {

/// Text to number by a hash table: the number of a key, `absent` for others.
struct TextTable {
  std::vector<std::string> keys;
  std::vector<int64_t> numbers;
  int64_t absent = -1;
};
Expected<ValueId> found_in(LayerImport& layer, ValueId texts, const TextTable& table);

/// Numbers 0, 1, ... to text by a hash table; others give `absent`.
Expected<ValueId> text_of_numbers(LayerImport& layer, ValueId numbers,
                                  const std::vector<std::string>& texts, const std::string& absent);

/// Number to number: keys in any order, `absent` (a tensor that broadcasts) for others.
struct NumberTable {
  std::vector<int64_t> keys, numbers;
  ValueId absent = no_value;
};
Expected<ValueId> found_in(LayerImport& layer, ValueId x, const NumberTable& table);

}  // namespace wherry::keras
