// Options, inputs and weights of a layer that is being imported.
#include "keras/layer_import.h"

#include <algorithm>
#include <cstring>

#include "base/mapped_file.h"
#include "keras/activation.h"
#include "keras/adapters.h"
#include "keras/keras1.h"
#include "keras/older_kernels.h"
#include "keras/permuted.h"
#include "keras/recipe_import.h"

namespace wherry::keras {

std::string place_of(const Origin& origin) {
  if (origin.layer.empty()) return cat("model (", origin.class_name, ")");
  return cat("layer ", quoted(origin.layer), " (", origin.class_name, ")");
}

std::string joined_path(const std::string& outer, std::string_view name) {
  return outer.empty() ? std::string(name) : cat(outer, "/", name);
}

void ImportState::refuse(const Origin& origin, Error error) {
  refused.insert(origin.layer);
  if (error.message.empty()) return;  // about layers inside, which were noted before
  if (error.where.empty()) error.where = place_of(origin);
  for (const Error& known : errors) {
    if (known.where == error.where && known.message == error.message) return;
  }
  errors.push_back(std::move(error));
}

void ImportState::warn(std::string text) {
  if (std::find(warnings.begin(), warnings.end(), text) == warnings.end())
    warnings.push_back(std::move(text));
}

void ImportState::note_form(std::string text) {
  if (std::find(forms.begin(), forms.end(), text) == forms.end()) forms.push_back(std::move(text));
}

namespace {

/// A sequence inside another had no name before Keras 2.2.3: the list of names in the file, which
/// is in the order of the layers, tells it.
std::string_view stored_name(const LayerRecord& layer, size_t place, size_t count,
                             const std::vector<std::string_view>& listed) {
  bool nameless = layer.is_nameless && listed.size() == count;
  return nameless ? listed[place] : std::string_view(layer.name);
}

}  // namespace

std::vector<WeightScope> scopes_of(const std::vector<LayerRecord>& layers,
                                   const WeightScope& model) {
  std::map<std::string, int> counts;
  std::vector<WeightScope> scopes;
  std::vector<std::string_view> listed = model.listed_names();
  for (size_t i = 0; i < layers.size(); ++i) {
    const LayerRecord& layer = layers[i];
    LayerKey key{stored_name(layer, i, layers.size(), listed), layer.stored_class,
                 counts[snake_case(layer.stored_class)]++};
    scopes.push_back(layer.is_model() ? model.nested(key) : model.layer(key));
  }
  return scopes;
}

LayerImport::LayerImport(ImportState& state, GraphState& graph, const LayerDef& def,
                         LayerRecord record, LayerCall call, WeightScope scope, std::string path)
    : Emitter(graph, {std::move(path), record.class_name}),
      state_(&state),
      def_(&def),
      record_(std::move(record)),
      call_(std::move(call)),
      inputs_(call_.inputs()),
      scope_(std::move(scope)) {}

const ConfigKey& LayerImport::key_of(std::string_view key,
                                     std::initializer_list<KeyType> types) const {
  for (const ConfigKey& declared : def_->config) {
    bool fits = std::find(types.begin(), types.end(), declared.type) != types.end();
    if (declared.name == key && fits) return declared;
  }
  CHECK(!"the layer declares this option with this type");
  __builtin_unreachable();
}

const PyValue& LayerImport::option(std::string_view key) const { return record_.config.at(key); }

bool LayerImport::flag(std::string_view key) const {
  const ConfigKey& declared = key_of(key, {KeyType::flag});
  const PyValue& value = option(key);
  return value.is_none() ? declared.number != 0 : value.real() != 0;
}

int64_t LayerImport::integer(std::string_view key) const {
  const ConfigKey& declared = key_of(key, {KeyType::integer});
  const PyValue& value = option(key);
  return value.is_none() ? static_cast<int64_t>(declared.number) : value.integer();
}

double LayerImport::real(std::string_view key) const {
  const ConfigKey& declared = key_of(key, {KeyType::real});
  const PyValue& value = option(key);
  return value.is_none() ? declared.number : value.real();
}

std::string_view LayerImport::text(std::string_view key) const {
  const ConfigKey& declared = key_of(key, {KeyType::text});
  const PyValue& value = option(key);
  return value.is_none() ? declared.text : value.text();
}

Expected<std::vector<int64_t>> LayerImport::sizes(std::string_view key, int count,
                                                  int64_t least) const {
  const ConfigKey& declared = key_of(key, {KeyType::sizes});
  const PyValue& value = option(key);
  std::vector<int64_t> result;
  for (const PyValue& item : value.items()) result.push_back(item.integer());
  if (value.is_none()) result.push_back(static_cast<int64_t>(declared.number));
  if (value.is_number()) result.push_back(value.integer());
  if (result.size() == 1) result.resize(static_cast<size_t>(count), result[0]);
  bool good = result.size() == static_cast<size_t>(count) &&
              std::all_of(result.begin(), result.end(), [&](int64_t size) {
                return size >= least && size <= (int64_t{1} << 30);
              });
  if (good) return result;
  return Error{.code = ErrorCode::invalid_model,
               .message = cat("the option ", quoted(key), " should be ", count,
                              " numbers of at least ", least),
               .received = value.shown()};
}

bool LayerImport::channels_first() const {
  return option("data_format").text() == "channels_first";
}

Expected<ValueId> LayerImport::input_of_rank(int wanted) {
  ENSURE(input_count() >= 1, "the layer is called without a tensor");
  ENSURE(rank(input()) == wanted, "the layer needs an input of rank ", wanted, ", but gets ",
         text_of(input_shape()));
  return input();
}

const PyValue& LayerImport::argument(std::string_view name, int position) const {
  static const PyValue nothing{};
  if (const PyValue* named = call_.find_named(name)) return *named;
  bool by_place = position >= 0 && static_cast<size_t>(position) < call_.positional.size();
  return by_place ? call_.positional[static_cast<size_t>(position)] : nothing;
}

Expected<ValueId> LayerImport::mask(int i) {
  const PyValue& given = argument("mask");
  if (given.is_tensor()) return given.tensor().value;
  size_t index = static_cast<size_t>(i);
  if (given.is_list() && index < given.items().size() && given.items()[index].is_tensor())
    return given.items()[index].tensor().value;
  return mask_value(inputs_[index].mask);
}

bool LayerImport::in_training() const {
  return dialect() != Dialect::keras3 && argument("training").truth();
}

Status LayerImport::check_predicting() const {
  if (!in_training()) return {};
  return unsupported(
      "the layer is called with training=True, so that it acts at random when the model predicts",
      {}, "call it without 'training', then save the model again");
}

Status LayerImport::take(std::initializer_list<std::string_view> roles) {
  return take(std::vector<std::string_view>(roles));
}

Status LayerImport::take(std::vector<std::string_view> roles) {
  std::erase(roles, std::string_view());
  std::vector<std::string_view> stored_roles = roles;
  if (dialect() == Dialect::keras1) {
    for (std::string_view& role : stored_roles) role = keras1_role(role);
  }
  std::vector<const Weight*> found = TRY(scope_.take(stored_roles));
  weights_.clear();
  for (size_t i = 0; i < roles.size(); ++i) {
    const Weight* weight = TRY(current_form(*state_, record_, *found[i]));
    weight = TRY(with_adapters(*state_, {record_, scope_, roles[i]}, *weight));
    weights_.emplace_back(roles[i], weight);
  }
  return {};
}

LayerImport LayerImport::part(std::string_view attribute, std::string_view name) const {
  LayerImport owner = *this;
  owner.scope_ = scope_.sub(attribute, name);
  owner.weights_.clear();
  return owner;
}

const Weight* LayerImport::find_weight(std::string_view role) const {
  for (const auto& [name, weight] : weights_) {
    if (name == role) return weight;
  }
  return nullptr;
}

const Weight& LayerImport::stored(std::string_view role) const {
  const Weight* weight = find_weight(role);
  CHECK(weight != nullptr);
  return *weight;
}

void LayerImport::replace(std::string_view role, Weight weight) {
  auto& place = state_->reformed[weight.index];
  place = std::move(weight);
  for (auto& [name, current] : weights_) {
    if (name == role) current = &place;
  }
}

namespace {

Status check_shape(const Weight& weight, std::string_view role, const Shape& expected) {
  if (weight.shape == expected) return {};
  return Error{
      .code = ErrorCode::invalid_model,
      .message = cat("the weight ", quoted(role), " should have the shape ", expected.dims()),
      .received = cat(weight.shape.dims(), " in ", quoted(weight.path)),
      .advice = "check that the weights and the configuration are of the same model"};
}

}  // namespace

Expected<std::vector<float>> LayerImport::floats(std::string_view role,
                                                 const Shape& expected) const {
  const Weight& weight = stored(role);
  TRY(check_shape(weight, role, expected));
  std::vector<float> elements = TRY(as_floats(weight));
  weight.data.drop_pages();
  return elements;
}

Expected<ValueId> LayerImport::weight(std::string_view role, const Shape& expected,
                                      const Layout& layout) {
  const Weight& weight = stored(role);
  TRY(check_shape(weight, role, expected));
  std::string key = cat(weight.index, layout.order, layout.shape.dims());
  auto cached = graph_->weights.find(key);
  if (cached != graph_->weights.end()) return cached->second;
  Shape shape = expected;
  for (size_t i = 0; i < layout.order.size(); ++i)
    shape[static_cast<int>(i)] = expected[static_cast<int>(layout.order[i])];
  if (layout.shape.rank() > 0) shape = layout.shape;
  CHECK(shape.elements() == expected.elements());
  Constant data;
  if (!layout.order.empty())
    data = TRY(permuted(weight, layout.order, state_->options.workshop));
  else
    data = TRY(float_constant(weight, state_->options.workshop));
  weight.data.drop_pages();
  ValueId id = raw_constant(role, {DType::f32, std::move(shape), {}, {}}, std::move(data));
  graph_->weights.emplace(std::move(key), id);
  return id;
}

Expected<ValueId> LayerImport::activate(ValueId x, std::string_view key) {
  const ConfigKey& declared = key_of(key, {KeyType::activation});
  const PyValue& written = option(key);
  if (written.is_none()) return emit_activation(*this, declared.text, dialect(), x);
  std::string_view name = activation_name(written);
  if (const Recipe* recipe = recipe_for_activation(*state_, name))
    return activate_by_recipe(*this, *recipe, x);
  if (!name.empty()) return emit_activation(*this, name, dialect(), x);
  LayerCall call{.positional = {PyValue::of(KerasTensor{x})}};
  Results results = TRY(import_inner(written, std::move(call), scope_.sub(key)));
  return results.tensors[0].value;
}

Expected<Padding> LayerImport::padding(std::string_view key) const {
  std::string word = lower(text(key));
  if (word == "same") return Padding::same;
  if (word == "valid") return Padding::valid;
  return unsupported(cat("the padding of the option ", quoted(key), " is not known"), quoted(word));
}

Expected<ValueId> LayerImport::channels_to_last(ValueId x) {
  if (!channels_first()) return x;
  std::vector<int64_t> order = {0};
  for (int i = 2; i < rank(x); ++i) order.push_back(i);
  order.push_back(1);
  return transpose(x, order);
}

Expected<ValueId> LayerImport::channels_from_last(ValueId x) {
  if (!channels_first()) return x;
  std::vector<int64_t> order = {0, rank(x) - 1};
  for (int i = 1; i < rank(x) - 1; ++i) order.push_back(i);
  return transpose(x, order);
}

Expected<ValueId> LayerImport::activate_channels_last(ValueId x) {
  bool early = channels_first() && is_elementwise(option("activation"));
  if (early) x = TRY(activate(x));
  x = TRY(channels_from_last(x));
  return early ? x : activate(x);
}

Expected<Results> LayerImport::import_inner(const PyValue& record, LayerCall call,
                                            const WeightScope& scope) {
  LayerRecord inner = TRY(layer_record(record, dialect()));
  std::string path = joined_path(origin_.layer, inner.name);
  return import_call(*state_, *graph_, inner, std::move(call), scope, path);
}

Expected<LayerImport> LayerImport::inner(const PyValue& record, LayerCall call,
                                         const WeightScope& scope) {
  LayerRecord inner = TRY(layer_record(record, dialect()));
  const LayerDef* def = find_layer(inner.class_name);
  if (!def) return unsupported("an inner layer is of an unknown class", quoted(inner.class_name));
  std::string path = joined_path(origin_.layer, inner.name);
  return LayerImport(*state_, *graph_, *def, std::move(inner), std::move(call), scope,
                     std::move(path));
}

LayerImport LayerImport::in_graph(GraphState& other) const {
  LayerImport copy = *this;
  copy.graph_ = &other;
  return copy;
}

LayerImport LayerImport::with_scope(WeightScope scope) const {
  LayerImport copy = *this;
  copy.scope_ = std::move(scope);
  return copy;
}

Error LayerImport::unsupported(std::string message, std::string received,
                               std::string advice) const {
  return Error{.code = ErrorCode::unsupported,
               .message = std::move(message),
               .where = place_of(origin_),
               .received = std::move(received),
               .advice = std::move(advice)};
}

}  // namespace wherry::keras
