// Reads --resize, and names it in the errors of models that need it or do not take it.
#include "resizing.h"

#include <algorithm>
#include <sstream>

#include "command.h"
#include "feeding.h"

namespace wherry::cli {
namespace {

Error wrong_shape(const std::string& text) {
  return {.code = ErrorCode::usage,
          .message = "--resize takes NAME=1,224,224,3",
          .received = "'" + text + "'"};
}

Expected<std::vector<int64_t>> parse_shape(const std::string& text) {
  std::vector<int64_t> shape;
  std::stringstream stream(text);
  for (std::string word; std::getline(stream, word, ',');) {
    char* end = nullptr;
    int64_t extent = std::strtoll(word.c_str(), &end, 10);
    bool valid = !word.empty() && *end == '\0' && extent >= 0;
    if (!valid) return wrong_shape(text);
    shape.push_back(extent);
  }
  if (shape.empty()) return wrong_shape(text);
  return shape;
}

/// "input=1,N": N where the extent is open, except for the batch.
std::string example(const Runner& runner, int i) {
  const TensorInfo info = runner.input_info(i);
  std::string text = runner.input_name(i);
  for (size_t axis = 0; axis < info.shape_signature.size(); ++axis) {
    const bool open = axis > 0 && info.shape_signature[axis] < 0;
    text += (axis ? "," : "=") + (open ? "N" : std::to_string(info.shape[axis]));
  }
  return text;
}

}  // namespace

Status resize_inputs(Runner& runner, const std::vector<std::string>& resizes) {
  for (const std::string& text : resizes) {
    auto [name, extents] = name_and_value(text);
    if (name.empty()) return wrong_shape(text);
    std::vector<int64_t> shape = TRY(parse_shape(extents));
    TRY(runner.resize(TRY(find_input(runner, name)), shape));
  }
  return {};
}

Error with_way_out(Error error, const Runner& runner, const std::vector<std::string>& resizes) {
  if (error.code != ErrorCode::invalid_model || !error.advice.empty()) return error;
  for (int i = 0; i < runner.input_count(); ++i) {
    const std::vector<int64_t> signature = runner.input_info(i).shape_signature;
    if (signature.size() < 2 ||
        std::none_of(signature.begin() + 1, signature.end(), [](int64_t d) { return d < 0; }))
      continue;
    error.advice += (error.advice.empty() ? "the model leaves extents of its inputs open; give "
                                            "them with --resize "
                                          : " --resize ") +
                    example(runner, i);
  }
  if (error.advice.empty() && !resizes.empty())
    error.advice = "leave --resize out: the model may run on its own shapes only";
  return error;
}

}  // namespace wherry::cli
