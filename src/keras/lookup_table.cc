// Hash tables for texts, filled by a graph of their own; binary search for numbers.
#include "keras/lookup_table.h"

#include <algorithm>
#include <map>

#include "ops/control_flow/call_once.h"
#include "ops/indexing/bucketize.h"
#include "ops/resource/hashtable.h"

namespace wherry::keras {
namespace {

ValueId text_constant(Emitter& emitter, const std::vector<std::string>& texts) {
  Shape shape{static_cast<int64_t>(texts.size())};
  return emitter.raw_constant("texts", {.dtype = DType::string, .shape = std::move(shape)},
                              Constant::of(string_bytes(texts)));
}

ValueId number_constant(Emitter& emitter, const std::vector<int64_t>& numbers) {
  Shape shape{static_cast<int64_t>(numbers.size())};
  return emitter.raw_constant("numbers", {.dtype = DType::i64, .shape = std::move(shape)},
                              Constant::of(numbers));
}

Expected<ValueId> table_handle(Emitter& emitter, const op::Hashtable& table) {
  std::vector<ValueId> made =
      TRY(emitter.emit({.op = op::hashtable,
                        .attributes = Attributes::of(op::hashtable_attributes, table),
                        .outputs = {{.dtype = DType::resource, .shape = {1}}}}));
  return made[0];
}

struct Entries {
  const std::vector<std::string>& texts;
  const std::vector<int64_t>& numbers;
};

/// A handle of a table that a graph without inputs fills before it is used.
Expected<ValueId> filled_table(LayerImport& layer, op::Hashtable table, const Entries& entries) {
  ImportState& state = layer.state();
  table.table_id = static_cast<int32_t>(state.graphs.size());
  GraphState& filling = state.graphs.emplace_back();
  filling.graph.name = layer.name_for("fill");
  Emitter filler(filling, layer.origin());
  ValueId handle = TRY(table_handle(filler, table));
  ValueId keys = text_constant(filler, entries.texts);
  ValueId values = number_constant(filler, entries.numbers);
  if (table.key_dtype == DType::i64) std::swap(keys, values);
  TRY(filler.emit({.op = op::hashtable_import,
                   .attributes = Attributes::defaults(op::hashtable_import_attributes),
                   .inputs = {handle, keys, values},
                   .output_count = 0}));
  op::CallOnce call{.init_subgraph_index = table.table_id};
  TRY(layer.emit({.op = op::call_once,
                  .attributes = Attributes::of(op::call_once_attributes, call),
                  .inputs = {},
                  .output_count = 0}));
  return table_handle(layer, table);
}

/// A number that a float32 holds exactly, as BUCKETIZE has its boundaries.
bool is_exact(int64_t number) {
  constexpr int64_t most = int64_t{1} << 24;
  return number >= -most && number <= most;
}

/// By comparing with every key: for keys that a boundary cannot hold.
Expected<ValueId> place_by_comparing(LayerImport& layer, ValueId x, ValueId keys) {
  ValueId each = TRY(layer.expand(x, layer.rank(x)));
  ValueId equal = TRY(layer.cast(TRY(layer.node("EQUAL", {each, keys})), DType::f32));
  ValueId axis = TRY(layer.number(layer.rank(x), DType::i32));
  return layer.node("ARG_MAX", {equal, axis}, {}, {{.dtype = DType::i32, .shape = layer.shape(x)}});
}

}  // namespace

Expected<ValueId> found_in(LayerImport& layer, ValueId texts, const TextTable& table) {
  ENSURE(layer.dtype(texts) == DType::string, "the layer looks up texts, but gets ",
         layer.dtype(texts));
  op::Hashtable kind{.key_dtype = DType::string, .value_dtype = DType::i64};
  ValueId handle = TRY(filled_table(layer, kind, {table.keys, table.numbers}));
  ValueId absent = TRY(layer.number(static_cast<double>(table.absent), DType::i64));
  return layer.node("HASHTABLE_FIND", {handle, texts, absent});
}

Expected<ValueId> text_of_numbers(LayerImport& layer, ValueId numbers,
                                  const std::vector<std::string>& texts,
                                  const std::string& absent) {
  std::vector<int64_t> keys;
  for (size_t i = 0; i < texts.size(); ++i) keys.push_back(static_cast<int64_t>(i));
  op::Hashtable kind{.key_dtype = DType::i64, .value_dtype = DType::string};
  ValueId handle = TRY(filled_table(layer, kind, {texts, keys}));
  ValueId x = TRY(layer.cast(numbers, DType::i64));
  return layer.node("HASHTABLE_FIND", {handle, x, text_constant(layer, {absent})});
}

// The keys are boundaries: x lies at or above the key that it equals, if there is one.
Expected<ValueId> found_in(LayerImport& layer, ValueId x, const NumberTable& table) {
  std::map<int64_t, int64_t> sorted;
  for (size_t i = 0; i < table.keys.size(); ++i) sorted.emplace(table.keys[i], table.numbers[i]);
  if (sorted.empty()) return layer.node("ADD", {TRY(layer.times(x, 0)), table.absent});
  bool searched = is_exact(sorted.begin()->first) && is_exact(sorted.rbegin()->first);
  std::vector<int64_t> keys, numbers;
  op::Bucketize boundaries;
  if (searched) {  // what lies below the first key stands for it, too, and does not equal it
    keys.push_back(sorted.begin()->first);
    numbers.push_back(sorted.begin()->second);
  }
  for (const auto& [key, number] : sorted) {
    keys.push_back(key);
    numbers.push_back(number);
    boundaries.boundaries.push_back(static_cast<float>(key));
  }
  ValueId key_list = number_constant(layer, keys);
  ValueId place = searched ? TRY(layer.node(op::bucketize, std::move(boundaries), {x}))
                           : TRY(place_by_comparing(layer, x, key_list));
  ValueId equal = TRY(layer.node("EQUAL", {x, TRY(layer.node("GATHER", {key_list, place}))}));
  ValueId number = TRY(layer.node("GATHER", {number_constant(layer, numbers), place}));
  return layer.select(equal, number, table.absent);
}

}  // namespace wherry::keras
