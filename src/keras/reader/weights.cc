// Finds weights: by name in .h5 files, by attribute and number in .keras files.
#include "keras/reader/weights.h"

#include <algorithm>
#include <cstring>

namespace wherry::keras {
namespace {

constexpr std::string_view layers_attribute = "layers";
// Keras 2.12 and 2.13 reach layers through this attribute, which lists layers with weights twice.
constexpr std::string_view checkpoint_attribute = "_layer_checkpoint_dependencies";

const WeightGroup* child(const WeightGroup& group, std::string_view key) {
  for (const WeightGroup& inner : group.groups) {
    if (inner.key == key) return &inner;
  }
  return nullptr;
}

/// An attribute by its name, with or without the underscore that Keras versions differ in.
const WeightGroup* attribute_of(const WeightGroup& group, std::string_view attribute) {
  if (const WeightGroup* found = child(group, attribute)) return found;
  if (attribute.starts_with('_')) return child(group, attribute.substr(1));
  return child(group, cat("_", attribute));
}

/// The number in "dense_3", 0 for "dense", -1 for the groups of other classes.
int64_t count_in(std::string_view key, std::string_view snake) {
  if (!key.starts_with(snake)) return -1;
  key.remove_prefix(snake.size());
  if (key.empty()) return 0;
  int64_t count = 0;
  return key[0] == '_' && parse_number(key.substr(1), count) && count > 0 ? count : -1;
}

/// The group of a class that `index` others precede, holes not counted.
const WeightGroup* nth_of_class(const WeightGroup& list, std::string_view snake, int index) {
  std::vector<std::pair<int64_t, const WeightGroup*>> found;
  for (const WeightGroup& group : list.groups) {
    int64_t count = count_in(group.key, snake);
    if (count >= 0) found.emplace_back(count, &group);
  }
  std::sort(found.begin(), found.end());
  bool inside = index >= 0 && static_cast<size_t>(index) < found.size();
  return inside ? found[static_cast<size_t>(index)].second : nullptr;
}

bool has_recorded_names(const WeightGroup& list) {
  for (const WeightGroup& group : list.groups) {
    if (!group.name.empty()) return true;
  }
  return false;
}

/// All groups anywhere whose layer has this name and whose key speaks of this class.
void collect_named(const WeightGroup& group, const LayerKey& key, std::string_view snake,
                   std::vector<const WeightGroup*>& found) {
  if (group.name == key.name && count_in(group.key, snake) >= 0) found.push_back(&group);
  for (const WeightGroup& inner : group.groups) collect_named(inner, key, snake, found);
}

const WeightGroup* listed(const WeightGroup& root, const WeightGroup& list, const LayerKey& key) {
  std::string snake = snake_case(key.class_name);
  if (has_recorded_names(list)) {
    for (const WeightGroup& group : list.groups) {
      if (group.name == key.name) return &group;
    }
    // A layer that two models share is stored only where Keras came across it first.
    std::vector<const WeightGroup*> elsewhere;
    collect_named(root, key, snake, elsewhere);
    return elsewhere.size() == 1 ? elsewhere[0] : nullptr;
  }
  if (list.key == checkpoint_attribute) return nth_of_class(list, snake, key.class_index);
  return child(list, key.class_index == 0 ? snake : cat(snake, "_", key.class_index));
}

void collect(const WeightGroup& group, std::vector<const Weight*>& found) {
  for (const Weight& weight : group.weights) found.push_back(&weight);
  for (const WeightGroup& inner : group.groups) collect(inner, found);
}

/// "dense/kernel:0" -> "dense/kernel".
std::string_view without_number(std::string_view path) {
  size_t colon = path.rfind(':');
  if (colon == std::string_view::npos || path.find('/', colon) != std::string_view::npos)
    return path;
  return path.substr(0, colon);
}

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// Where `name` stands in `path` as whole components that are not the last, from `start` on.
size_t find_component(std::string_view path, std::string_view name, size_t start) {
  for (size_t at = path.find(name, start); at != std::string_view::npos;
       at = path.find(name, at + 1)) {
    bool begins = at == 0 || path[at - 1] == '/';
    size_t end = at + name.size();
    if (begins && end < path.size() && path[end] == '/') return at;
  }
  return std::string_view::npos;
}

std::string shapes_of(const std::vector<const Weight*>& weights) {
  std::vector<std::string> texts;
  for (const Weight* weight : weights)
    texts.push_back(cat(weight->path, " ", weight->shape.dims()));
  return texts.empty() ? "none" : joined(texts, ", ");
}

Error mismatch(std::string message, const std::vector<const Weight*>& held) {
  return Error{.code = ErrorCode::invalid_model,
               .message = std::move(message),
               .received = shapes_of(held),
               .advice = "check that the file was saved completely by Keras"};
}

}  // namespace

WeightScope::WeightScope(std::shared_ptr<const WeightTree> tree)
    : tree_(std::move(tree)), group_(&tree_->root) {}

WeightScope WeightScope::from_group(const WeightGroup* group, std::string_view missing) const {
  WeightScope scope;
  scope.tree_ = tree_;
  scope.group_ = group;
  scope.path_ = group ? group->path : cat(path_, path_.empty() ? "" : "/", missing);
  return scope;
}

WeightScope WeightScope::from_outer_layer(const LayerKey& key) const {
  WeightScope scope;
  scope.tree_ = tree_;
  scope.path_ = key.name;
  const WeightGroup* group = child(*group_, key.name);
  if (!group) return scope;
  bool all_inside = true;  // "outer/inner/kernel" for every weight: then "outer" says nothing
  for (const Weight& weight : group->weights) {
    std::string_view path = without_number(weight.path);
    std::string_view role = last_part(path);
    // Keras 1 joins layer and role by an underscore.
    if (path.size() > key.name.size() && path.starts_with(key.name) &&
        path[key.name.size()] == '_' && path.find('/') == std::string_view::npos)
      role = path.substr(key.name.size() + 1);
    scope.items_.push_back({&weight, 0, role});
    bool inside = path.starts_with(key.name) && path.substr(key.name.size()).starts_with('/');
    all_inside &= inside && path.find('/', key.name.size() + 1) != std::string_view::npos;
  }
  for (Item& item : scope.items_) item.matched = all_inside ? key.name.size() + 1 : 0;
  return scope;
}

WeightScope WeightScope::narrowed(std::string_view name, bool lenient) const {
  WeightScope scope;
  scope.tree_ = tree_;
  scope.path_ = cat(path_, "/", name);
  size_t nearest_at = std::string_view::npos;
  auto keep = [&](const Item& item, size_t at, size_t end, std::string_view role) {
    if (at > nearest_at) return;  // a deeper match is another object's
    if (at < nearest_at) scope.items_.clear();
    nearest_at = at;
    scope.items_.push_back({item.weight, end, role});
  };
  for (const Item& item : items_) {
    std::string_view path = without_number(item.weight->path);
    size_t at = name.empty() ? std::string_view::npos : find_component(path, name, item.matched);
    if (at == std::string_view::npos && item.matched > 0) at = find_component(path, name, 0);
    if (at != std::string_view::npos) {
      keep(item, at, at + name.size() + 1, item.role);
    } else if (path.find('/') == std::string_view::npos && path.starts_with(cat(name, "_"))) {
      keep(item, 0, 0, path.substr(name.size() + 1));  // Keras 1
    }
  }
  if (!scope.items_.empty()) return scope;
  // Some weights carry no layer's name at all ("mean:0" of a Normalization).
  for (const Item& item : items_) {
    if (lenient || item.weight->path.find('/') == std::string::npos) scope.items_.push_back(item);
  }
  return scope;
}

WeightScope WeightScope::layer(const LayerKey& key) const {
  if (has_names()) return group_ ? from_outer_layer(key) : narrowed(key.name, false);
  return element(layers_attribute, key);
}

WeightScope WeightScope::nested(const LayerKey& key) const {
  if (has_names() && group_ && !child(*group_, key.name)) return *this;
  // Keras 2 leaves the names of nested models out of the names of weights.
  if (has_names()) return group_ ? from_outer_layer(key) : narrowed(key.name, true);
  return element(layers_attribute, key);
}

WeightScope WeightScope::sub(std::string_view attribute, std::string_view name) const {
  if (has_names()) return name.empty() ? *this : narrowed(name, true);
  return from_group(group_ ? attribute_of(*group_, attribute) : nullptr, attribute);
}

WeightScope WeightScope::element(std::string_view attribute, const LayerKey& key) const {
  if (has_names()) return narrowed(key.name, true);
  std::string missing = cat(attribute, "/", key.name);
  if (!group_) return from_group(nullptr, missing);
  const WeightGroup* list = attribute_of(*group_, attribute);
  if (!list && attribute == layers_attribute) list = child(*group_, checkpoint_attribute);
  return from_group(list ? listed(tree_->root, *list, key) : nullptr, missing);
}

const Weight* WeightScope::named(std::string_view role) const {
  for (const Item& item : items_) {
    if (item.role == role) return item.weight;
  }
  return nullptr;
}

std::vector<std::string_view> WeightScope::listed_names() const {
  std::vector<std::string_view> names;
  for (size_t i = 0; has_names() && group_ && i < group_->groups.size(); ++i)
    names.push_back(group_->groups[i].name);
  return names;
}

std::vector<const Weight*> WeightScope::own() const {
  std::vector<const Weight*> found;
  for (const Item& item : items_) found.push_back(item.weight);
  for (size_t i = 0; group_ && i < group_->weights.size(); ++i)
    found.push_back(&group_->weights[i]);
  return found;
}

std::vector<const Weight*> WeightScope::all() const {
  std::vector<const Weight*> found;
  for (const Item& item : items_) found.push_back(item.weight);
  if (group_) collect(*group_, found);
  return found;
}

Expected<std::vector<const Weight*>> WeightScope::take(
    std::span<const std::string_view> roles) const {
  std::vector<const Weight*> held = own();
  size_t matches = 0;
  for (const Item& item : items_)
    matches += std::find(roles.begin(), roles.end(), item.role) != roles.end();
  // Weights under names of a user's own are as good as numbered ones when their number is right.
  if (!has_names() || (matches == 0 && held.size() == roles.size())) {
    if (held.size() == roles.size()) return held;
    return mismatch(cat("the layer should have ", roles.size(), " weights ", roles, ", but '",
                        path_, "' in the file holds ", held.size()),
                    held);
  }
  std::vector<const Weight*> taken;
  for (std::string_view role : roles) {
    size_t count = std::count_if(items_.begin(), items_.end(),
                                 [&](const Item& item) { return item.role == role; });
    if (count != 1)
      return mismatch(cat("the layer should have one weight ", quoted(role), ", but '", path_,
                          "' in the file holds ", count),
                      held);
    taken.push_back(named(role));
  }
  return taken;
}

namespace {

/// `out` holds as many floats as `bytes` elements. False for types without numbers.
bool convert_to_floats(DType dtype, std::span<const std::byte> bytes, std::span<std::byte> out) {
  // A byte of a damaged file need not be a valid bool.
  if (dtype == DType::boolean) dtype = DType::u8;
  return for_type<float, double, half, bfloat16, int8_t, uint8_t, int16_t, uint16_t, int32_t,
                  uint32_t, int64_t, uint64_t>(dtype, [&]<class T>() {
    for (size_t i = 0; i < out.size() / 4; ++i) {
      T element;
      std::memcpy(&element, bytes.data() + i * sizeof(T), sizeof(T));
      const float number = static_cast<float>(element);
      std::memcpy(out.data() + 4 * i, &number, 4);
    }
  });
}

Status check_numbers(const Weight& weight) {
  ENSURE_CODE(ErrorCode::unsupported, convert_to_floats(weight.dtype, {}, {}), "weight ",
              quoted(weight.path), " has the type ", weight.dtype,
              ", which cannot be used as numbers");
  return {};
}

/// Whether the weight can stay in the file as it is. Small ones are better copied: reading them
/// brings megabytes around them into memory.
bool serves_in_place(const Weight& weight) {
  constexpr size_t small = 32 << 10;
  if (weight.dtype != DType::f32) return false;
  if (weight.data.is_deferred()) return true;
  auto address = reinterpret_cast<uintptr_t>(weight.data.bytes().data());
  return address % alignof(float) == 0 && weight.data.size() >= small;
}

}  // namespace

Expected<std::vector<float>> as_floats(const Weight& weight) {
  TRY(check_numbers(weight));
  std::vector<float> floats(static_cast<size_t>(weight.shape.elements()));
  const Constant data = weight.data.at_hand();
  convert_to_floats(weight.dtype, data.bytes(), std::as_writable_bytes(std::span(floats)));
  return floats;
}

Expected<Constant> float_constant(const Weight& weight, const Workshop& workshop) {
  if (serves_in_place(weight)) return weight.data;
  TRY(check_numbers(weight));
  const size_t element = static_cast<size_t>(bits_of(weight.dtype) / 8);
  auto fill = [from = weight.data, dtype = weight.dtype, element](size_t first,
                                                                  std::span<std::byte> part) {
    const Constant data = from.at_hand();
    convert_to_floats(dtype, data.bytes().subspan(first / 4 * element, part.size() / 4 * element),
                      part);
  };
  return workshop.defer({.method = cat("floats of ", weight.dtype),
                         .size = static_cast<size_t>(weight.shape.elements()) * 4,
                         .granule = 4,
                         .fill = std::move(fill),
                         .sources = {weight.data},
                         .reads_all_over = true});
}

}  // namespace wherry::keras
