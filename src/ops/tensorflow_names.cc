// The table of TensorFlow's names and the builtin operators that compute the same.
#include "ops/tensorflow_names.h"

#include "ops/custom_options.h"
#include "ops/registry.h"

namespace wherry {
namespace {

/// An option that is true or false, and the field of the builtin operator that says the same.
struct Flag {
  std::string_view option, field;
};

struct Synonym {
  TensorflowName name;
  FixedList<Flag, 2> flags = {};
};

constexpr FixedList<Flag, 2> adjoints = {{"adj_x", "adj_x"}, {"adj_y", "adj_y"}};
constexpr FixedList<Flag, 2> kept_axes = {{"keep_dims", "keep_dims"}};

constexpr Synonym synonyms[] = {
    {{"AddV2", "ADD"}},
    {{"All", "REDUCE_ALL"}, kept_axes},
    {{"Any", "REDUCE_ANY"}, kept_axes},
    {{"BatchMatMul", "BATCH_MATMUL"}, adjoints},
    {{"BatchMatMulV2", "BATCH_MATMUL"}, adjoints},
    {{"BatchMatMulV3", "BATCH_MATMUL"}, adjoints},
    {{"BroadcastTo", "BROADCAST_TO"}},
    {{"MatMul", "BATCH_MATMUL"}, {{"transpose_a", "adj_x"}, {"transpose_b", "adj_y"}}},
};

Expected<Attributes> attributes_of(const Synonym& synonym, const AttributesType& type,
                                   std::span<const uint8_t> bytes) {
  CustomOptions options = TRY(CustomOptions::read(bytes, synonym.name.tensorflow));
  std::shared_ptr<void> data = type.make();
  for (const Flag& flag : synonym.flags) {
    for (const Field& field : type.fields) {
      if (field.name == flag.field)
        field.in<bool>(data.get()) = TRY(options.boolean(flag.option, false));
    }
  }
  return Attributes(type, std::move(data));
}

}  // namespace

std::vector<TensorflowName> tensorflow_names() {
  std::vector<TensorflowName> names;
  for (const Synonym& synonym : synonyms) names.push_back(synonym.name);
  return names;
}

Expected<std::optional<BuiltinForm>> builtin_form(std::string_view custom_code,
                                                  std::span<const uint8_t> options) {
  for (const Synonym& synonym : synonyms) {
    const OpDef* op =
        synonym.name.tensorflow == custom_code ? find_op_named(synonym.name.builtin) : nullptr;
    if (op) return BuiltinForm{op, TRY(attributes_of(synonym, *op->attributes, options))};
  }
  return std::optional<BuiltinForm>();
}

}  // namespace wherry
