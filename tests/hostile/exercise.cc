// Makes up inputs, and runs models by both engines.
#include "hostile/exercise.h"

#include <algorithm>

#include "base/cpu.h"
#include "base/mapped_file.h"
#include "hostile/random.h"
#include "ops/evaluate.h"
#include "runtime/session.h"
#include "tflite/reader.h"

namespace wherry::hostile {
namespace {

Expected<Tensor> made_up(const TensorType& type, Random& random, int64_t max_bytes) {
  int64_t elements = TRY(type.shape.checked_elements());
  int64_t bytes = TRY(byte_size(type.dtype, elements));
  ENSURE_CODE(ErrorCode::too_large, std::max(bytes, elements) <= max_bytes, "an input of ",
              elements, " elements is too large for this test");
  if (type.dtype == DType::string) {
    std::vector<std::string> strings(static_cast<size_t>(elements));
    for (std::string& text : strings) text = random.chance(2) ? "a b c" : "";
    std::vector<std::byte> packed = string_bytes(strings);
    Tensor tensor = TRY(Tensor::sized(type, packed.size()));
    std::copy(packed.begin(), packed.end(), tensor.buffer.data());
    return tensor;
  }
  Tensor tensor = TRY(Tensor::zeros(type));
  bool small = random.chance(2);
  for (size_t i = 0; i < tensor.buffer.size(); ++i)
    tensor.buffer.data()[i] = static_cast<std::byte>(small ? random.below(4) == 3 : random.bits());
  if (type.dtype == DType::boolean) {
    for (size_t i = 0; i < tensor.buffer.size(); ++i) tensor.buffer.data()[i] &= std::byte{1};
  }
  return tensor;
}

Expected<std::vector<Tensor>> made_up_inputs(const Model& model, uint64_t seed, int64_t max_bytes) {
  Random random(seed);
  std::vector<Tensor> inputs;
  for (ValueId id : model.main().inputs)
    inputs.push_back(TRY(made_up(model.main().value(id).type, random, max_bytes)));
  return inputs;
}

}  // namespace

std::string run_model(const Model& model, uint64_t seed, Limits limits) {
  auto inputs = made_up_inputs(model, seed, limits.bytes);
  if (!inputs) return inputs.error().text();
  std::vector<TensorView> views;
  for (const Tensor& tensor : *inputs) views.push_back(tensor.view());
  Evaluator evaluator(model, {.max_steps = limits.steps, .max_bytes = limits.bytes});
  auto outputs = evaluator.run(views);
  bool too_large = !outputs && outputs.error().code == ErrorCode::too_large;
  if (!too_large) {
    // The planner with fast kernels of some instruction set, or with reference kernels alone.
    constexpr Cpu levels[] = {cpu::none, cpu::avx2, cpu::avx512, cpu::vnni};
    Cpu level = levels[(seed / 2) % 4];
    SessionOptions options{.max_steps = limits.steps};
    options.plan.fast = seed % 4 != 0;
    options.plan.cpu = cpu::detect().has(level) ? level : cpu::detect();
    options.plan.max_bytes = 4 * limits.bytes;
    Session session(std::make_shared<SharedModel>(model), options);
    (void)session.run(views);
  }
  return outputs ? std::string() : outputs.error().text();
}

std::string run_file(std::span<const std::byte> bytes, uint64_t seed, Limits limits) {
  auto model = tflite::read(share({bytes.begin(), bytes.end()}));
  if (!model) return model.error().text();
  return run_model(*model, seed, limits);
}

}  // namespace wherry::hostile
