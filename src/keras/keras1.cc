// Tables of what was renamed between Keras 1 and Keras 2.
#include "keras/keras1.h"

namespace wherry::keras {
namespace {

struct Rename {
  std::string_view old_name, new_name;
};

constexpr Rename classes[] = {
    {"Convolution1D", "Conv1D"},
    {"Convolution2D", "Conv2D"},
    {"Convolution3D", "Conv3D"},
    {"AtrousConvolution1D", "Conv1D"},
    {"AtrousConvolution2D", "Conv2D"},
    {"Deconvolution2D", "Conv2DTranspose"},
    {"SeparableConvolution2D", "SeparableConv2D"},
};

constexpr Rename options[] = {
    {"nb_filter", "filters"},
    {"filter_length", "kernel_size"},
    {"subsample", "strides"},
    {"subsample_length", "strides"},
    {"stride", "strides"},
    {"pool_length", "pool_size"},
    {"atrous_rate", "dilation_rate"},
    {"border_mode", "padding"},
    {"dim_ordering", "data_format"},
    {"bias", "use_bias"},
    {"p", "rate"},
    {"sigma", "stddev"},
    {"inner_activation", "recurrent_activation"},
    {"dropout_W", "dropout"},
    {"dropout_U", "recurrent_dropout"},
    {"length", "size"},
    {"W_regularizer", "kernel_regularizer"},
    {"b_regularizer", "bias_regularizer"},
    {"U_regularizer", "recurrent_regularizer"},
    {"W_constraint", "kernel_constraint"},
    {"b_constraint", "bias_constraint"},
    {"init", "kernel_initializer"},
    {"inner_init", "recurrent_initializer"},
    {"forget_bias_init", "bias_initializer"},
    {"beta_init", "beta_initializer"},
    {"gamma_init", "gamma_initializer"},
};

constexpr Rename roles[] = {
    {"W", "kernel"},
    {"b", "bias"},
    {"U", "recurrent_kernel"},
    {"running_mean", "moving_mean"},
    {"running_std", "moving_variance"},
    {"depthwise_kernel", "depthwise_kernel"},
};

/// The layer that a Merge layer of some mode is today.
constexpr Rename merge_modes[] = {
    {"sum", "Add"}, {"mul", "Multiply"}, {"concat", "Concatenate"}, {"ave", "Average"},
    {"max", "Maximum"}, {"dot", "Dot"}, {"cos", "Dot"},
};

template <size_t N>
std::string_view renamed(const Rename (&table)[N], std::string_view name) {
  for (const Rename& rename : table) {
    if (rename.old_name == name) return rename.new_name;
  }
  return name;
}

bool is_recurrent(std::string_view class_name) {
  return class_name == "LSTM" || class_name == "GRU" || class_name == "SimpleRNN";
}

PyValue data_format_of(const PyValue& dim_ordering) {
  if (dim_ordering.text() == "th") return PyValue::of("channels_first");
  if (dim_ordering.text() == "tf") return PyValue::of("channels_last");
  return dim_ordering;
}

/// Kernel extents stood in one option per axis.
PyValue kernel_size_of(const PyValue& config) {
  std::vector<PyValue> extents;
  for (std::string_view key : {"kernel_dim1", "kernel_dim2", "kernel_dim3", "nb_row", "nb_col"}) {
    if (const PyValue* extent = config.find(key)) extents.push_back(*extent);
  }
  return extents.empty() ? PyValue() : PyValue::list(std::move(extents));
}

PyValue merge_config(std::string& class_name, const PyValue& config) {
  std::string_view mode = config.at("mode").text();
  class_name = renamed(merge_modes, mode);
  std::vector<PyValue::Entry> entries = {{"name", config.at("name")}};
  if (mode == "concat") entries.emplace_back("axis", config.at("concat_axis"));
  if (class_name == "Dot") {
    entries.emplace_back("axes", config.at("dot_axes"));
    entries.emplace_back("normalize", PyValue::of(mode == "cos"));
  }
  return PyValue::dict(std::move(entries));
}

/// Options that only described the input or training.
bool is_dropped(std::string_view key, std::string_view class_name) {
  if (key == "nb_row" || key == "nb_col" || key.starts_with("kernel_dim")) return true;
  if (key == "input_length") return true;
  return key == "input_dim" && class_name != "Embedding";
}

}  // namespace

PyValue keras1_config(std::string& class_name, const PyValue& config) {
  if (!config.is_dict() || config.find("layers")) return config;
  if (class_name == "Merge") return merge_config(class_name, config);
  class_name = renamed(classes, class_name);
  std::vector<PyValue::Entry> entries;
  for (const auto& [key, value] : config.entries()) {
    if (is_dropped(key, class_name)) continue;
    std::string_view name = renamed(options, key);
    bool is_width = key == "output_dim" && (class_name == "Dense" || is_recurrent(class_name));
    if (is_width) name = "units";
    entries.emplace_back(name, name == "data_format" ? data_format_of(value) : value);
  }
  PyValue kernel_size = kernel_size_of(config);
  if (!kernel_size.is_none()) entries.emplace_back("kernel_size", std::move(kernel_size));
  return PyValue::dict(std::move(entries));
}

std::string_view keras1_role(std::string_view role) {
  if (role == "embeddings") return "W";
  for (const Rename& rename : roles) {
    if (rename.new_name == role) return rename.old_name;
  }
  return role;
}

}  // namespace wherry::keras
