// Recognises the files that people take for Keras models by the bytes they begin with.
#include "keras/reader/foreign_file.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/text.h"

namespace wherry::keras {

bool is_yaml(std::string_view text) {
  return text.starts_with("backend:") || text.starts_with("class_name:");
}

namespace {

constexpr std::string_view save_as_keras = "save the model with model.save('model.keras')";
constexpr std::string_view rebuild =
    "build the network in Keras, copy its weights into that, and save it with "
    "model.save('model.keras')";
constexpr std::string_view load_and_save =
    "load it in Python and save it with "
    "model.save('model.keras')";

struct Kind {
  bool (*is)(std::string_view text);
  std::string_view message, advice;
};

bool begins_with_any(std::string_view text, std::initializer_list<std::string_view> starts) {
  return std::any_of(starts.begin(), starts.end(),
                     [&](std::string_view start) { return text.starts_with(start); });
}

std::string_view without_space(std::string_view text) {
  size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

bool is_tflite(std::string_view text) { return text.size() >= 8 && text.substr(4, 4) == "TFL3"; }
bool is_cut_zip(std::string_view text) { return text.starts_with("PK\3\4"); }
bool is_compressed(std::string_view text) {
  return begins_with_any(text, {"\x1f\x8b", "BZh",
                                "\xfd"
                                "7zXZ",
                                "7z\xbc\xaf", "Rar!"}) ||
         (text.size() > 262 && text.substr(257, 5) == "ustar");
}
bool is_pointer(std::string_view text) {
  return text.starts_with("version https://git-lfs.github.com/");
}
bool is_page(std::string_view text) { return without_space(text).starts_with('<'); }
bool is_pickle(std::string_view text) {
  return text.size() > 2 && text[0] == '\x80' && text[1] >= 2 && text[1] <= 5;
}
bool is_json(std::string_view text) { return without_space(text).starts_with('{'); }
bool is_browser_model(std::string_view text) {
  return is_json(text) && text.substr(0, 4096).find("\"modelTopology\"") != std::string_view::npos;
}
/// A length of eight bytes, then a table in JSON.
bool is_safetensors(std::string_view text) {
  return text.size() > 9 && text.substr(5, 3) == std::string_view("\0\0\0", 3) &&
         text.substr(8, 2).find('{') == 0;
}
/// Protocol buffers: the version of the format, then the first field of a model.
bool is_saved_model(std::string_view text) {
  return text.starts_with(std::string_view("\x08\x01\x12", 3));
}
bool is_onnx(std::string_view text) {
  return text.size() > 3 && text[0] == '\x08' && text[1] > 0 && text[1] < 32 &&
         std::string_view("\x12\x1a\x22\x2a\x32\x3a\x42").find(text[2]) != std::string_view::npos;
}
/// Nodes, the first of which begins with its name.
bool is_frozen_graph(std::string_view text) {
  std::string_view start = text.substr(0, 4096);
  return text.size() > 4 && text.starts_with('\n') &&
         (start.substr(2, 2).find('\n') != std::string_view::npos) &&
         (start.find("Placeholder") != std::string_view::npos ||
          start.find("Const") != std::string_view::npos);
}
bool is_anything(std::string_view) { return true; }

constexpr Kind kinds[] = {
    {is_tflite, "this is a .tflite model already, not a Keras file",
     "give the .keras or .h5 file it was made from"},
    {is_cut_zip, "the .keras file is cut off: the end of its zip archive is missing",
     "copy or download the file again"},
    {is_compressed, "this is a compressed archive, not a Keras file",
     "unpack it, and give the .keras or .h5 file in it"},
    {is_pointer, "this is a pointer of Git LFS to the file, not the file itself",
     "fetch the file: git lfs pull"},
    {is_page, "this is a web page, not a Keras file", "download the file itself"},
    {is_pickle, "this is a Python pickle, as PyTorch and scikit-learn write them", rebuild},
    {is_browser_model, "this is a model of TensorFlow.js",
     "convert the Keras file that it was made from"},
    {is_json, "this is text in JSON, without weights",
     "if it describes a model, give the .h5 file of its weights, and this file by --config"},
    {is_yaml, "this is a description of a model in YAML, without weights",
     "load it in Python with its weights, and save it with model.save('model.keras')"},
    {is_safetensors, "these are weights in the safetensors format, without the layers", rebuild},
    {is_saved_model,
     "this is the graph of a TensorFlow SavedModel, which is traced and has no layers",
     load_and_save},
    {is_onnx, "this looks like an ONNX model, which has no layers of Keras", rebuild},
    {is_frozen_graph, "this looks like a frozen TensorFlow graph, which has no layers of Keras",
     "save the model that it was made from with model.save('model.keras')"},
    {is_anything, "this is neither an .h5 nor a .keras file", save_as_keras}};

Error refusal(std::string_view message, std::string_view advice) {
  return {
      .code = ErrorCode::malformed, .message = std::string(message), .advice = std::string(advice)};
}

}  // namespace

Error foreign_file(std::span<const std::byte> bytes) {
  if (bytes.empty()) return refusal("the file is empty", "copy or save the model again");
  std::string_view text = as_text(bytes);
  const Kind* kind = std::find_if(std::begin(kinds), std::end(kinds),
                                  [&](const Kind& candidate) { return candidate.is(text); });
  return refusal(kind->message, kind->advice);
}

Error foreign_archive(std::span<const std::string_view> names) {
  auto holds = [&](std::string_view ending) {
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
      return name == ending || name.ends_with(std::string("/").append(ending));
    });
  };
  if (holds("data.pkl"))
    return refusal("this is a PyTorch file, which has no layers of Keras", rebuild);
  if (holds("saved_model.pb"))
    return refusal("this is a TensorFlow SavedModel, which holds a traced graph and no layers",
                   load_and_save);
  for (std::string_view name : names) {
    if (!name.ends_with(".keras") && !name.ends_with(".h5")) continue;
    if (name == "model.weights.h5")
      return refusal("this holds only the weights of a model: it has no 'config.json'",
                     "give the .keras file that model.save('model.keras') wrote");
    return {.code = ErrorCode::malformed,
            .message = "this is an archive of other files, not a Keras file",
            .received = quoted(name),
            .advice = "unpack it, and give that file"};
  }
  return refusal("this is not a Keras model: it has no 'config.json'",
                 "give the .keras file that model.save('model.keras') wrote");
}

}  // namespace wherry::keras
