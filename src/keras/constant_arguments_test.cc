// Tests of layers that are called with numbers in place of tensors, or by the names of arguments.
#include "keras/constant_arguments.h"

#include <gtest/gtest.h>

#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

constexpr const char* input_tensor =
    R"({"class_name": "__keras_tensor__", "config": {"keras_history": ["inputlayer", 0, 0]}})";

/// A Functional model of an input [null, 2] and one layer, which is called as given.
SavedModel calling(const std::string& layer_class, const std::string& call) {
  std::string input = layer_json("InputLayer", R"("batch_shape": [null, 2])");
  std::string layer =
      cat(R"({"module": "keras.layers", "class_name": ")", layer_class,
          R"(", "config": {"name": "y", "trainable": true}, "inbound_nodes": [)", call, "]}");
  return small_model(
      Dialect::keras3,
      cat(R"({"class_name": "Functional", "config": {"name": "m", "layers": [)", input, ", ", layer,
          R"(], "input_layers": ["inputlayer", 0, 0], "output_layers": ["y", 0, 0]}})"));
}

std::string array_json(const std::string& numbers) {
  return cat(R"({"class_name": "__tensor__", "config": {"value": )", numbers,
             R"(, "dtype": "float32"}})");
}

TEST(ConstantArguments, ArraysAreMergedLikeTensors) {
  for (bool is_first : {true, false}) {
    std::string array = array_json("[[10.0, 20.0]]"), x = input_tensor;
    std::string both = is_first ? cat(array, ", ", x) : cat(x, ", ", array);
    SavedModel saved = calling("Add", cat(R"({"args": [[)", both, R"(]], "kwargs": {}})"));
    EXPECT_EQ(shown(result_of(saved, {numbers({2, 2}, {1, 2, 3, 4})})), "11 22 13 24");
  }
}

TEST(ConstantArguments, TheFirstArgumentMayBeGivenByName) {
  for (const char* name : {"inputs", "x", "sequence", "query"}) {
    SavedModel saved =
        calling("ReLU", cat(R"({"args": [], "kwargs": {")", name, R"(": )", input_tensor, "}}"));
    EXPECT_EQ(shown(result_of(saved, {numbers({1, 2}, {1, -2})})), "1 0") << name;
  }
}

}  // namespace
}  // namespace wherry::keras
