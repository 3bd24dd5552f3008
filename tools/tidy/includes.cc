// Includes go downwards: which folder may include which, and what files of one instruction set may.
#include <regex>

#include "tidy.h"

namespace wherry::tidy {
namespace {

/// A folder, or files of it that have rules of their own, and the folders they may include.
struct Layer {
  const char* files;  ///< regular expression over the path; the first row that matches counts
  std::vector<std::string> may_include;
};

const std::vector<Layer>& layers() {
  static const std::vector<Layer> table = {
      {"tests/.*|src/.*_(test|bench)\\.cc|src/.*_test\\.h", {"*"}},
      {"src/base/.*", {"base", "wherry"}},
      {"src/ir/.*", {"ir", "base"}},
      {"src/ops/.*_fast\\.(cc|h)", {"ops", "ir", "base", "kernels", "runtime"}},
      {"src/ops/.*", {"ops", "ir", "base"}},
      {"src/kernels/.*", {"kernels", "base"}},
      {"src/runtime/.*", {"runtime", "ops", "ir", "base"}},
      {"src/tflite/.*", {"tflite", "ops", "ir", "base"}},
      {"src/passes/.*", {"passes", "ops", "ir", "base"}},
      {"src/keras/.*", {"keras", "ops", "ir", "base"}},
      {"src/data/.*", {"data", "ir", "base"}},
      {"src/quantize/.*", {"quantize", "passes", "runtime", "ops", "ir", "base"}},
      {"src/check/.*", {"check", "ops", "ir", "base"}},
      {"src/convert/.*",
       {"convert", "keras", "passes", "quantize", "tflite", "runtime", "data", "ops", "ir", "base",
        "wherry"}},
      {"src/api/.*", {"*"}},
      {"include/wherry/.*", {"wherry"}},
      {"tools/docgen/.*", {"*"}},
      {"(tools|bindings|examples|benchmarks)/.*", {"wherry"}},
  };
  return table;
}

const Layer* layer_of(const std::string& path) {
  for (const Layer& layer : layers()) {
    if (std::regex_match(path, std::regex(layer.files))) return &layer;
  }
  return nullptr;
}

/// The folder in `#include "folder/..."`, or nothing.
std::string included_folder(const std::string& line) {
  static const std::regex form(R"re(#include "([a-z_]+)/.*\.(h|inc)".*)re");
  std::smatch match;
  return std::regex_match(line, match, form) ? match[1].str() : std::string();
}

bool allows(const Layer& layer, const std::string& folder) {
  for (const std::string& allowed : layer.may_include) {
    if (allowed == "*" || allowed == folder) return true;
  }
  return false;
}

}  // namespace

std::vector<Finding> check_includes(const Tree& tree) {
  std::vector<Finding> findings;
  for (const SourceFile& file : tree.sources) {
    if (!is_cpp(file.path)) continue;
    const Layer* layer = layer_of(file.path);
    if (!layer) {
      findings.push_back({file.path, 0, "lies in a folder without a row in the table of includes"});
      continue;
    }
    for (size_t i = 0; i < file.lines.size(); ++i) {
      std::string folder = included_folder(file.lines[i]);
      if (!folder.empty() && !allows(*layer, folder))
        findings.push_back({file.path, i + 1, "may not include from '" + folder + "/'"});
    }
  }
  return findings;
}

std::vector<Finding> check_instruction_set_files(const Tree& tree) {
  static const std::regex file_form(".*_(avx2|avx512|vnni|amx|neon|wasm)\\.(cc|h)");
  static const std::regex allowed(
      "#include (<(cstddef|cstdint|[a-z0-9]*intrin\\.h|arm_neon\\.h|wasm_simd128\\.h)>|"
      "\"kernels/.*\\.(h|inc)\")");
  std::vector<Finding> findings;
  for (const SourceFile& file : tree.sources) {
    if (!std::regex_match(file.path, file_form)) continue;
    for (size_t i = 0; i < file.lines.size(); ++i) {
      if (starts_with(file.lines[i], "#include") && !std::regex_match(file.lines[i], allowed))
        findings.push_back({file.path, i + 1,
                            "code for one instruction set includes <cstddef>, <cstdint>, the "
                            "intrinsics and kernels/ only: templates of libraries would leak"});
    }
  }
  return findings;
}

}  // namespace wherry::tidy
