// Words and JSON for what a model answers.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "wherry/interpreter.h"

namespace wherry::cli {

class Answers {
 public:
  /// `top` classes of each sample, named by `labels` where they go so far; 0: the plain numbers.
  Answers(size_t top, std::vector<std::string> labels) : top_(top), labels_(std::move(labels)) {}

  void add(const Runner& runner, int output);
  const std::string& text() const { return text_; }
  /// One object for each output.
  const nlohmann::json& json() const { return json_; }

 private:
  void add_classes(std::span<const float> scores, size_t samples, nlohmann::json& json);
  void add_numbers(std::span<const float> values);

  size_t top_;
  std::vector<std::string> labels_;
  std::string text_;
  nlohmann::json json_ = nlohmann::json::array();
};

}  // namespace wherry::cli
