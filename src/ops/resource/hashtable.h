// HASHTABLE, HASHTABLE_FIND, HASHTABLE_IMPORT and HASHTABLE_SIZE: tables from strings to integers
// or back, filled once.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Hashtable {
  int32_t table_id = 0;
  DType key_dtype = DType::string;
  DType value_dtype = DType::i64;
  bool operator==(const Hashtable&) const = default;
};
extern const AttributesType hashtable_attributes, hashtable_find_attributes,
    hashtable_import_attributes, hashtable_size_attributes;
extern const OpDef hashtable_family[4];
inline constexpr const OpDef& hashtable = hashtable_family[0];
/// Inputs: handle, keys, default value.
inline constexpr const OpDef& hashtable_find = hashtable_family[1];
/// Inputs: handle, keys, values; a table that is filled already stays as it is.
inline constexpr const OpDef& hashtable_import = hashtable_family[2];
/// Input: handle.
inline constexpr const OpDef& hashtable_size = hashtable_family[3];

}  // namespace wherry::op
