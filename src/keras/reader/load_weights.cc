// Loads weights from the HDF5 files of both formats.
#include "keras/reader/load_weights.h"

#include <algorithm>
#include <unordered_set>

namespace wherry::keras {
namespace {

constexpr int deepest_group = 64, most_groups = 1 << 20;

struct StoredType {
  std::string_view name;
  uint32_t size;
  DType dtype;
};
// Types that NumPy lacks are stored as plain bytes, their name beside them.
constexpr StoredType opaque_types[] = {{"bfloat16", 2, DType::bf16},
                                       {"float8_e4m3fn", 1, DType::f8e4m3},
                                       {"float8_e5m2", 1, DType::f8e5m2},
                                       {"", 2, DType::bf16}};

Expected<DType> dtype_of_dataset(const hdf5::Object& object, const hdf5::Datatype& type,
                                 std::string_view path) {
  using Kind = hdf5::Datatype::Kind;
  if (type.kind == Kind::number) return type.dtype;
  std::string name = object.attribute("dtype") ? TRY(object.text("dtype")) : "";
  for (const StoredType& known : opaque_types) {
    if (type.kind == Kind::opaque && known.name == name && known.size == type.size)
      return known.dtype;
  }
  return Error{.code = ErrorCode::unsupported,
               .message = cat("weight ", quoted(path), " is stored as ", type.name, " of ",
                              type.size, " bytes, which cannot be used as numbers"),
               .received = name};
}

Expected<Weight> weight_from(const hdf5::Object& object, std::string path) {
  hdf5::Dataset dataset = TRY(object.dataset().context(cat("in weight ", quoted(path))));
  Weight weight;
  weight.dtype = TRY(dtype_of_dataset(object, dataset.type, path));
  std::vector<int64_t> dims(dataset.space.extents.begin(), dataset.space.extents.end());
  if (dataset.space.is_null) dims = {0};
  weight.shape = Shape(std::move(dims));
  TRY(weight.shape.checked_elements());
  weight.path = std::move(path);
  weight.data = Constant(dataset.bytes.owner, dataset.bytes.bytes);
  return weight;
}

/// Numbers before other names, and by value: "2" before "10".
bool stored_before(const hdf5::Link& a, const hdf5::Link& b) {
  int64_t x = 0, y = 0;
  bool first = parse_number(a.name, x), second = parse_number(b.name, y);
  if (first && second) return x < y;
  return first != second ? first : a.name < b.name;
}

struct TreeWalk {
  int groups_left = most_groups;

  Status add_weights(const hdf5::Object& vars, const std::string& path, WeightGroup& group) {
    group.name = TRY(vars.text("name"));
    std::vector<hdf5::Link> links = vars.links();
    std::sort(links.begin(), links.end(), stored_before);
    for (const hdf5::Link& link : links) {
      std::optional<hdf5::Object> object = TRY(vars.member(link.name));
      if (object && object->is_dataset())
        group.weights.push_back(TRY(weight_from(*object, cat(path, "/", link.name))));
    }
    return {};
  }

  Status add_group(const hdf5::Object& object, const std::string& path, int depth,
                   WeightGroup& group) {
    ENSURE_CODE(ErrorCode::malformed, depth <= deepest_group && --groups_left >= 0,
                "the file's groups of weights are nested without end");
    for (const hdf5::Link& link : object.links()) {
      std::string inner = cat(path, path.empty() ? "" : "/", link.name);
      std::optional<hdf5::Object> member = TRY(object.member(link.name));
      if (!member || member->is_dataset()) continue;
      if (link.name == "vars") {
        TRY(add_weights(*member, inner, group));
      } else {
        WeightGroup found;
        found.key = link.name;
        TRY(add_group(*member, inner, depth + 1, found));
        if (!is_generator_state(found.key) && !is_generator_state(found.name))
          group.groups.push_back(std::move(found));
      }
    }
    return {};
  }
};

/// What stands beside the layers: optimizer and metrics, under the names of many releases.
bool is_for_training(std::string_view key) {
  while (key.starts_with("_")) key.remove_prefix(1);
  return key.starts_with("optimizer") || key.starts_with("metrics") ||
         key.starts_with("compile_metrics") || key.starts_with("loss_tracker");
}

void finish_group(WeightTree& tree, WeightGroup& group, const std::string& path) {
  group.path = path;
  for (Weight& weight : group.weights) {
    weight.index = tree.count++;
    tree.bytes += weight.data.size();
  }
  for (WeightGroup& inner : group.groups)
    finish_group(tree, inner, cat(path, path.empty() ? "" : "/", inner.key));
}

struct ByteSum {
  std::unordered_set<uint64_t> seen;
  uint64_t bytes = 0;

  void add(const hdf5::Object& object, int depth) {
    if (depth > deepest_group || seen.size() > most_groups || !seen.insert(object.address()).second)
      return;
    if (object.is_dataset()) {
      // Nobody uses this data: what cannot be read counts nothing and disturbs nobody.
      if (auto dataset = object.dataset()) bytes += dataset->bytes.bytes.size();
    }
    for (const hdf5::Link& link : object.links()) {
      if (link.kind != hdf5::Link::Kind::hard) continue;
      auto member = object.member(link.name);
      if (member && *member) add(**member, depth + 1);
    }
  }
};

}  // namespace

bool is_generator_state(std::string_view name) {
  return name.find("seed_generator") != std::string_view::npos;
}

void finish_tree(WeightTree& tree) { finish_group(tree, tree.root, ""); }

uint64_t stored_bytes(const hdf5::Object& object) {
  ByteSum sum;
  sum.add(object, 0);
  return sum.bytes;
}

Expected<std::vector<std::string>> split_texts(const hdf5::Object& object, std::string_view name) {
  if (object.attribute(name)) return object.texts(name);
  std::vector<std::string> all;
  for (int part = 0; object.attribute(cat(name, part)); ++part) {
    for (std::string& text : TRY(object.texts(cat(name, part)))) all.push_back(std::move(text));
  }
  return all;
}

Expected<WeightTree> load_named_weights(const hdf5::Object& root) {
  WeightTree tree;
  tree.named = true;
  for (const std::string& layer : TRY(split_texts(root, "layer_names"))) {
    std::optional<hdf5::Object> object = TRY(root.find(layer));
    ENSURE_CODE(ErrorCode::malformed, object.has_value(), "the file lists layer ", quoted(layer),
                " but holds no weights for it");
    WeightGroup group;
    group.key = group.name = layer;
    for (const std::string& path : TRY(split_texts(*object, "weight_names"))) {
      std::optional<hdf5::Object> data = TRY(object->find(path));
      ENSURE_CODE(ErrorCode::malformed, data && data->is_dataset(), "the file lists weight ",
                  quoted(path), " of layer ", quoted(layer), " but does not hold it");
      if (!is_generator_state(path)) group.weights.push_back(TRY(weight_from(*data, path)));
    }
    tree.root.groups.push_back(std::move(group));
  }
  finish_tree(tree);
  return tree;
}

Expected<WeightTree> load_numbered_weights(const hdf5::Object& root) {
  WeightTree tree;
  TreeWalk walk;
  for (const hdf5::Link& link : root.links()) {
    if (is_for_training(link.name)) continue;
    std::optional<hdf5::Object> object = TRY(root.member(link.name));
    if (!object || object->is_dataset()) continue;
    if (link.name == "vars") {
      TRY(walk.add_weights(*object, "vars", tree.root));
      continue;
    }
    WeightGroup group;  // "layers", or an attribute of a model class of the user's own
    group.key = link.name;
    TRY(walk.add_group(*object, group.key, 1, group));
    if (!is_generator_state(group.key)) tree.root.groups.push_back(std::move(group));
  }
  finish_tree(tree);
  return tree;
}

}  // namespace wherry::keras
