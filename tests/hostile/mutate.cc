// Random damage, one small change at a time.
#include "hostile/mutate.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/checked.h"
#include "ir/op_def.h"

namespace wherry::hostile {
namespace {

/// A copy of a field's value from one options struct to another.
template <class T>
void copy_as(const Field& field, const void* from, void* to) {
  field.in<T>(to) = field.in<T>(from);
}

void copy_field(const Field& field, const void* from, void* to) {
  switch (field.kind) {
    case FieldKind::boolean:
      return copy_as<bool>(field, from, to);
    case FieldKind::int8:
    case FieldKind::enumeration:
      return copy_as<int8_t>(field, from, to);
    case FieldKind::int32:
      return copy_as<int32_t>(field, from, to);
    case FieldKind::int64:
      return copy_as<int64_t>(field, from, to);
    case FieldKind::uint32:
      return copy_as<uint32_t>(field, from, to);
    case FieldKind::real:
      return copy_as<float>(field, from, to);
    case FieldKind::text:
      return copy_as<std::string>(field, from, to);
    case FieldKind::bytes:
      return copy_as<Bytes>(field, from, to);
    case FieldKind::int32_list:
      return copy_as<std::vector<int32_t>>(field, from, to);
    case FieldKind::int64_list:
      return copy_as<std::vector<int64_t>>(field, from, to);
    case FieldKind::real_list:
      return copy_as<std::vector<float>>(field, from, to);
    case FieldKind::dtype:
      return copy_as<DType>(field, from, to);
  }
}

float awkward_real(Random& random) {
  const float numbers[] = {0, 1, -1, 0.5f, 1e-30f, 1e30f, INFINITY, -INFINITY, NAN, 1e-45f, 3};
  return numbers[random.below(sizeof numbers / sizeof numbers[0])];
}

template <class T>
void spoil_list(std::vector<T>& list, Random& random) {
  if (list.empty() || random.chance(4))
    list.push_back(static_cast<T>(random.awkward()));
  else if (random.chance(4))
    list.pop_back();
  else
    list[random.below(list.size())] = static_cast<T>(random.awkward());
}

void spoil_field(const Field& field, void* options, Random& random) {
  switch (field.kind) {
    case FieldKind::boolean:
      field.in<bool>(options) ^= true;
      break;
    case FieldKind::int8:
      field.in<int8_t>(options) = static_cast<int8_t>(random.awkward());
      break;
    case FieldKind::enumeration:
      field.in<int8_t>(options) = static_cast<int8_t>(random.below(field.names.size()));
      break;
    case FieldKind::int32:
      field.in<int32_t>(options) = static_cast<int32_t>(random.awkward());
      break;
    case FieldKind::int64:
      field.in<int64_t>(options) = random.awkward();
      break;
    case FieldKind::uint32:
      field.in<uint32_t>(options) = static_cast<uint32_t>(random.awkward());
      break;
    case FieldKind::real:
      field.in<float>(options) = awkward_real(random);
      break;
    case FieldKind::text:
      field.in<std::string>(options) += "x";
      break;
    case FieldKind::bytes:
      spoil_list(field.in<Bytes>(options), random);
      break;
    case FieldKind::int32_list:
      spoil_list(field.in<std::vector<int32_t>>(options), random);
      break;
    case FieldKind::int64_list:
      spoil_list(field.in<std::vector<int64_t>>(options), random);
      break;
    case FieldKind::real_list:
      spoil_list(field.in<std::vector<float>>(options), random);
      break;
    case FieldKind::dtype:
      field.in<DType>(options) = static_cast<DType>(random.below(dtype_count));
      break;
  }
}

void spoil_options(Node& node, Random& random) {
  const AttributesType* type = node.attributes.type();
  if (!type || type->fields.empty()) return;
  std::shared_ptr<void> options = type->make();
  for (const Field& field : type->fields) copy_field(field, node.attributes.data(), options.get());
  spoil_field(type->fields[random.below(type->fields.size())], options.get(), random);
  node.attributes = Attributes(*type, std::move(options));
}

void spoil_wiring(Graph& graph, Node& node, Random& random) {
  auto& ids = random.chance(4) ? node.outputs : node.inputs;
  switch (random.below(4)) {
    case 0:
      if (!ids.empty()) ids.pop_back();
      return;
    case 1:
      ids.push_back(static_cast<ValueId>(random.below(graph.values.size())));
      return;
    case 2:
      if (!ids.empty()) ids[random.below(ids.size())] = no_value;
      return;
    default:
      if (!ids.empty())
        ids[random.below(ids.size())] = static_cast<ValueId>(random.below(graph.values.size()));
  }
}

/// As many bytes as the type needs, the old ones first; at most 64 KiB, else the type stays wrong.
void refit_constant(Value& value, Random& random) {
  if (!value.constant || value.type.dtype == DType::string || value.sparsity) return;
  auto elements = value.type.shape.checked_elements();
  auto bytes = elements ? byte_size(value.type.dtype, *elements) : std::move(elements);
  if (!bytes || *bytes > 65536) return;
  std::span<const std::byte> old = value.constant.bytes();
  std::vector<uint64_t> words(static_cast<size_t>(*bytes) / 8 + 1, random.chance(2) ? 0 : ~0ull);
  std::memcpy(words.data(), old.data(), std::min(old.size(), static_cast<size_t>(*bytes)));
  Constant whole = Constant::of(std::move(words));
  value.constant = Constant(whole.owner(), whole.bytes().first(static_cast<size_t>(*bytes)));
}

void spoil_shape(Value& value, Random& random) {
  Shape& shape = value.type.shape;
  value.type.signature = {};
  if (shape.rank() == 0 || random.chance(4))
    shape.push_back(static_cast<int64_t>(random.below(3)));
  else if (random.chance(4))
    shape.erase(static_cast<int>(random.below(static_cast<uint64_t>(shape.rank()))));
  else
    shape[static_cast<int>(random.below(static_cast<uint64_t>(shape.rank())))] =
        random.chance(4) ? std::abs(random.awkward() % 100000)
                         : static_cast<int64_t>(random.below(5));
}

void spoil_constant(Value& value, Random& random) {
  if (!value.constant || value.constant.bytes().empty()) return;
  std::span<const std::byte> old = value.constant.bytes();
  std::vector<uint64_t> words(old.size() / 8 + 1, 0);
  std::memcpy(words.data(), old.data(), old.size());
  auto* bytes = reinterpret_cast<std::byte*>(words.data());
  size_t width = static_cast<size_t>(std::clamp(bits_of(value.type.dtype) / 8, 1, 8));
  size_t place = random.below(old.size()) / width * width;
  int64_t number = random.awkward();
  std::memcpy(bytes + place, &number, std::min(width, old.size() - place));
  Constant whole = Constant::of(std::move(words));
  value.constant = Constant(whole.owner(), whole.bytes().first(old.size()));
}

void spoil_quantization(Value& value, Random& random) {
  auto& quantization = value.type.quantization;
  if (!quantization) {
    quantization = Quantization(0.5f, 0);
    return;
  }
  switch (random.below(5)) {
    case 0:
      quantization.reset();
      return;
    case 1:
      for (float& scale : quantization->scales) scale = std::abs(awkward_real(random));
      return;
    case 2:
      spoil_list(quantization->zero_points, random);
      return;
    case 3:
      quantization->axis = static_cast<int32_t>(random.awkward());
      return;
    default:
      quantization->scales.resize(random.below(4), 0.25f);
  }
}

void spoil_value(Value& value, Random& random) {
  switch (random.below(8)) {
    case 0:
      value.type.dtype = static_cast<DType>(random.below(dtype_count));
      return refit_constant(value, random);
    case 1:
    case 2:
      spoil_shape(value, random);
      return refit_constant(value, random);
    case 3:
      return spoil_quantization(value, random);
    case 4:
      value.is_variable ^= true;
      return;
    case 5:
      value.constant = {};
      return;
    default:
      return spoil_constant(value, random);
  }
}

}  // namespace

void mutate(Model& model, Random& random) {
  for (uint64_t left = 1 + random.below(3); left > 0; --left) {
    Graph& graph = model.graphs[random.below(model.graphs.size())];
    if (graph.values.empty()) continue;
    uint64_t kind = random.below(8);
    if (kind < 3 && !graph.nodes.empty())
      spoil_options(graph.nodes[random.below(graph.nodes.size())], random);
    else if (kind == 3 && !graph.nodes.empty())
      spoil_wiring(graph, graph.nodes[random.below(graph.nodes.size())], random);
    else
      spoil_value(graph.values[random.below(graph.values.size())], random);
  }
}

void mutate(std::vector<std::byte>& file, Random& random) {
  if (file.empty()) return;
  if (random.chance(20)) return file.resize(random.below(file.size()));
  for (uint64_t left = 1 + random.below(6); left > 0; --left) {
    size_t place = random.below(file.size());
    if (random.chance(2)) {
      file[place] = static_cast<std::byte>(random.bits());
      continue;
    }
    int64_t number = random.chance(3) ? static_cast<int64_t>(random.below(64)) : random.awkward();
    place = place / 4 * 4;
    std::memcpy(file.data() + place, &number, std::min<size_t>(4, file.size() - place));
  }
}

}  // namespace wherry::hostile
