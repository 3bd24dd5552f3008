// Matches layers against patterns, and operators against releases.
#include "convert/limits.h"

#include <algorithm>
#include <regex>
#include <set>

#include "tflite/writer.h"

namespace wherry {
namespace {

Expected<std::regex> pattern_of(const std::string& text) {
  try {
    return std::regex(text);
  } catch (const std::regex_error&) {
    return Error{.code = ErrorCode::usage,
                 .message = "--keep-float takes a regular expression",
                 .received = text};
  }
}

/// A pattern that keeps nothing is a slip of the pen.
Status check_matches(const Model& model, const std::regex& pattern, const std::string& text) {
  std::set<std::string> layers;
  for (const Node& node : model.main().nodes) {
    if (std::regex_search(node.origin.layer, pattern)) return {};
    layers.insert(node.origin.layer);
  }
  std::string known;
  for (const std::string& layer : layers) {
    if (known.size() > 300) {
      known += ", ...";
      break;
    }
    known += (known.empty() ? "" : ", ") + wherry::quoted(layer);
  }
  return Error{.code = ErrorCode::usage,
               .message = "--keep-float matches no layer of the simplified model",
               .received = text,
               .advice = cat("its layers: ", known)};
}

}  // namespace

Expected<quantize::KeepFloat> keep_float(const Model& model, const ConvertOptions& options) {
  std::vector<std::regex> patterns;
  for (const std::string& text : options.keep_float) {
    patterns.push_back(TRY(pattern_of(text)));
    TRY(check_matches(model, patterns.back(), text));
  }
  if (patterns.empty()) return quantize::KeepFloat();
  return quantize::KeepFloat([patterns](const Node& node) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::regex& pattern) {
      return std::regex_search(node.origin.layer, pattern);
    });
  });
}

Status check_target(const Model& model, const ConvertOptions& options) {
  if (options.target_runtime.empty()) return {};
  std::map<std::string, Error> refused;
  std::string newest;
  for (const Graph& graph : model.graphs) {
    for (const Node& node : graph.nodes) {
      std::string_view needed = tflite::runtime_of(graph, node);
      if (!tflite::is_newer_release(needed, options.target_runtime)) continue;
      if (newest.empty() || tflite::is_newer_release(needed, newest)) newest = needed;
      std::string what = cat(node.op->name, " version ", tflite::version_of(graph, node));
      refused.try_emplace(what, Error{.code = ErrorCode::unsupported,
                                      .message = cat(what, " needs release ", needed),
                                      .where = cat("layer ", wherry::quoted(node.origin.layer))});
    }
  }
  if (refused.empty()) return {};
  Error error{.code = ErrorCode::unsupported,
              .message = cat("the converted model does not run on TensorFlow Lite ",
                             options.target_runtime),
              .advice = cat("give --target-runtime ", newest,
                            " where that release may be used, or choose another format, or leave "
                            "--per-channel-dense out if it was given")};
  for (auto& [what, detail] : refused) error.details.push_back(std::move(detail));
  return error;
}

}  // namespace wherry
