// Converts the digits example, reads the files of others, and makes inputs.
#include "paths/models.h"

#include <filesystem>
#include <fstream>
#include <random>

#include "base/mapped_file.h"
#include "runtime/support.h"
#include "tflite/reader.h"
#include "wherry/converter.h"

namespace wherry::paths {
namespace {

namespace fs = std::filesystem;

const fs::path source = WHERRY_SOURCE_DIR;
const fs::path shared_folder = source / ".." / "shared" / "data" / "models";

constexpr std::pair<std::string_view, Format> formats[] = {{"digits_float32", Format::float32},
                                                           {"digits_float16", Format::float16},
                                                           {"digits_dynamic", Format::dynamic},
                                                           {"digits_int8", Format::int8}};

Expected<std::vector<std::byte>> converted(Format format) {
  const fs::path folder = source / "examples" / "digits";
  ConvertOptions options{.format = format, .verify = false};
  if (format == Format::int8) options.calibrate = (folder / "calibration.npz").string();
  return std::move(TRY(convert((folder / "digits.keras").string(), options)).bytes);
}

Expected<std::vector<std::byte>> bytes_of(const std::string& name) {
  for (const auto& [known, format] : formats)
    if (known == name) return converted(format);
  std::ifstream file(shared_folder / name, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  ENSURE(file && !text.empty(), "cannot read ", name);
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return std::vector<std::byte>(begin, begin + text.size());
}

}  // namespace

std::vector<std::string> committed_models() {
  std::vector<std::string> names;
  for (const auto& [name, format] : formats) names.emplace_back(name);
  return names;
}

std::vector<std::string> shared_models() {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : fs::recursive_directory_iterator(shared_folder, none))
    if (entry.path().extension() == ".tflite")
      names.push_back(entry.path().lexically_relative(shared_folder).string());
  std::sort(names.begin(), names.end());
  if (names.empty()) names.emplace_back();
  return names;
}

Expected<TestModel> model_named(const std::string& name) {
  TestModel result;
  result.bytes = TRY(bytes_of(name));
  Model model = TRY(tflite::read(share(result.bytes)));
  const TensorType& input = model.main().value(model.main().inputs[0]).type;
  result.batches = input.shape.rank() > 1 && input.shape[0] == 1 && !input.fixed(0);
  result.shared = TRY(SharedModel::create(std::move(model)));
  return result;
}

std::string reason_not_to_run(const TestModel& model) {
  const Status supported = check_support(model.shared->model);
  return supported ? std::string() : supported.error().message;
}

std::vector<Tensor> random_inputs(const TestModel& model, uint32_t seed) {
  std::mt19937 random(seed + 1);
  const Graph& graph = model.shared->model.main();
  std::vector<Tensor> inputs;
  for (ValueId id : graph.inputs) {
    Tensor tensor = Tensor::zeros(graph.value(id).type).value();
    const TensorView view = tensor.view();
    if (view.dtype() == DType::f32)
      for (float& element : view.span<float>())
        element = static_cast<float>(random() >> 8) / (1 << 23) - 1.0f;
    else if (bits_of(view.dtype()) == 8)
      for (uint8_t& element : view.span<uint8_t>()) element = static_cast<uint8_t>(random());
    inputs.push_back(std::move(tensor));
  }
  return inputs;
}

}  // namespace wherry::paths
