// Runs files of every kind through the parts of the program that read them.
#include "hostile/exercise_files.h"

#include <nlohmann/json.hpp>

#include "data/idx.h"
#include "data/image.h"
#include "data/npy.h"
#include "hostile/exercise.h"
#include "ir/verifier.h"
#include "keras/import.h"
#include "keras/reader/load_weights.h"
#include "keras/recipe.h"
#include "passes/runner.h"
#include "quantize/quantize.h"
#include "tflite/reader.h"
#include "tflite/writer.h"
#include "wherry/interpreter.h"

namespace wherry::hostile {
namespace {

SharedBytes copy_of(std::span<const std::byte> bytes) {
  return share({bytes.begin(), bytes.end()});
}

Status reduce(Model& model, uint64_t seed) {
  quantize::Warnings warnings;
  if (seed % 3 == 0) return quantize::to_float16(model, {}, warnings);
  if (seed % 3 == 1) return quantize::to_dynamic_range(model, {}, warnings);
  return {};
}

Expected<std::string> convert(const keras::SavedModel& saved, const keras::ImportOptions& options,
                              uint64_t seed) {
  keras::ImportedModel imported = TRY(keras::import_model(saved, options));
  TRY(verify(imported.model));
  TRY(run_passes(imported.model, float_pipeline()));
  TRY(reduce(imported.model, seed));
  tflite::WrittenModel written = TRY(tflite::write(imported.model));
  ENSURE_CODE(ErrorCode::too_large, written.size() < (1 << 26), "too large for this test");
  return run_file(written.bytes(), seed);
}

/// What a recipe file is for: two layers of a class that is not known, with two weights each.
keras::SavedModel foreign_model() {
  constexpr std::string_view config = R"({"class_name": "Sequential", "config": {"name": "small",
    "layers": [
      {"class_name": "InputLayer",
       "config": {"name": "x", "dtype": "float32", "batch_shape": [null, 4]}},
      {"class_name": "Demo>Mix", "config": {"name": "first", "width": 4, "rate": 0.5}},
      {"class_name": "Demo>Mix", "config": {"name": "second", "width": 4, "rate": -1}}]}})";
  keras::WeightTree tree;
  tree.named = true;
  for (const char* layer : {"first", "second"}) {
    keras::WeightGroup& group = tree.root.groups.emplace_back();
    group.key = group.name = layer;
    auto add = [&](const char* name, Shape shape) {
      keras::Weight& weight = group.weights.emplace_back();
      weight.path = cat(layer, "/", name);
      weight.shape = shape;
      weight.data = Constant::of(std::vector<float>(static_cast<size_t>(shape.elements()), 0.5f));
    };
    add("table:0", {4, 4});
    add("shift:0", {4});
  }
  keras::finish_tree(tree);
  keras::SavedModel saved;
  saved.dialect = keras::Dialect::keras2;
  saved.config = std::make_shared<nlohmann::json>(nlohmann::json::parse(config));
  saved.weights = keras::WeightScope(std::make_shared<const keras::WeightTree>(std::move(tree)));
  return saved;
}

Expected<std::string> convert_by_recipe(std::span<const std::byte> bytes, uint64_t seed) {
  keras::Recipes recipes =
      TRY(keras::Recipes::parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
  return convert(foreign_model(), {.recipes = &recipes}, seed);
}

Expected<std::string> convert(std::span<const std::byte> bytes, uint64_t seed) {
  return convert(TRY(keras::read_saved_model(copy_of(bytes))), {}, seed);
}

Expected<std::string> look(std::span<const std::byte> bytes) {
  v1::Model model = TRY(v1::Model::load(bytes));
  size_t count = model.signatures().size() + model.metadata().size();
  for (int g = 0; g < model.graph_count(); ++g) {
    v1::GraphInfo graph = model.graph(g);
    for (const v1::TensorInfo& tensor : graph.tensors)
      count += model.constant(g, tensor.index).size();
    count += graph.nodes.size();
  }
  v1::Interpreter interpreter =
      TRY(v1::Interpreter::create(model, {.max_memory_bytes = 1 << 20, .max_steps = 1000}));
  TRY(interpreter.prepare());
  (void)interpreter.plan();
  (void)interpreter.memory();
  return std::string();
}

std::string exercise_tflite(std::span<const std::byte> bytes, uint64_t seed) {
  if (seed % 8 == 0) return look_at_file(bytes);
  return run_file(bytes, seed);
}
std::string exercise_npz(std::span<const std::byte> bytes, uint64_t) { return read_npz(bytes); }
std::string exercise_picture(std::span<const std::byte> bytes, uint64_t) {
  return read_picture(bytes);
}
std::string exercise_idx(std::span<const std::byte> bytes, uint64_t) { return read_idx(bytes); }

constexpr FileKind kinds[] = {
    {".tflite", exercise_tflite}, {".keras", convert_file},   {".h5", convert_file},
    {".npz", exercise_npz},       {".npy", exercise_npz},     {".png", exercise_picture},
    {".jpg", exercise_picture},   {".bmp", exercise_picture}, {"-ubyte", exercise_idx},
    {".idx", exercise_idx},       {".gz", exercise_idx},      {".recipe.json", use_recipe},
};

}  // namespace

std::string convert_file(std::span<const std::byte> bytes, uint64_t seed) {
  auto outcome = convert(bytes, seed);
  return outcome ? *outcome : outcome.error().text();
}

std::string use_recipe(std::span<const std::byte> bytes, uint64_t seed) {
  auto outcome = convert_by_recipe(bytes, seed);
  return outcome ? *outcome : outcome.error().text();
}

std::string look_at_file(std::span<const std::byte> bytes) {
  auto outcome = look(bytes);
  return outcome ? *outcome : outcome.error().text();
}

std::string read_npz(std::span<const std::byte> bytes) {
  auto arrays = parse_npz(copy_of(bytes));
  auto array = parse_npy(copy_of(bytes));
  return arrays || array ? "" : arrays.error().text();
}

std::string read_picture(std::span<const std::byte> bytes) {
  auto image = decode_image(bytes);
  if (!image) return image.error().text();
  (void)resized(*image, 5, 3, 1);
  return {};
}

std::string read_idx(std::span<const std::byte> bytes) {
  if (!is_idx(bytes)) return "no IDX file";
  auto tensor = parse_idx(bytes);
  return tensor ? "" : tensor.error().text();
}

const FileKind* kind_of(std::string_view path) {
  for (const FileKind& kind : kinds) {
    if (path.ends_with(kind.extension)) return &kind;
  }
  return nullptr;
}

}  // namespace wherry::hostile
