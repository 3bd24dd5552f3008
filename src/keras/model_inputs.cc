// Inputs of the graph: from InputLayers, or implied by the first layer of a Sequential model.
#include <algorithm>

#include "keras/input_names.h"
#include "keras/model_import.h"

namespace wherry::keras {
namespace {

/// [None, 28, 28, 1] with -1 for None; nothing when it is no such list.
std::optional<Shape> shape_of(const PyValue& written) {
  if (!written.is_list() || written.items().empty()) return std::nullopt;
  Shape shape;
  for (const PyValue& extent : written.items()) {
    if (!extent.is_none() && !(extent.has_integer() && extent.integer() >= 0)) return std::nullopt;
    shape.push_back(extent.is_none() ? -1 : extent.integer());
  }
  return shape;
}

/// The element type of an input: floats of any width become float32.
Expected<DType> dtype_of_input(const PyValue& written) {
  std::string_view name =
      written.is_dict() ? written.at("config").at("name").text() : written.text();
  if (name.empty() || name.starts_with("float") || name.starts_with("bfloat") ||
      name.starts_with("mixed"))
    return DType::f32;
  constexpr std::pair<std::string_view, DType> known[] = {
      {"int8", DType::i8},    {"int16", DType::i16},    {"int32", DType::i32},
      {"int64", DType::i64},  {"uint8", DType::u8},     {"uint16", DType::u16},
      {"uint32", DType::u32}, {"bool", DType::boolean}, {"string", DType::string}};
  for (const auto& [word, dtype] : known) {
    if (name == word) return dtype;
  }
  return Error{.code = ErrorCode::unsupported,
               .message = "the input's element type is not supported",
               .received = written.shown()};
}

const PyValue& first_written(const PyValue& config, std::initializer_list<std::string_view> keys) {
  for (std::string_view key : keys) {
    if (!config.at(key).is_none()) return config.at(key);
  }
  static const PyValue nothing{};
  return nothing;
}

/// A sparse input becomes its dense form, which holds the same numbers; a ragged one the tensor
/// that it is when all its rows have one length.
void warn_of_form(ImportState& state, const LayerRecord& layer) {
  std::string_view advice = {};
  if (layer.config.at("sparse").truth())
    advice = "is sparse in the model: the file takes its dense form";
  if (layer.config.at("ragged").truth())
    advice =
        "is ragged in the model: the file takes rows of one length, so give it rows of different "
        "lengths one at a time, unpadded";
  if (!advice.empty()) state.warn(cat("input ", quoted(layer.name), " ", advice));
}

}  // namespace

Expected<KerasTensor> make_input(ImportState& state, GraphState& graph, const LayerRecord& layer,
                                 const std::string& name) {
  const PyValue& written = first_written(layer.config, {"batch_shape", "batch_input_shape"});
  auto refuse = [&](ErrorCode code, std::string message, const PyValue& received) {
    return Error{.code = code,
                 .message = std::move(message),
                 .where = cat("input ", quoted(layer.name)),
                 .received = received.shown()};
  };
  warn_of_form(state, layer);
  std::optional<Shape> shape = shape_of(written);
  if (!shape) return refuse(ErrorCode::malformed, "the input has no known shape", written);
  auto dtype = dtype_of_input(first_written(layer.config, {"dtype", "input_dtype"}));
  if (!dtype) return refuse(dtype.error().code, dtype.error().message, layer.config.at("dtype"));
  if (state.options.batch && (*shape)[0] < 0) (*shape)[0] = *state.options.batch;
  graph.names[name]++;
  return KerasTensor{graph.builder.input(name, *dtype, *shape)};
}

Expected<KerasTensor> ModelImport::graph_input(const LayerRecord& layer) {
  return make_input(state_, graph_, layer, input_name(layer, layers_, state_.dialect()));
}

/// An InputLayer with what a Sequential model without one says of its input.
Expected<LayerRecord> ModelImport::implied_input() const {
  LayerRecord first = TRY(first_layer(layers_[0], state_.dialect()));
  std::string name = cat(layers_[0].name, "_input");
  if (first.is_graph()) {
    std::vector<LayerRecord> inner = TRY(layers_of(first, state_.dialect()));
    auto input = std::find_if(inner.begin(), inner.end(),
                              [](const LayerRecord& layer) { return layer.is_input(); });
    if (input != inner.end()) first = *input;
  }
  PyValue options = input_options(first), shape = options.at("batch_shape");
  if (shape.is_none()) shape = model_.config.at("build_input_shape");
  if (shape.is_none()) shape = model_.build_config.at("input_shape");
  if (!shape_of(shape))
    return Error{.code = ErrorCode::unsupported,
                 .message = cat("the file does not say what shape the model's input has"),
                 .where = cat("model ", quoted(model_.name)),
                 .received = shape.is_none() ? "" : shape.shown(),
                 .advice = "give the model an Input layer, or call it once, then save it again"};
  LayerRecord input;
  input.class_name = input.stored_class = "InputLayer";
  input.name = std::move(name);
  input.config = PyValue::dict({{"batch_shape", shape}, {"dtype", options.at("dtype")}});
  return input;
}

}  // namespace wherry::keras
