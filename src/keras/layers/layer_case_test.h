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

/// A layer of a Functional model.
struct CaseLayer {
  std::string class_name, name;
  std::string from;    ///< the layer that it is called with
  std::string config;  ///< further entries, ", \"units\": 2"
  std::string call;    ///< further arguments of the call: "\"mask\": ..."
};

/// A Functional model of the dialect with one input "x" of whole numbers and this shape, "[null,
/// 2]"; the last layer gives the result.
std::string functional(Dialect dialect, const std::string& shape,
                       const std::vector<CaseLayer>& layers);
/// The result of a layer as an argument of a call, in Keras 3's words.
std::string keras_tensor(const std::string& layer);
/// A Sequential model of one layer, "{"class_name": ...}", behind an input "x" of this shape,
/// "[null, 4]".
std::string one_layer(const std::string& shape, const std::string& layer);
/// Numbers from -1 to 1 in steps of 1/8 without an order that shows.
std::vector<float> pattern(const Shape& shape, int count);
/// Imports the model, evaluates it on the inputs, and compares with the results.
void expect_results(const LayerCase& layer_case);

}  // namespace wherry::keras
