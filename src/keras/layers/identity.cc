// Layers that do nothing when a model predicts: dropout, noise, regularisation, augmentation.
#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

/// The element type of the results.
enum Variant {
  as_input,
  number,           ///< float32
  number_in_keras2  ///< float32 in Keras 2; in Keras 3 as the input
};

Expected<Results> import(LayerImport& layer) {
  TRY(layer.check_predicting());
  int variant = layer.def().variant;
  bool to_float =
      variant == number || (variant == number_in_keras2 && layer.dialect() != Dialect::keras3);
  std::vector<ValueId> outputs;
  for (int i = 0; i < layer.input_count(); ++i)
    outputs.push_back(to_float ? TRY(layer.float_input(i)) : layer.input(i));
  return Results(outputs);
}

constexpr FixedList<ConfigKey, 40> dropout_keys = {ignored("rate"), ignored("noise_shape"),
                                                   ignored("seed"), ignored("data_format"),
                                                   ignored("stddev")};

constexpr FixedList<ConfigKey, 40> augmentation_keys = {ignored("addition_factor"),
                                                        ignored("all_ops"),
                                                        ignored("alpha"),
                                                        ignored("brightness_factor"),
                                                        ignored("chain_depth"),
                                                        ignored("contrast_factor"),
                                                        ignored("data_format"),
                                                        ignored("factor"),
                                                        ignored("fill_mode"),
                                                        ignored("fill_value"),
                                                        ignored("height_factor"),
                                                        ignored("hue_factor"),
                                                        ignored("interpolation"),
                                                        ignored("kernel_size"),
                                                        ignored("max_number"),
                                                        ignored("mode"),
                                                        ignored("num_chains"),
                                                        ignored("num_ops"),
                                                        ignored("ratio"),
                                                        ignored("saturation_factor"),
                                                        ignored("scale"),
                                                        ignored("seed"),
                                                        ignored("sigma"),
                                                        ignored("threshold_factor"),
                                                        ignored("value_range"),
                                                        ignored("width_factor"),
                                                        ignored("x_factor"),
                                                        ignored("y_factor"),
                                                        ignored("bounding_box_format")};

constexpr LayerDef layers[] = {
    // What add_loss() and add_metric() of Keras 2 leave in a graph.
    {.class_names = {"AddLoss", "AddMetric"},
     .config = {ignored("unconditional"), ignored("aggregation"), ignored("metric_name")},
     .import = import,
     .doc = "nothing"},
    {.class_names = {"ActivityRegularization"},
     .config = {ignored("l1"), ignored("l2")},
     .mask = MaskRule::passes,
     .import = import,
     .doc = "nothing"},
    {.class_names = {"Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"},
     .config = dropout_keys,
     .mask = MaskRule::passes,
     .import = import,
     .doc = "nothing"},
    {.class_names = {"GaussianDropout", "GaussianNoise", "AlphaDropout"},
     .config = dropout_keys,
     .mask = MaskRule::passes,
     .import = import,
     .doc = "nothing"},
    {.class_names = {"Identity"}, .mask = MaskRule::passes, .import = import, .doc = "nothing"},
    {.class_names = {"RandomFlip", "RandomRotation", "RandomShear", "RandomTranslation",
                     "RandomZoom"},
     .config = augmentation_keys,
     .variant = number,
     .import = import,
     .doc = "nothing; CAST for integer pictures"},
    {.class_names = {"RandomElasticTransform", "RandomErasing", "RandomGaussianBlur",
                     "RandomPerspective", "RandomSharpness", "AugMix"},
     .config = augmentation_keys,
     .variant = number,
     .import = import,
     .doc = "nothing; CAST for integer pictures"},
    {.class_names = {"CutMix", "RandAugment", "Solarization"},
     .config = augmentation_keys,
     .variant = number,
     .import = import,
     .doc = "nothing; CAST for integer pictures"},
    {.class_names = {"RandomBrightness", "RandomContrast"},
     .config = augmentation_keys,
     .variant = number_in_keras2,
     .import = import,
     .doc = "nothing; CAST for integer pictures of Keras 2"},
    {.class_names = {"RandomColorDegeneration", "RandomColorJitter", "RandomGrayscale", "RandomHue",
                     "RandomInvert", "RandomSaturation"},
     .config = augmentation_keys,
     .import = import,
     .doc = "nothing"},
    {.class_names = {"RandomPosterization", "RandomHeight", "RandomWidth", "MixUp",
                     "MaxNumBoundingBoxes"},
     .config = augmentation_keys,
     .import = import,
     .doc = "nothing"},
};

}  // namespace

LayerTable identity_layers() { return layer_table(layers); }

}  // namespace wherry::keras
