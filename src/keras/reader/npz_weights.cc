// Weights in an .npz archive, which Keras writes where h5py is missing: a pickled dictionary of
// numbered arrays (or of variables that hold arrays) for each object with weights.
#include <algorithm>

#include "base/byte_reader.h"
#include "base/zip.h"
#include "keras/reader/load_weights.h"
#include "keras/reader/pickle.h"

namespace wherry::keras {
namespace {

using Kind = PickleValue::Kind;

/// What follows the header of an .npy file that holds a Python object.
Expected<std::span<const std::byte>> pickle_in(std::span<const std::byte> file) {
  ByteReader reader(file);
  bool magic = reader.text(6) == "\x93NUMPY";
  uint8_t major = reader.u8();
  reader.skip(1);
  std::string_view header = reader.text(major == 1 ? reader.u16() : reader.u32());
  ENSURE_CODE(ErrorCode::malformed, magic && !reader.failed(), "an .npy file is damaged");
  ENSURE_CODE(ErrorCode::unsupported, header.find("'|O'") != std::string_view::npos,
              "an .npy file does not hold what Keras writes");
  return reader.take(reader.remaining());
}

/// The "f4" of an element type, and whether its bytes are in the other order.
std::optional<DType> dtype_of_pickle(const PickleValue& value) {
  struct Named {
    std::string_view name;
    DType dtype;
  };
  constexpr Named names[] = {{"f2", DType::f16}, {"f4", DType::f32}, {"f8", DType::f64},
                             {"i1", DType::i8},  {"i2", DType::i16}, {"i4", DType::i32},
                             {"i8", DType::i64}, {"u1", DType::u8},  {"u2", DType::u16},
                             {"u4", DType::u32}, {"u8", DType::u64}, {"b1", DType::boolean}};
  if (value.kind != Kind::object || value.items[0]->text != "dtype") return {};
  const PickleValue& arguments = *value.items[1];
  if (arguments.items.empty()) return {};
  bool big_endian =
      value.state && value.state->items.size() > 1 && value.state->items[1]->text == ">";
  for (const Named& named : names) {
    if (named.name == arguments.items[0]->text && !big_endian) return named.dtype;
  }
  return {};
}

/// An array of numbers: made by _reconstruct, its state (version, shape, dtype, order, bytes).
bool read_array(const PickleValue& value, Weight& weight) {
  if (value.kind != Kind::object || value.items[0]->text != "_reconstruct" || !value.state)
    return false;
  const std::vector<const PickleValue*>& state = value.state->items;
  if (state.size() != 5 || state[4]->kind != Kind::bytes) return false;
  std::optional<DType> dtype = dtype_of_pickle(*state[2]);
  if (!dtype || state[3]->number != 0) return false;
  std::vector<int64_t> dims;
  for (const PickleValue* extent : state[1]->items) dims.push_back(extent->number);
  weight.dtype = *dtype;
  weight.shape = Shape(std::move(dims));
  auto elements = weight.shape.checked_elements();
  if (!elements) return false;
  auto size = byte_size(*dtype, *elements);
  weight.data = Constant(nullptr, state[4]->bytes);
  return size && *size == static_cast<int64_t>(state[4]->bytes.size());
}

/// Looks for the one array inside a variable of whatever framework.
bool find_array(const PickleValue* value, int& steps_left, int depth, Weight& weight) {
  constexpr int deepest = 32;
  if (!value || depth > deepest || --steps_left < 0) return false;
  if (read_array(*value, weight)) return true;
  for (const PickleValue* item : value->items) {
    if (find_array(item, steps_left, depth + 1, weight)) return true;
  }
  return find_array(value->state, steps_left, depth + 1, weight);
}

/// The dictionary that an object array of rank 0 holds.
const PickleValue* dictionary_in(const PickleValue& array) {
  const PickleValue* state = array.state;
  if (!state || state->items.size() != 5 || state->items[4]->items.size() != 1) return nullptr;
  const PickleValue* held = state->items[4]->items[0];
  return held->kind == Kind::mapping ? held : nullptr;
}

/// The values of "0", "1", ... in this order.
std::vector<const PickleValue*> numbered_values(const PickleValue& dictionary) {
  std::vector<std::pair<int64_t, const PickleValue*>> found;
  for (size_t i = 0; i + 1 < dictionary.items.size(); i += 2) {
    int64_t number = 0;
    if (parse_number(dictionary.items[i]->text, number))
      found.emplace_back(number, dictionary.items[i + 1]);
  }
  std::sort(found.begin(), found.end());
  std::vector<const PickleValue*> values;
  for (const auto& [number, value] : found) values.push_back(value);
  return values;
}

Status add_weights(const SharedBytes& file, const std::string& path, WeightGroup& group) {
  Pickle pickle = TRY(Pickle::read(TRY(pickle_in(file.bytes))));
  const PickleValue* dictionary = dictionary_in(pickle.root());
  ENSURE_CODE(ErrorCode::unsupported, dictionary != nullptr, "the pickled weights ", quoted(path),
              " are not what Keras writes");
  int steps_left = 1 << 20;
  for (const PickleValue* value : numbered_values(*dictionary)) {
    Weight weight;
    ENSURE_CODE(ErrorCode::unsupported, find_array(value, steps_left, 0, weight),
                "the pickled weight ", group.weights.size(), " of ", quoted(path),
                " holds no array of numbers");
    weight.path = cat(path, "/", group.weights.size());
    weight.data = Constant(file.owner, weight.data.bytes());
    group.weights.push_back(std::move(weight));
  }
  return {};
}

WeightGroup& group_at(WeightGroup& root, std::string_view path) {
  WeightGroup* at = &root;
  for (std::string_view part : split(path, '/')) {
    auto found = std::find_if(at->groups.begin(), at->groups.end(),
                              [&](const WeightGroup& group) { return group.key == part; });
    if (found == at->groups.end()) {
      at->groups.push_back({.key = std::string(part)});
      found = at->groups.end() - 1;
    }
    at = &*found;
  }
  return *at;
}

}  // namespace

Expected<WeightTree> load_npz_weights(SharedBytes archive) {
  ZipReader zip = TRY(ZipReader::open(std::move(archive)));
  WeightTree tree;
  for (const ZipEntry& entry : zip.entries()) {
    std::string_view path = entry.name;
    // Beside the layers stand the optimizer and the metrics.
    bool layers =
        path.starts_with("layers/") || path.starts_with("_layer_checkpoint_dependencies/");
    if (!layers || !path.ends_with(".npy") || is_generator_state(path)) continue;
    path.remove_suffix(4);
    ENSURE_CODE(ErrorCode::malformed, split(path, '/').size() <= 64,
                "the file's groups of weights are nested without end");
    SharedBytes file = TRY(zip.read(entry));
    TRY(add_weights(file, std::string(path), group_at(tree.root, path)));
  }
  finish_tree(tree);
  return tree;
}

}  // namespace wherry::keras
