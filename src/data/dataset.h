// What users feed in: arrays, folders of pictures, IDX files and lists of these, as samples that
// fit a model.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/preprocess.h"
#include "ir/tensor.h"

namespace wherry {

/// One model input as a sample must fit it; extents that are not fixed take the sample's own.
struct InputSpec {
  std::string name;
  TensorType type;
};

/// A picture on disk or one step along axis 0 of arrays; labels are class numbers, -1 when unknown.
class Dataset {
 public:
  /// `path`: .npy, .npz, IDX (also .gz), a picture, a folder (its sub-folders are classes in sorted
  /// order), or a text file with one of these a line, optionally followed by a tab and a class
  /// number. Errors: cannot_read, malformed, unsupported.
  static Expected<Dataset> open(const std::string& path, const Preprocess& preprocess = {});

  size_t size() const { return samples_.size(); }
  bool labelled() const;
  /// Whether there is what the preprocessing is for: pictures, or arrays of uint8.
  bool has_pixels() const;
  int label(size_t i) const { return samples_[i].label; }
  /// Names of the sub-folders, in order; empty without any.
  const std::vector<std::string>& classes() const { return classes_; }
  /// The words for what "auto" makes of this data for the input: see wherry::suited_preprocess.
  /// Arrays of uint8 hold pixels when there is a value above 1.
  std::string_view suited_preprocess(const TensorType& input) const;
  /// What a person would call sample i: its path or index.
  std::string name_of(size_t i) const;
  /// The tensors for the inputs, batch extent 1. Values are real numbers: they are quantised with
  /// the input's scale when it has one and the data does not already have the input's element type.
  /// Errors: invalid_data, naming the input.
  Expected<std::vector<Tensor>> sample(size_t i, const std::vector<InputSpec>& inputs) const;
  /// The same `count` samples for the same arguments, spread over the whole set: for calibration.
  std::vector<size_t> spread(size_t count) const;

 private:
  struct Sample {
    std::string picture;  ///< path; empty for arrays
    size_t source = 0;    ///< index into arrays_
    int64_t step = -1;    ///< along axis 0; -1: the whole arrays
    int label = -1;
  };
  using Arrays = std::vector<std::pair<std::string, Tensor>>;

  Status add(const std::string& path, int label);
  Status add_folder(const std::string& path);
  Status add_list(const std::string& path, std::string_view text);
  Status add_arrays(Arrays arrays, const std::string& path);
  Expected<Tensor> array_sample(const Sample& sample, size_t input, const InputSpec& spec,
                                size_t input_count) const;
  Preprocess preprocess_for(const TensorType& input) const;
  bool has_pictures() const;
  Expected<Tensor> picture_sample(const Sample& sample, const InputSpec& spec) const;

  Preprocess preprocess_;
  std::vector<Sample> samples_;
  std::vector<Arrays> arrays_;
  std::vector<std::string> classes_;
  bool bright_ = false;  ///< a value above 1 is in the arrays of uint8
  int depth_ = 0;
};

/// Whether an array of this name holds class numbers.
bool is_label_name(std::string_view name);
/// Real numbers as a tensor of the spec's element type (rounded, saturated, quantised where it has
/// a scale).
Expected<Tensor> fit_values(const InputSpec& spec, Shape shape, std::span<const float> values);
/// A tensor of any numeric type as one of the spec's element type: unchanged when they agree, else
/// by value.
Expected<Tensor> fit_tensor(const InputSpec& spec, Shape shape, const TensorView& tensor);

}  // namespace wherry
