// Small saved models written down in tests: a configuration as JSON and weights by name.
#pragma once

#include <string>
#include <vector>

#include "ir/tensor.h"
#include "keras/import.h"

namespace wherry::keras {

struct SmallWeight {
  std::string path;  ///< as in an .h5 file: the layer's name, then the weight's: "dense/kernel:0"
  Shape shape;
  std::vector<float> numbers;
  DType dtype = DType::f32;  ///< or int8 or uint8
};

/// {"class_name": "Sequential", ...} with an input of this shape, "[null, 4]", and these layers.
std::string sequential(const std::string& shape, const std::string& layers);
/// {"class_name": CLASS, "config": {"name": CLASS in small letters, OPTIONS}}.
std::string layer_json(const std::string& class_name, const std::string& options = "");

SavedModel small_model(Dialect dialect, const std::string& config,
                       const std::vector<SmallWeight>& weights = {});

Tensor numbers(const Shape& shape, const std::vector<float>& elements);
Tensor integers(const Shape& shape, const std::vector<int64_t>& elements, DType dtype = DType::i32);
Tensor strings(const Shape& shape, const std::vector<std::string>& elements);

/// Imports the model and runs its graph as it is; a failure of the test when either does not work.
std::vector<Tensor> results_of(const SavedModel& saved, std::initializer_list<Tensor> inputs,
                               const ImportOptions& options = {});
/// The elements of the first result as floats, whatever their type.
std::vector<float> result_of(const SavedModel& saved, std::initializer_list<Tensor> inputs);
std::vector<float> elements_of(const Tensor& tensor);
/// The same as text, "1 2.5 -3", each to 4 digits.
std::string shown(const std::vector<float>& elements);
/// The operators of its graph in order, "RESHAPE ADD", before any pass.
std::string operators_of(const SavedModel& saved);
/// Everything the importer says when it refuses the model; "imported" when it does not.
std::string refusal_of(const SavedModel& saved, const ImportOptions& options = {});

}  // namespace wherry::keras
