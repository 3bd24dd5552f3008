// Builds and runs the models of the function tests.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

using Json = nlohmann::json;

Json input_record(const Fed& input, size_t i, bool newer) {
  Json shape = Json::array();
  for (int64_t extent : input.shape) shape.push_back(extent);
  if (!shape.empty() && !input.has_fixed_batch) shape[0] = nullptr;
  std::string dtype = input.dtype == DType::i32       ? "int32"
                      : input.dtype == DType::boolean ? "bool"
                      : input.dtype == DType::i64     ? "int64"
                      : input.dtype == DType::u8      ? "uint8"
                                                      : "float32";
  std::string name = cat("x", i);
  return {
      {"class_name", "InputLayer"},
      {"name", name},
      {"inbound_nodes", Json::array()},
      {"config",
       {{newer ? "batch_shape" : "batch_input_shape", shape}, {"dtype", dtype}, {"name", name}}}};
}

/// "$x0" as the tensor it stands for.
Json with_tensors(const Json& written) {
  if (written.is_string() && written.get<std::string>().starts_with("$"))
    return {{"class_name", "__keras_tensor__"},
            {"config", {{"keras_history", {written.get<std::string>().substr(1), 0, 0}}}}};
  Json result = written;
  if (written.is_array() || written.is_object()) {
    for (Json& item : result) item = with_tensors(item);
  }
  return result;
}

Tensor tensor_of(const Fed& input) {
  Tensor tensor = Tensor::zeros({input.dtype, input.shape, {}, {}}).value();
  for_type<float, int32_t, int64_t, uint8_t, bool>(input.dtype, [&]<class T>() {
    for (size_t i = 0; i < input.elements.size(); ++i)
      tensor.view().as<T>()[i] = static_cast<T>(input.elements[i]);
  });
  return tensor;
}

Outputs run_layer(const Json& layer, int results, const std::vector<Fed>& inputs, Dialect dialect) {
  bool newer = dialect == Dialect::keras3;
  Json layers = Json::array(), begins = Json::array(), ends = Json::array();
  for (size_t i = 0; i < inputs.size(); ++i) {
    layers.push_back(input_record(inputs[i], i, newer));
    begins.push_back({cat("x", i), 0, 0});
  }
  layers.push_back(layer);
  for (int i = 0; i < results; ++i) ends.push_back({layer["name"], 0, i});
  Json config = {{"class_name", "Functional"},
                 {"config",
                  {{"name", "model"},
                   {"trainable", true},
                   {"layers", layers},
                   {"input_layers", begins},
                   {"output_layers", ends}}}};
  SavedModel saved;
  saved.dialect = dialect;
  saved.config = std::make_shared<const Json>(std::move(config));
  ImportedModel imported = TRY(import_model(saved));
  std::vector<Tensor> fed;
  for (const Fed& input : inputs) fed.push_back(tensor_of(input));
  std::vector<TensorView> views;
  for (const Tensor& tensor : fed) views.push_back(tensor.view());
  return Evaluator(imported.model).run(views);
}

}  // namespace

Outputs run(const Older& function, const std::vector<Fed>& inputs) {
  Json layer = {
      {"class_name", "TFOpLambda"},
      {"name", "f"},
      {"config",
       {{"name", "f"}, {"trainable", true}, {"dtype", "float32"}, {"function", function.function}}},
      {"inbound_nodes", {Json::parse(function.node)}}};
  return run_layer(layer, function.results, inputs, Dialect::keras2);
}

Outputs run(const Newer& function, const std::vector<Fed>& inputs) {
  Json config = Json::parse(function.config);
  config["name"] = "f";
  Json call = {{"args", with_tensors(Json::parse(function.arguments))}, {"kwargs", Json::object()}};
  Json layer = {{"class_name", function.class_name},
                {"module", "keras.src.ops.numpy"},
                {"registered_name", function.class_name},
                {"name", "f"},
                {"config", config},
                {"inbound_nodes", {call}}};
  return run_layer(layer, function.results, inputs, Dialect::keras3);
}

Outputs run_node(const std::string& node_def, const std::string& constants,
                 const std::vector<Fed>& inputs) {
  Json tensors = Json::array();
  for (size_t i = 0; i < inputs.size(); ++i) tensors.push_back({cat("x", i), 0, 0, Json::object()});
  Json layer = {{"class_name", "TensorFlowOpLayer"},
                {"name", "f"},
                {"config",
                 {{"name", "f"},
                  {"trainable", true},
                  {"dtype", "float32"},
                  {"node_def", node_def},
                  {"constants", Json::parse(constants)}}},
                {"inbound_nodes", {tensors}}};
  return run_layer(layer, 1, inputs, Dialect::keras2);
}

std::vector<double> numbers(const Tensor& tensor) {
  std::vector<double> found;
  for_type<float, int32_t, int64_t, uint8_t, int8_t, bool>(tensor.type.dtype, [&]<class T>() {
    for (T element : tensor.view().span<T>()) found.push_back(static_cast<double>(element));
  });
  return found;
}

void expect_result(const Outputs& outputs, const Shape& shape, const std::vector<double>& expected,
                   size_t i) {
  ASSERT_TRUE(outputs) << problem(outputs);
  ASSERT_LT(i, outputs->size());
  EXPECT_EQ((*outputs)[i].type.shape, shape);
  std::vector<double> found = numbers((*outputs)[i]);
  ASSERT_EQ(found.size(), expected.size());
  for (size_t at = 0; at < found.size(); ++at)
    EXPECT_NEAR(found[at], expected[at], 2e-6 * (1 + std::abs(expected[at]))) << "element " << at;
}

std::string problem(const Outputs& outputs) {
  return outputs ? "no error" : outputs.error().text();
}

}  // namespace wherry::keras::test
