// Constants, nodes and masks of one layer.
#include "keras/emitter.h"

#include <algorithm>

#include "ir/op_def.h"
#include "ops/normalization/softmax.h"
#include "ops/registry.h"

namespace wherry::keras {
namespace {

/// Larger constants are weights, which have a cache of their own.
constexpr size_t largest_cached = 4096;

std::string key_of(const TensorType& type, std::span<const std::byte> bytes) {
  std::string key = cat(type.dtype, type.shape.dims(), ":");
  key.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return key;
}

void set_option(const AttributesType& type, void* attributes, const Emitter::Option& option) {
  for (const Field& field : type.fields) {
    if (field.name != option.name) continue;
    switch (field.kind) {
      case FieldKind::boolean:
        field.in<bool>(attributes) = option.value != 0;
        return;
      case FieldKind::int32:
        field.in<int32_t>(attributes) = static_cast<int32_t>(option.value);
        return;
      case FieldKind::real:
        field.in<float>(attributes) = static_cast<float>(option.value);
        return;
      case FieldKind::dtype:
        field.in<DType>(attributes) = static_cast<DType>(option.value);
        return;
      default:
        break;
    }
  }
  CHECK(!"the operator has such an option");
}

}  // namespace

Expected<int> Emitter::axis(int64_t axis, ValueId x) const { return resolve_axis(axis, rank(x)); }

Extent Emitter::extent(ValueId x, int axis) const {
  int64_t size = shape(x)[axis];
  return size >= 0 ? Extent(size) : Extent(x, axis);
}

Extents Emitter::extents(ValueId x) const {
  Extents all;
  for (int i = 0; i < rank(x); ++i) all.push_back(extent(x, i));
  return all;
}

ValueId Emitter::raw_constant(std::string_view name, TensorType type, Constant data) {
  return graph_->builder.constant(name_for(name), std::move(type), std::move(data));
}

ValueId Emitter::shared_constant(std::string_view name, TensorType type, Constant data) {
  if (data.size() > largest_cached) return raw_constant(name, std::move(type), std::move(data));
  std::string key = key_of(type, data.bytes());
  auto found = graph_->constants.find(key);
  if (found != graph_->constants.end()) return found->second;
  ValueId id = raw_constant(name, std::move(type), std::move(data));
  graph_->constants.emplace(std::move(key), id);
  return id;
}

ValueId Emitter::constant(std::vector<float> elements, Shape shape, std::string_view name) {
  return shared_constant(name, {DType::f32, std::move(shape), {}, {}},
                         Constant::of(std::move(elements)));
}

ValueId Emitter::constant(std::vector<int32_t> elements, Shape shape, std::string_view name) {
  return shared_constant(name, {DType::i32, std::move(shape), {}, {}},
                         Constant::of(std::move(elements)));
}

ValueId Emitter::integers(const std::vector<int64_t>& elements) {
  std::vector<int32_t> narrow(elements.begin(), elements.end());
  Shape shape{static_cast<int64_t>(narrow.size())};
  return constant(std::move(narrow), std::move(shape));
}

Expected<ValueId> Emitter::number(double value, ValueId like) { return number(value, dtype(like)); }

Expected<ValueId> Emitter::number(double value, DType dtype) {
  ValueId id = no_value;
  bool known =
      for_type<float, int32_t, int64_t, int8_t, uint8_t, int16_t, bool>(dtype, [&]<class T>() {
        // std::vector<bool> has no bytes.
        using Stored = std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>;
        std::vector<Stored> one{static_cast<Stored>(value)};
        id = shared_constant("constant", {dtype, {}, {}, {}}, Constant::of(std::move(one)));
      });
  ENSURE_CODE(ErrorCode::unsupported, known, "a constant of type ", dtype, " is not supported");
  return id;
}

Expected<std::vector<ValueId>> Emitter::emit(GraphBuilder::Emission emission) {
  if (emission.name.empty()) emission.name = name_for(lower(emission.op.name));
  graph_->builder.set_origin(origin_);
  bool open = std::any_of(emission.inputs.begin(), emission.inputs.end(), [this](ValueId x) {
    return x != no_value && rank(x) > 0 && shape(x)[0] < 0;
  });
  auto made = graph_->builder.emit(std::move(emission));
  // Open extents are tried as some number; what does not fit then may do so for one batch.
  if (!made && open && made.error().advice.empty())
    made.error().advice =
        "where the model was made for one size of the batch, say which: --batch N (2 and 3 were "
        "tried)";
  return made;
}

Expected<ValueId> Emitter::node(std::string_view name, std::vector<ValueId> inputs,
                                std::initializer_list<Option> options,
                                std::vector<TensorType> outputs) {
  const OpDef* op = find_op_named(name);
  ENSURE_CODE(ErrorCode::unsupported, op, "this build has no operator ", name);
  std::shared_ptr<void> attributes = op->attributes->make();
  for (const Option& option : options) set_option(*op->attributes, attributes.get(), option);
  int count = 0;
  for (const Argument& output : op->outputs) count += output.presence == Presence::required;
  std::vector<ValueId> made = TRY(emit({.op = *op,
                                        .attributes = Attributes(*op->attributes, attributes),
                                        .inputs = std::move(inputs),
                                        .output_count = count,
                                        .outputs = std::move(outputs)}));
  return made[0];
}

Expected<ValueId> Emitter::cast(ValueId x, DType to) {
  if (dtype(x) == to) return x;
  TensorType type{to, shape(x), {}, {}};
  double from_number = static_cast<double>(dtype(x)), to_number = static_cast<double>(to);
  return node("CAST", {x}, {{"in_data_type", from_number}, {"out_data_type", to_number}}, {type});
}

Expected<ValueId> Emitter::plus(ValueId x, double value) {
  if (value == 0) return x;
  return add(x, TRY(number(value, x)));
}

Expected<ValueId> Emitter::times(ValueId x, double value) {
  if (value == 1) return x;
  return multiply(x, TRY(number(value, x)));
}

Expected<ValueId> Emitter::at_least(ValueId x, double value) {
  return maximum(x, TRY(number(value, x)));
}

Expected<ValueId> Emitter::at_most(ValueId x, double value) {
  return minimum(x, TRY(number(value, x)));
}

Expected<ValueId> Emitter::select(ValueId condition, ValueId a, ValueId b) {
  return node("SELECT_V2", {condition, a, b});
}

Expected<ValueId> Emitter::softmax(ValueId x, int64_t at) {
  int rank = this->rank(x);
  int axis = TRY(this->axis(at, x));
  if (axis == rank - 1) return node("SOFTMAX", {x});
  std::vector<int64_t> swapped;
  for (int i = 0; i < rank; ++i) swapped.push_back(i);
  std::swap(swapped[static_cast<size_t>(axis)], swapped.back());
  ValueId turned = TRY(transpose(x, swapped));
  return transpose(TRY(node("SOFTMAX", {turned})), swapped);
}

int Emitter::add_mask(MaskRecipe recipe) {
  recipe.origin = origin_;
  graph_->masks.push_back(std::move(recipe));
  return static_cast<int>(graph_->masks.size()) - 1;
}

int Emitter::mask_of(ValueId value) { return add_mask({.made = value}); }

Expected<ValueId> Emitter::mask_value(int mask) {
  if (mask < 0) return no_value;
  MaskRecipe recipe = graph_->masks[static_cast<size_t>(mask)];
  if (recipe.made) return *recipe.made;
  Emitter maker(*graph_, recipe.origin);
  ValueId made = TRY(recipe.make(maker, recipe));
  graph_->masks[static_cast<size_t>(mask)].made = made;
  return made;
}

std::string Emitter::name_for(std::string_view what) {
  std::string name = cat(origin_.layer, "/", what);
  int used = graph_->names[name]++;
  return used == 0 ? name : name_for(cat(what, "_", used));
}

}  // namespace wherry::keras
