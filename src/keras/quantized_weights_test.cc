// Tests of layers that Keras quantised, against its rules worked out by hand.
#include "keras/quantized_weights.h"

#include <gtest/gtest.h>

#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

/// The options of a layer, "layer", with this mode of quantisation.
std::string quantized(const std::string& class_name, const std::string& mode,
                      const std::string& options) {
  return cat(R"({"class_name": ")", class_name, R"(", "config": {"name": "layer", )",
             R"("dtype": {"class_name": "QuantizedDTypePolicy", "config": {"mode": ")", mode,
             R"(", "source_name": "float32"}}, )", options, "}}");
}

std::string result(const std::string& layer, const std::vector<SmallWeight>& weights,
                   const Shape& shape, const std::vector<float>& x) {
  std::string declared = shape.rank() == 2 ? "[null, 2]" : "[null, 1, 2]";
  return shown(result_of(small_model(Dialect::keras3, sequential(declared, layer), weights),
                         {numbers(shape, x)}));
}

const SmallWeight int8_kernel{"layer/kernel", {2, 1}, {100, -50}, DType::i8};
const std::vector<SmallWeight> int8_weights = {int8_kernel, {"layer/kernel_scale", {1}, {10}}};

TEST(QuantizedDense, RoundsItsInputsByTheirLargest) {
  // Inputs become 127 and 32: (127 * 100 - 32 * 50) / 127 / 10.
  std::string dense = quantized("Dense", "int8", R"("units": 1, "use_bias": false)");
  EXPECT_EQ(result(dense, int8_weights, {1, 2}, {1, 0.25}), "8.74");
}

TEST(QuantizedDense, LeavesInputsAloneWithoutAQuantizer) {
  std::string dense =
      quantized("Dense", "int8",
                R"("units": 1, "use_bias": false, "quantization_config": {"class_name": )"
                R"("Int8QuantizationConfig", "config": {"activation_quantizer": null}})");
  EXPECT_EQ(result(dense, int8_weights, {1, 2}, {1, 0.25}), "8.75");
}

TEST(QuantizedDense, UnpacksTwoNumbersOfEachByte) {
  std::string dense = quantized("Dense", "int4/-1", R"("units": 3, "use_bias": false)");
  std::vector<SmallWeight> weights = {{"layer/kernel", {2, 2}, {-31, 3, 120, 0}, DType::i8},
                                      {"layer/kernel_scale", {3}, {1, 2, 4}}};
  EXPECT_EQ(result(dense, weights, {1, 2}, {1, 2}), "-15 6 0.75");
}

TEST(QuantizedDense, ScalesBlocksOfInputsByThemselves) {
  std::string dense = quantized("Dense", "int4/1", R"("units": 1, "use_bias": false)");
  std::vector<SmallWeight> weights = {{"layer/kernel", {2, 1}, {5, 12}, DType::i8},
                                      {"layer/kernel_scale", {2, 1}, {0.5, 2}},
                                      {"layer/kernel_zero", {2, 1}, {1, -4}, DType::i8},
                                      {"layer/g_idx", {2}, {1, 0}}};
  // The first input is of block 1: (5 + 4) * 2; the second of block 0: (-4 - 1) * 0.5.
  EXPECT_EQ(result(dense, weights, {1, 2}, {1, 2}), "13");
}

TEST(QuantizedDense, ReadsWhatGptqAndAwqStore) {
  std::vector<SmallWeight> weights = {{"layer/kernel", {1, 2}, {3, 159}, DType::u8},
                                      {"layer/kernel_scale", {2, 1}, {0.5, 2}},
                                      {"layer/kernel_zero", {2, 1}, {1, 8}, DType::u8},
                                      {"layer/g_idx", {2}, {0, 0}}};
  std::string options = R"("units": 2, "use_bias": false)";
  EXPECT_EQ(result(quantized("Dense", "gptq/4/-1", options), weights, {1, 2}, {1, 1}), "8 -14");
  weights.push_back({"layer/awq_scales", {2}, {2, 1}});
  EXPECT_EQ(result(quantized("Dense", "awq/4/-1", options), weights, {1, 2}, {1, 1}), "7.5 -6");
}

TEST(QuantizedDense, RoundsToFloat8AndItsBiasToBfloat16) {
  std::vector<SmallWeight> weights = {
      {"layer/kernel", {2, 1}, {1.06, 1}},   {"layer/bias", {1}, {0.1}},
      {"layer/inputs_scale", {}, {1}},       {"layer/inputs_amax_history", {1}, {0}},
      {"layer/kernel_scale", {}, {1}},       {"layer/kernel_amax_history", {1}, {0}},
      {"layer/outputs_grad_scale", {}, {1}}, {"layer/outputs_grad_amax_history", {1}, {0}}};
  std::string dense = quantized("Dense", "float8", R"("units": 1)");
  EXPECT_EQ(result(dense, weights, {1, 2}, {0.3, 0}), "0.4126");
  EXPECT_EQ(result(dense, weights, {1, 2}, {0, 0.003}), "0.104");  // steps of 1 / 512
}

TEST(QuantizedEinsumDense, RoundsItsInputsByTheirLargest) {
  std::string dense =
      quantized("EinsumDense", "int8", R"("equation": "abc,cd->abd", "output_shape": [null, 1])");
  EXPECT_EQ(result(dense, int8_weights, {1, 1, 2}, {1, 0.25}), "8.74");
}

TEST(QuantizedEmbedding, DividesEachRowByItsScale) {
  std::string table = quantized("Embedding", "int8", R"("input_dim": 2, "output_dim": 2)");
  std::vector<SmallWeight> weights = {{"layer/embeddings", {2, 2}, {2, 4, -8, 16}, DType::i8},
                                      {"layer/embeddings_scale", {2}, {2, 4}}};
  EXPECT_EQ(result(table, weights, {1, 2}, {1, 0}), "-2 4 1 2");
}

TEST(QuantizedWeights, UnknownModesAreNamed) {
  std::string dense = quantized("Dense", "int3", R"("units": 1, "use_bias": false)");
  std::string text =
      refusal_of(small_model(Dialect::keras3, sequential("[null, 2]", dense), int8_weights));
  EXPECT_NE(text.find("layer 'layer' (Dense)"), std::string::npos) << text;
  EXPECT_NE(text.find("'int3'"), std::string::npos) << text;
}

TEST(QuantizedWeights, LayersWithoutThemIgnoreThePolicy) {
  std::string relu = quantized("Activation", "int8", R"("activation": "relu")");
  EXPECT_EQ(result(relu, {}, {1, 2}, {-1, 2}), "0 2");
}

/// Attention of one head of one step, so that only values and the output count.
SavedModel attention(const std::string& dtype, std::vector<SmallWeight> weights) {
  std::string tensor =
      R"({"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}})";
  std::string layer =
      cat(R"({"class_name": "MultiHeadAttention", "config": {"name": "layer", )",
          R"("num_heads": 1, "key_dim": 1, "value_dim": 1, "use_bias": false, )", R"("dtype": ")",
          dtype, R"("}, "name": "layer", )", R"("inbound_nodes": [{"args": [)", tensor, ", ",
          tensor, R"(], "kwargs": {}}]})");
  std::string model =
      cat(R"({"class_name": "Functional", "config": {"name": "m", "layers": [{"class_name": )",
          R"("InputLayer", "name": "x", "config": {"name": "x", "batch_shape": [null, 1, 2], )",
          R"("dtype": "float32"}, "inbound_nodes": []}, )", layer,
          R"(], "input_layers": [["x", 0, 0]], "output_layers": [["layer", 0, 0]]}})");
  return small_model(Dialect::keras3, model, weights);
}

TEST(QuantizedAttention, IsReadWhetherItsPolicySaysSoOrNot) {
  std::vector<SmallWeight> weights;
  for (const std::string part : {"query", "key", "value"}) {
    weights.push_back({cat("layer/", part, "/kernel"), {2, 1, 1}, {100, -50}, DType::i8});
    weights.push_back({cat("layer/", part, "/kernel_scale"), {1, 1, 1, 1}, {10}});
  }
  std::string output = "layer/attention_output/";
  weights.push_back({output + "kernel", {1, 1, 2}, {127, 64}, DType::i8});
  weights.push_back({output + "kernel_scale", {1, 1, 2}, {127, 32}});
  for (const char* dtype : {"float32", "int8_from_float32"})
    EXPECT_EQ(shown(result_of(attention(dtype, weights), {numbers({1, 1, 2}, {1, 0.25})})),
              "8.74 17.48");
}

TEST(QuantizedAttention, UnpacksBlocksOfFourBits) {
  std::vector<SmallWeight> weights;
  for (const std::string part : {"query", "key", "value"}) {
    std::string path = cat("layer/", part, "/");
    weights.push_back({path + "kernel", {2, 1}, {5, 12}, DType::i8});
    weights.push_back({path + "kernel_scale", {2, 1}, {0.5, 2}});
    weights.push_back({path + "kernel_zero", {2, 1}, {1, -4}, DType::i8});
    weights.push_back({path + "g_idx", {2}, {1, 0}});
  }
  std::string output = "layer/attention_output/";
  weights.push_back({output + "kernel", {1, 1}, {0x31}, DType::i8});
  weights.push_back({output + "kernel_scale", {2}, {1, 2}});
  EXPECT_EQ(shown(result_of(attention("float32", weights), {numbers({1, 1, 2}, {1, 2})})),
            "13 19.5");
}

TEST(QuantizedAttention, KernelsThatAreNoneAreRefused) {
  std::vector<SmallWeight> weights;
  for (const std::string part : {"query", "key", "value", "attention_output"}) {
    weights.push_back({cat("layer/", part, "/kernel"), {}, {5}, DType::i8});
    weights.push_back({cat("layer/", part, "/kernel_zero"), {2, 1}, {1, -4}, DType::i8});
  }
  std::string text = refusal_of(attention("float32", weights));
  EXPECT_NE(text.find("layer 'layer"), std::string::npos) << text;
}

TEST(QuantizedAttention, SaysWhatItCannotRead) {
  std::vector<SmallWeight> weights;
  for (const std::string part : {"query", "key", "value", "attention_output"})
    weights.push_back({cat("layer/", part, "/kernel"), {1, 2}, {3, 159}, DType::u8});
  std::string text = refusal_of(attention("float32", weights));
  EXPECT_NE(text.find("layer 'layer' (MultiHeadAttention)"), std::string::npos) << text;
  EXPECT_NE(text.find("GPTQ or AWQ"), std::string::npos) << text;
}

}  // namespace
}  // namespace wherry::keras
