// Prints graphs in the text form.
#include <cctype>
#include <cstring>

#include "ir/tensor.h"
#include "ir/text.h"
#include "ir/truth.h"

namespace wherry {
namespace {

bool is_plain(std::string_view name) {
  if (name.empty() || name == "-" || std::isdigit(static_cast<unsigned char>(name[0])))
    return false;
  for (char c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && !std::strchr("_/.:;", c)) return false;
  }
  return true;
}

std::string name_text(std::string_view name) {
  if (is_plain(name)) return std::string(name);
  std::string out = "\"";
  for (char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 32 ? '?' : c;
  }
  return out + '"';
}

std::string name_of(const Graph& graph, ValueId id) {
  if (id == no_value) return "-";
  const std::string& name = graph.value(id).name;
  return name.empty() ? cat("v", id) : name_text(name);
}

std::string type_text(const TensorType& type) {
  std::string out = cat(type.dtype, text_of(type.declared_shape()));
  if (!type.quantized()) return out;
  out += "{";
  for (size_t i = 0; i < type.quantization->scales.size(); ++i) {
    out += cat(i ? ", " : "", type.quantization->scales[i], ":", type.zero_point(i));
  }
  if (type.quantization->scales.size() > 1) out += cat(" @", type.quantization->axis);
  return out + "}";
}

std::string elements_text(const Value& value, const PrintOptions& options) {
  std::span<const std::byte> bytes = value.constant.bytes();
  int64_t count = value.type.shape.elements();
  std::string out = "[";
  bool listed =
      count <= options.max_elements && !value.sparsity &&
      for_type<float, double, half, bfloat16, Truth, int8_t, uint8_t, int16_t, uint16_t, int32_t,
               uint32_t, int64_t, uint64_t>(value.type.dtype, [&]<class T>() {
        for (int64_t i = 0; i < count && static_cast<size_t>(i + 1) * sizeof(T) <= bytes.size();
             ++i) {
          T element;
          std::memcpy(&element, bytes.data() + static_cast<size_t>(i) * sizeof(T), sizeof(T));
          if (i) out += ", ";
          if constexpr (std::is_same_v<T, half> || std::is_same_v<T, bfloat16>)
            append(out, static_cast<float>(element));
          else if constexpr (std::is_same_v<T, Truth>)
            append(out, static_cast<bool>(element));
          else if constexpr (sizeof(T) == 1)
            append(out, static_cast<int>(element));
          else
            append(out, element);
        }
      });
  if (listed) return out + "]";
  uint64_t hash = 14695981039346656037u;
  for (std::byte byte : bytes) hash = (hash ^ std::to_integer<uint64_t>(byte)) * 1099511628211u;
  return cat("#", hash);
}

}  // namespace

std::string print_option(const Field& field, const void* data) {
  switch (field.kind) {
    case FieldKind::boolean:
      return cat(field.in<bool>(data));
    case FieldKind::int8:
      return cat(static_cast<int>(field.in<int8_t>(data)));
    case FieldKind::int32:
      return cat(field.in<int32_t>(data));
    case FieldKind::int64:
      return cat(field.in<int64_t>(data));
    case FieldKind::uint32:
      return cat(field.in<uint32_t>(data));
    case FieldKind::real:
      return cat(field.in<float>(data));
    case FieldKind::text:
      return name_text(field.in<std::string>(data));
    case FieldKind::bytes: {
      std::vector<int> numbers(field.in<Bytes>(data).begin(), field.in<Bytes>(data).end());
      return cat(numbers);
    }
    case FieldKind::int32_list:
      return cat(field.in<std::vector<int32_t>>(data));
    case FieldKind::int64_list:
      return cat(field.in<std::vector<int64_t>>(data));
    case FieldKind::real_list:
      return cat(field.in<std::vector<float>>(data));
    case FieldKind::enumeration: {
      size_t index = static_cast<size_t>(field.in<int8_t>(data));
      return index < field.names.size() ? std::string(field.names[index]) : cat(index);
    }
    case FieldKind::dtype:
      return cat(field.in<DType>(data));
  }
  return {};
}

std::string print_options(const Attributes& attributes) {
  if (!attributes.type()) return {};
  std::string out;
  std::shared_ptr<void> defaults = attributes.type()->make();
  for (const Field& field : attributes.type()->fields) {
    std::string text = print_option(field, attributes.data());
    if (text == print_option(field, defaults.get())) continue;
    out += cat(out.empty() ? "" : ", ", field.name, "=", text);
  }
  return out;
}

std::string print(const Graph& graph, const Node& node) {
  std::string out = cat(node.op->name, "(");
  for (size_t i = 0; i < node.inputs.size(); ++i)
    out += cat(i ? ", " : "", name_of(graph, node.inputs[i]));
  out += ")";
  std::string options = print_options(node.attributes);
  if (!options.empty()) out += cat(" {", options, "}");
  return out;
}

std::string print(const Graph& graph, const PrintOptions& options) {
  std::string out = cat("graph ", name_text(graph.name.empty() ? "main" : graph.name), "(");
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    out += cat(i ? ", " : "", name_of(graph, graph.inputs[i]), ": ",
               type_text(graph.value(graph.inputs[i]).type));
  }
  out += ") -> (";
  for (size_t i = 0; i < graph.outputs.size(); ++i)
    out += cat(i ? ", " : "", name_of(graph, graph.outputs[i]));
  out += ") {\n";
  std::vector<bool> shown(graph.values.size(), false);
  auto show_constant = [&](ValueId id) {
    if (id == no_value || shown[static_cast<size_t>(id)]) return;
    const Value& value = graph.value(id);
    shown[static_cast<size_t>(id)] = true;
    if (value.constant)
      out += cat("  ", name_of(graph, id), " = const ", type_text(value.type), " ",
                 elements_text(value, options), "\n");
    else if (value.is_variable)
      out += cat("  ", name_of(graph, id), " = variable ", type_text(value.type), "\n");
  };
  for (const Node& node : graph.nodes) {
    for (ValueId id : node.inputs) show_constant(id);
    out += "  ";
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      ValueId id = node.outputs[i];
      out += cat(i ? ", " : "", name_of(graph, id), id == no_value ? "" : ": ",
                 id == no_value ? "" : type_text(graph.value(id).type));
    }
    out += cat(" = ", print(graph, node), "\n");
  }
  for (ValueId id : graph.outputs) show_constant(id);
  return out + "}\n";
}

std::string print(const Model& model, const PrintOptions& options) {
  std::string out;
  for (const Graph& graph : model.graphs) out += print(graph, options);
  return out;
}

}  // namespace wherry
