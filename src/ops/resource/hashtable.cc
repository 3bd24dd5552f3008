// HASHTABLE, HASHTABLE_FIND, HASHTABLE_IMPORT and HASHTABLE_SIZE: tables from strings to integers
// or back, filled once.
#include "ops/resource/hashtable.h"

#include <map>

#include "ops/context.h"
#include "ops/registry.h"
#include "ops/resource/handle.h"

namespace wherry::op {
namespace {

constexpr Field hashtable_fields[] = {field<&Hashtable::table_id>("table_id", 0),
                                      field<&Hashtable::key_dtype>("key_dtype", 1),
                                      field<&Hashtable::value_dtype>("value_dtype", 2)};

/// Of the two maps only that of the table's kind is used.
struct Table final : Resources::Resource {
  DType key = DType::variant, value = DType::variant;
  bool filled = false;
  std::map<std::string, int64_t, std::less<>> numbers;
  std::map<int64_t, std::string> texts;
};

bool is_table_type(DType key, DType value) {
  return (key == DType::string && value == DType::i64) ||
         (key == DType::i64 && value == DType::string);
}

Status infer_hashtable(InferContext& context) {
  const auto& attributes = context.attributes<Hashtable>();
  ENSURE_CODE(ErrorCode::unsupported, is_table_type(attributes.key_dtype, attributes.value_dtype),
              "HASHTABLE maps string to i64 or i64 to string, not ", attributes.key_dtype, " to ",
              attributes.value_dtype);
  return context.set_output(0, DType::resource,
                            context.declared(0).shape.rank() == 0 ? Shape() : Shape({1}));
}

Status reference_hashtable(Call& call) {
  const auto& attributes = call.attributes<Hashtable>();
  Resources& resources = call.environment().resources();
  int32_t handle = resources.handle(cat("hashtable ", attributes.table_id));
  std::unique_ptr<Resources::Resource>* slot = resources.find(handle);
  if (!*slot) {
    auto table = std::make_unique<Table>();
    table->key = attributes.key_dtype;
    table->value = attributes.value_dtype;
    *slot = std::move(table);
  }
  *call.result<int32_t>(0) = handle;
  return {};
}

Expected<Table*> table_of(Call& call) { return resource_of<Table>(call, "a hash table"); }

Status check_types(const Call& call, const Table& table, DType value) {
  ENSURE_CODE(ErrorCode::invalid_data, call.dtype(1) == table.key && value == table.value,
              call.node().op->name, " with ", call.dtype(1), " and ", value,
              " does not fit a hash table from ", table.key, " to ", table.value);
  return {};
}

Status infer_import(InferContext& context) {
  TRY(check_handle(context));
  ENSURE(context.shape(1) == context.shape(2), "HASHTABLE_IMPORT got keys of shape ",
         context.shape(1), " and values of shape ", context.shape(2));
  return {};
}

/// Of equal keys the first one counts.
Status reference_import(Call& call) {
  Table* table = TRY(table_of(call));
  TRY(check_types(call, *table, call.dtype(2)));
  if (table->filled) return {};
  bool from_text = table->key == DType::string;
  std::vector<std::string_view> texts = TRY(strings_of(call.input(from_text ? 1 : 2)));
  const int64_t* numbers = call.data<int64_t>(from_text ? 2 : 1);
  for (size_t i = 0; i < texts.size(); ++i) {
    if (from_text)
      table->numbers.emplace(texts[i], numbers[i]);
    else
      table->texts.emplace(numbers[i], texts[i]);
  }
  table->filled = true;
  return {};
}

Status infer_find(InferContext& context) {
  TRY(check_handle(context));
  DType value = context.dtype(2);
  ENSURE(is_table_type(context.dtype(1), value) && context.shape(2).elements() == 1,
         "HASHTABLE_FIND cannot look up ", text_of(context.input(1)), " with the default ",
         text_of(context.input(2)));
  return context.set_output(0, value, context.shape(1));
}

Status find_numbers(Call& call, const Table& table) {
  std::vector<std::string_view> keys = TRY(strings_of(call.input(1)));
  for (size_t i = 0; i < keys.size(); ++i) {
    auto place = table.numbers.find(keys[i]);
    call.result<int64_t>(0)[i] =
        place == table.numbers.end() ? *call.data<int64_t>(2) : place->second;
  }
  return {};
}

Status find_texts(Call& call, const Table& table) {
  std::vector<std::string_view> absent = TRY(strings_of(call.input(2))), found;
  uint64_t total = 0;
  for (int64_t i = 0; i < call.input(1).elements(); ++i) {
    auto place = table.texts.find(call.data<int64_t>(1)[i]);
    found.push_back(place == table.texts.end() ? absent[0] : std::string_view(place->second));
    total += found.back().size() + sizeof(int32_t);
  }
  ENSURE_CODE(ErrorCode::too_large, total < INT32_MAX / 2,
              "HASHTABLE_FIND gives more text than a string tensor can hold");
  return call.set_bytes(0, call.shape(1), string_bytes(found));
}

Status reference_find(Call& call) {
  const Table* table = TRY(table_of(call));
  TRY(check_types(call, *table, call.dtype(2)));
  return table->key == DType::string ? find_numbers(call, *table) : find_texts(call, *table);
}

Status infer_size(InferContext& context) {
  TRY(check_handle(context));
  return context.set_output(0, DType::i64, {1});
}

Status reference_size(Call& call) {
  const Table* table = TRY(table_of(call));
  *call.result<int64_t>(0) = static_cast<int64_t>(table->numbers.size() + table->texts.size());
  return {};
}

constexpr TypeSet entry_types = one_of(DType::string, DType::i64);

}  // namespace

constinit const AttributesType hashtable_attributes =
    attributes_type<Hashtable>(hashtable_fields, 107);
constinit const AttributesType hashtable_find_attributes = attributes_type<NoAttributes>({}, 108);
constinit const AttributesType hashtable_import_attributes = attributes_type<NoAttributes>({}, 109);
constinit const AttributesType hashtable_size_attributes = attributes_type<NoAttributes>({}, 110);

constinit const OpDef hashtable_family[4] = {
    {.name = "HASHTABLE",
     .code = 136,
     .attributes = &hashtable_attributes,
     .outputs = {{"handle", DType::resource}},
     .versions = {{1, "2.5.0"}},
     .infer = infer_hashtable,
     .reference = reference_hashtable,
     .effects = Effects::stateful,
     .doc = "a handle of the hash table with this number"},
    {.name = "HASHTABLE_FIND",
     .code = 137,
     .attributes = &hashtable_find_attributes,
     .inputs = {{"handle", DType::resource}, {"keys", entry_types}, {"default", entry_types}},
     .outputs = {{"values", entry_types}},
     .versions = {{1, "2.5.0"}},
     .infer = infer_find,
     .reference = reference_find,
     .effects = Effects::stateful,
     .doc = "the values of keys, a default where the table has none"},
    {.name = "HASHTABLE_IMPORT",
     .code = 138,
     .attributes = &hashtable_import_attributes,
     .inputs = {{"handle", DType::resource}, {"keys", entry_types}, {"values", entry_types}},
     .versions = {{1, "2.5.0"}},
     .infer = infer_import,
     .reference = reference_import,
     .effects = Effects::stateful,
     .doc = "fills a hash table, once"},
    {.name = "HASHTABLE_SIZE",
     .code = 139,
     .attributes = &hashtable_size_attributes,
     .inputs = {{"handle", DType::resource}},
     .outputs = {{"size", DType::i64}},
     .versions = {{1, "2.5.0"}},
     .infer = infer_size,
     .reference = reference_size,
     .effects = Effects::stateful,
     .doc = "how many keys a hash table has"},
};

OpTable hashtable_ops() { return op_table(hashtable_family); }

}  // namespace wherry::op
