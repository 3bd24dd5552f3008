// Chooses inputs for the source graph and keeps its answers.
#include <algorithm>
#include <thread>

#include "convert/smaller_pictures.h"
#include "convert/verify.h"
#include "data/batches.h"
#include "ir/open_extents.h"
#include "runtime/frugal_run.h"

namespace wherry {
namespace {

/// Enough that a format's rounding is judged by many numbers, few enough to take no time.
constexpr size_t most_samples = 8;
/// Tried in turn for extents that the model leaves open, the batch excepted: some networks need
/// larger pictures than most, some know no longer sequences.
constexpr int64_t open_extents[] = {32, 96, 256, 10, 1};

Expected<Tensor> made_up_texts(const TensorType& type) {
  std::vector<std::string> texts(static_cast<size_t>(type.shape.elements()));
  for (size_t i = 0; i < texts.size(); ++i) texts[i] = cat("text ", i % 3);
  std::vector<std::byte> bytes = string_bytes(texts);
  Tensor tensor = TRY(Tensor::sized(type, bytes.size()));
  std::copy(bytes.begin(), bytes.end(), tensor.buffer.data());
  return tensor;
}

/// Values in [-1, 1) for floats; 0 and 1 for integers, as class and token numbers are.
Expected<Tensor> made_up(TensorType type, int64_t open_extent) {
  for (int axis = 1; axis < type.shape.rank(); ++axis) {
    if (!type.fixed(axis)) type.shape[axis] = open_extent;
  }
  type.signature = {};
  if (type.dtype == DType::string) return made_up_texts(type);
  Tensor tensor = TRY(Tensor::zeros(type));
  uint64_t state = 12345;
  auto next = [&] { return (state = state * 6364136223846793005u + 1442695040888963407u) >> 40; };
  for_type<float, bool, int8_t, uint8_t, int16_t, uint16_t, int32_t, int64_t>(
      type.dtype, [&]<class T>() {
        for (T& element : tensor.view().span<T>()) {
          if constexpr (std::is_same_v<T, float>)
            element = static_cast<float>(next()) / (1 << 23) - 1.0f;
          else
            element = static_cast<T>(next() % 2);
        }
      });
  return tensor;
}

Expected<Probe::Sample> answered(const Model& source, std::vector<Tensor> inputs, size_t threads) {
  std::vector<TensorView> views;
  for (const Tensor& tensor : inputs) views.push_back(tensor.view());
  SessionOptions session;
  session.plan.threads = threads;
  std::vector<Tensor> outputs = TRY(run_frugally(source, views, session));
  return Probe::Sample{std::move(inputs), std::move(outputs)};
}

Expected<Probe::Sample> made_up_sample(const Model& source, int64_t extent, size_t threads) {
  std::vector<Tensor> inputs;
  for (ValueId id : source.main().inputs)
    inputs.push_back(TRY(made_up(source.main().value(id).type, extent)));
  return answered(source, std::move(inputs), threads);
}

/// False when the model takes pictures of its own size only.
bool probe_with_smaller(const Model& source, size_t threads, int64_t divisor, Probe& probe) {
  std::vector<Tensor> inputs;
  for (ValueId id : source.main().inputs) {
    TensorType type = source.main().value(id).type;
    type.shape = smaller_picture(type, divisor);
    auto input = made_up(type, open_extents[0]);
    if (!input) return false;
    inputs.push_back(std::move(*input));
  }
  auto sample = answered(with_open_extents(source), std::move(inputs), threads);
  if (!sample) return false;
  probe.samples.push_back(std::move(*sample));
  probe.divisor = divisor;
  return true;
}

void probe_with_made_up(const Model& source, size_t threads, Probe& probe) {
  for (int64_t extent : open_extents) {
    auto sample = made_up_sample(source, extent, threads);
    if (sample) {
      probe.samples.push_back(std::move(*sample));
      probe.skipped.clear();
      return;
    }
    probe.skipped = sample.error().message;
    if (!has_open_inputs(source.main())) return;
  }
}

Status probe_with_data(const Model& source, const ConvertOptions& options, size_t threads,
                       Probe& probe) {
  Dataset data = TRY(Dataset::open(options.calibrate, TRY(parse_preprocess(options.preprocess))));
  const Batches runs = Batches::spread(data, input_specs(source),
                                       std::min(most_samples, options.calibration_samples));
  for (size_t i = 0; i < runs.size(); ++i)
    probe.samples.push_back(TRY(answered(source, TRY(runs.run(i)), threads)));
  return {};
}

}  // namespace

std::vector<std::string> input_names(const Model& model) {
  std::vector<std::string> names;
  for (ValueId id : model.main().inputs) {
    names.push_back(model.main().value(id).name);
    for (const Signature& signature : model.signatures) {
      for (const Signature::Entry& entry : signature.inputs) {
        if (signature.graph == 0 && entry.value == id) names.back() = entry.name;
      }
    }
  }
  return names;
}

std::vector<InputSpec> input_specs(const Model& model) {
  std::vector<InputSpec> specs;
  std::vector<std::string> names = input_names(model);
  for (size_t i = 0; i < names.size(); ++i)
    specs.push_back({names[i], model.main().value(model.main().inputs[i]).type});
  return specs;
}

size_t threads_of(const ConvertOptions& options) {
  unsigned all = std::max(1u, std::thread::hardware_concurrency());
  return options.threads > 0 ? static_cast<size_t>(options.threads) : all;
}

Expected<Probe> probe_source(const Model& source, const ConvertOptions& options, size_t threads,
                             int64_t divisor) {
  Probe probe;
  for (ValueId id : source.main().outputs)
    probe.output_names.push_back(source.main().value(id).name);
  bool made_up = options.calibrate.empty();
  if (made_up && divisor > 1 && probe_with_smaller(source, threads, divisor, probe)) return probe;
  if (made_up)
    probe_with_made_up(source, threads, probe);
  else
    TRY(probe_with_data(source, options, threads, probe));
  return probe;
}

}  // namespace wherry
