// Saved models of one or few layers with numbers that follow a rule, and the results that Keras
// itself computed from them.
#pragma once

#include <string>
#include <vector>

#include "keras/import.h"

namespace wherry::keras {

/// A weight by its path in an .h5 file, or an input.
struct CaseTensor {
  std::string path;
  Shape shape;
  DType dtype = DType::f32;
};

struct LayerCase {
  Dialect dialect = Dialect::keras3;
  std::string config;                ///< as Keras writes it, keys without influence left out
  std::vector<CaseTensor> weights;   ///< filled with pattern(), counted from 0
  std::vector<CaseTensor> inputs;    ///< the same, counted from 100
  std::vector<std::string> results;  ///< all elements of each
};

/// A Sequential model of one layer, "{"class_name": ...}", behind an input "x" of this shape,
/// "[null, 4]".
std::string one_layer(const std::string& shape, const std::string& layer);
/// Numbers from -1 to 1 in steps of 1/8 without an order that shows.
std::vector<float> pattern(const Shape& shape, int count);
/// Imports the model, evaluates it on the inputs, and compares with the results.
void expect_results(const LayerCase& layer_case);

}  // namespace wherry::keras
