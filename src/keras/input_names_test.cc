// Tests of the names of inputs and outputs, and of arguments that Keras 3 writes into graphs.
#include "keras/input_names.h"

#include <gtest/gtest.h>

#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

LayerRecord input(const std::string& name) {
  LayerRecord record;
  record.name = name;
  record.class_name = "InputLayer";
  return record;
}

LayerRecord sequence(const std::string& inner_input) {
  auto layer = [](const char* class_name, const std::string& name) {
    return PyValue::dict({{"class_name", PyValue::of(class_name)},
                          {"config", PyValue::dict({{"name", PyValue::of(name)}})}});
  };
  LayerRecord record;
  record.name = "block";
  record.class_name = "Sequential";
  record.config =
      PyValue::dict({{"layers", PyValue::list({layer("InputLayer", inner_input),
                                               layer("Dense", "a"), layer("Dense", "b")})}});
  return record;
}

TEST(InputNames, ThoseOfUsersStay) {
  EXPECT_EQ(input_name(input("image"), {input("image")}, Dialect::keras3), "image");
  EXPECT_EQ(input_name(input("input_layer"), {}, Dialect::keras2), "input_layer");
  EXPECT_EQ(input_name(input("input_layer_x"), {}, Dialect::keras3), "input_layer_x");
}

TEST(InputNames, AutomaticOnesOfKeras3CountTensors) {
  LayerRecord first = input("input_layer"), second = input("input_layer_1");
  EXPECT_EQ(input_name(first, {first, second}, Dialect::keras3), "keras_tensor");
  EXPECT_EQ(input_name(second, {first, second}, Dialect::keras3), "keras_tensor_1");
}

TEST(InputNames, TensorsOfModelsMadeBeforeCountToo) {
  LayerRecord outer = input("input_layer"), later = input("input_layer_1");
  EXPECT_EQ(input_name(outer, {outer, sequence("features")}, Dialect::keras3), "keras_tensor_2");
  EXPECT_EQ(input_name(later, {later, sequence("input_layer")}, Dialect::keras3), "keras_tensor_3");
  EXPECT_EQ(input_name(outer, {outer, sequence("input_layer_1")}, Dialect::keras3), "keras_tensor");
}

TEST(Training, Keras3ModelsPredictWhateverTheGraphSays) {
  std::string graph = R"({"class_name": "Functional", "config": {"name": "m", "layers": [
    {"class_name": "InputLayer", "name": "x", "inbound_nodes": [],
     "config": {"name": "x", "batch_shape": [null, 2], "dtype": "float32"}},
    {"class_name": "Dropout", "name": "d", "config": {"name": "d", "rate": 0.5, "dtype": "float32"},
     "inbound_nodes": NODES}],
    "input_layers": [["x", 0, 0]], "output_layers": [["d", 0, 0]]}})";
  auto with = [&](const std::string& nodes) {
    std::string text = graph;
    return text.replace(text.find("NODES"), 5, nodes);
  };
  std::string newer = with(R"([{"args": [{"class_name": "__keras_tensor__", "config":
    {"shape": [null, 2], "dtype": "float32", "keras_history": ["x", 0, 0]}}],
    "kwargs": {"training": true}}])");
  std::string older = with(R"([[["x", 0, 0, {"training": true}]]])");
  EXPECT_EQ(shown(result_of(small_model(Dialect::keras3, newer), {numbers({1, 2}, {3, 4})})),
            "3 4");
  std::string refused = refusal_of(small_model(Dialect::keras2, older));
  EXPECT_NE(refused.find("training=True"), std::string::npos) << refused;
}

}  // namespace
}  // namespace wherry::keras
