// Builds metadata entries.
#include "tflite/metadata.h"

#include <algorithm>
#include <cstring>

#include "tflite/vtable.h"

namespace wherry::tflite {
namespace {

void set_entry(Model& model, std::string name, Constant data) {
  for (MetadataEntry& existing : model.metadata) {
    if (existing.name == name) {
      existing.data = std::move(data);
      return;
    }
  }
  model.metadata.push_back({std::move(name), std::move(data)});
}

/// Environment {tensorflow_version, api_version, model_type, model_hash}, options
/// {model_optimization_modes, ...}.
Constant conversion_metadata(const std::vector<ModelOptimization>& modes) {
  flatbuffers::FlatBufferBuilder builder;
  auto version = builder.CreateString("wherry");
  auto start = builder.StartTable();
  builder.AddOffset(entry(0), version);
  flatbuffers::Offset<void> environment = builder.EndTable(start);
  std::vector<int32_t> numbers;
  for (ModelOptimization mode : modes) numbers.push_back(static_cast<int32_t>(mode));
  flatbuffers::Offset<void> list = builder.CreateVector(numbers).o;
  start = builder.StartTable();
  builder.AddOffset(entry(0), list);
  flatbuffers::Offset<void> options = builder.EndTable(start);
  start = builder.StartTable();
  builder.AddOffset(entry(0), environment);
  builder.AddOffset(entry(1), options);
  builder.Finish(flatbuffers::Offset<flatbuffers::Table>(builder.EndTable(start)));
  std::vector<uint8_t> bytes(builder.GetBufferPointer(),
                             builder.GetBufferPointer() + builder.GetSize());
  return Constant::of(std::move(bytes));
}

}  // namespace

void set_conversion_metadata(Model& model, const std::string& minimum_runtime,
                             const std::vector<ModelOptimization>& modes) {
  std::vector<char> padded(16, '\0');
  std::copy_n(minimum_runtime.begin(), std::min<size_t>(minimum_runtime.size(), 15),
              padded.begin());
  set_entry(model, "min_runtime_version", Constant::of(std::move(padded)));
  set_entry(model, "CONVERSION_METADATA", conversion_metadata(modes));
}

}  // namespace wherry::tflite
