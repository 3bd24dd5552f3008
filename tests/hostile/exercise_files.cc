// Runs files of every kind through the parts of the program that read them.
#include "hostile/exercise_files.h"

#include "data/idx.h"
#include "data/image.h"
#include "data/npy.h"
#include "hostile/exercise.h"
#include "ir/verifier.h"
#include "keras/import.h"
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

Expected<std::string> convert(std::span<const std::byte> bytes, uint64_t seed) {
  keras::SavedModel saved = TRY(keras::read_saved_model(copy_of(bytes)));
  keras::ImportedModel imported = TRY(keras::import_model(saved));
  TRY(verify(imported.model));
  TRY(run_passes(imported.model, float_pipeline()));
  TRY(reduce(imported.model, seed));
  tflite::WrittenModel written = TRY(tflite::write(imported.model));
  ENSURE_CODE(ErrorCode::too_large, written.size() < (1 << 26), "too large for this test");
  return run_file(written.bytes(), seed);
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
    {".idx", exercise_idx},       {".gz", exercise_idx},
};

}  // namespace

std::string convert_file(std::span<const std::byte> bytes, uint64_t seed) {
  auto outcome = convert(bytes, seed);
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
