// Groups samples to the batch that a model fixes.
#include "data/batches.h"

#include <algorithm>
#include <cstring>

namespace wherry {
namespace {

/// The batch that every input fixes; 1 when they do not agree, or leave it open.
int64_t fixed_batch(const std::vector<InputSpec>& inputs) {
  int64_t batch = 0;
  for (const InputSpec& input : inputs) {
    const TensorType& type = input.type;
    if (type.shape.rank() == 0 || !type.fixed(0)) return 1;
    if (batch != 0 && batch != type.shape[0]) return 1;
    batch = type.shape[0];
  }
  return std::max<int64_t>(batch, 1);
}

/// Whether the first sample is as much as a run takes.
bool is_whole_run(const Dataset& dataset, const std::vector<InputSpec>& inputs, int64_t batch) {
  if (dataset.size() == 0) return true;
  auto tensors = dataset.sample(0, inputs);
  return tensors && std::all_of(tensors->begin(), tensors->end(), [&](const Tensor& tensor) {
           return tensor.type.shape[0] == batch;
         });
}

std::vector<InputSpec> of_one_sample(std::vector<InputSpec> inputs) {
  for (InputSpec& input : inputs) {
    input.type.shape[0] = 1;
    if (input.type.signature.rank() > 0) input.type.signature[0] = 1;
  }
  return inputs;
}

/// One behind the other along the first axis.
Expected<Tensor> joined(const std::vector<Tensor>& parts, const InputSpec& input) {
  TensorType type = parts[0].type;
  ENSURE_CODE(ErrorCode::unsupported, type.dtype != DType::string, "the input ", quoted(input.name),
              " takes texts, which are not grouped to a batch; leave the "
              "batch of the model open");
  for (const Tensor& part : parts) {
    ENSURE_CODE(ErrorCode::invalid_data, part.type.shape == type.shape,
                "the samples for the input ", quoted(input.name), " have the shapes ", type.shape,
                " and ", part.type.shape,
                "; those of one batch need one shape: pad them, or leave the batch of the model "
                "open");
  }
  type.shape[0] = static_cast<int64_t>(parts.size());
  Tensor whole = TRY(Tensor::zeros(type));
  std::byte* to = whole.view().data;
  for (const Tensor& part : parts) {
    TensorView view = part.view();
    if (view.bytes) std::memcpy(to, view.data, view.bytes);
    to += view.bytes;
  }
  return whole;
}

}  // namespace

Batches::Batches(const Dataset& dataset, std::vector<InputSpec> inputs)
    : dataset_(&dataset), inputs_(std::move(inputs)), batch_(1) {
  const int64_t batch = fixed_batch(inputs_);
  if (batch == 1 || is_whole_run(dataset, inputs_, batch)) return;
  inputs_ = of_one_sample(std::move(inputs_));
  batch_ = static_cast<size_t>(batch);
}

Batches Batches::spread(const Dataset& dataset, std::vector<InputSpec> inputs, size_t count) {
  Batches batches(dataset, std::move(inputs));
  count = std::min(count, dataset.size());
  count = (count + batches.batch_ - 1) / batches.batch_ * batches.batch_;
  batches.chosen_ = dataset.spread(std::min(count, dataset.size()));
  return batches;
}

Batches Batches::from(const Dataset& dataset, std::vector<InputSpec> inputs, size_t first) {
  Batches batches(dataset, std::move(inputs));
  for (size_t i = 0; i < std::min(batches.batch_, dataset.size()); ++i)
    batches.chosen_.push_back((first + i) % dataset.size());
  return batches;
}

Expected<std::vector<Tensor>> Batches::sample(size_t i) const {
  return dataset_->sample(chosen_[i % chosen_.size()], inputs_);
}

Expected<std::vector<Tensor>> Batches::run(size_t i) const {
  if (batch_ == 1) return sample(i);
  std::vector<std::vector<Tensor>> parts(inputs_.size());
  for (size_t k = 0; k < batch_; ++k) {
    std::vector<Tensor> tensors = TRY(sample(i * batch_ + k));
    for (size_t input = 0; input < tensors.size(); ++input)
      parts[input].push_back(std::move(tensors[input]));
  }
  std::vector<Tensor> result;
  for (size_t input = 0; input < parts.size(); ++input)
    result.push_back(TRY(joined(parts[input], inputs_[input])));
  return result;
}

}  // namespace wherry
