// Tables of what was renamed between Keras 1 and Keras 2.
#include "keras/keras1.h"

#include <algorithm>

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
    {"TimeDistributedDense", "Dense"},
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
    {"alphas", "alpha"},
};

/// Whose width was called output_dim.
constexpr std::string_view wide_classes[] = {"Dense",     "LSTM",    "GRU",
                                             "SimpleRNN", "Highway", "MaxoutDense"};

/// The layer that a Merge layer of some mode is today.
constexpr Rename merge_modes[] = {
    {"sum", "Add"},     {"mul", "Multiply"}, {"concat", "Concatenate"},
    {"ave", "Average"}, {"max", "Maximum"},  {"dot", "Dot"},
    {"cos", "Dot"},
};

template <size_t N>
std::string_view renamed(const Rename (&table)[N], std::string_view name) {
  for (const Rename& rename : table) {
    if (rename.old_name == name) return rename.new_name;
  }
  return name;
}

bool is_wide(std::string_view class_name) {
  return std::find(std::begin(wide_classes), std::end(wide_classes), class_name) !=
         std::end(wide_classes);
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

/// A Merge whose mode is a function of the user's stays one, and is refused as such.
PyValue merge_config(std::string& class_name, const PyValue& config) {
  std::string_view mode = config.at("mode").text();
  std::string_view kind = config.at("mode_type").text();
  std::string_view today = renamed(merge_modes, mode);
  if (today == mode || kind == "lambda" || kind == "function") return config;
  class_name = today;
  std::vector<PyValue::Entry> entries = {{"name", config.at("name")}};
  if (mode == "concat") entries.emplace_back("axis", config.at("concat_axis"));
  if (class_name == "Dot") {
    entries.emplace_back("axes", config.at("dot_axes"));
    entries.emplace_back("normalize", PyValue::of(mode == "cos"));
  }
  return PyValue::dict(std::move(entries));
}

/// Padding was one number an axis, or all ends in a row, or ends by name.
PyValue padding_of(const PyValue& written) {
  constexpr std::string_view ends[] = {"left_pad", "right_pad", "top_pad", "bottom_pad"};
  auto pair = [](const PyValue& a, const PyValue& b) { return PyValue::list({a, b}); };
  if (written.items().size() == 4)
    return PyValue::list({pair(written.items()[0], written.items()[1]),
                          pair(written.items()[2], written.items()[3])});
  if (!written.is_dict()) return written;
  std::vector<PyValue> amounts;
  for (std::string_view end : ends)
    amounts.push_back(written.find(end) ? written.at(end) : PyValue::of(int64_t{0}));
  bool flat = !written.find("top_pad") && !written.find("bottom_pad");
  if (flat) return pair(amounts[0], amounts[1]);
  return PyValue::list({pair(amounts[2], amounts[3]), pair(amounts[0], amounts[1])});
}

/// Options that only described the input or training.
bool is_dropped(std::string_view key, std::string_view class_name) {
  if (key == "nb_row" || key == "nb_col" || key.starts_with("kernel_dim")) return true;
  if (key == "input_length" || key == "consume_less") return true;
  return key == "input_dim" && class_name != "Embedding";
}

PyValue::Entry entry_of(std::string_view class_name, std::string_view key, const PyValue& value) {
  std::string name(renamed(options, key));
  if (key == "output_dim" && is_wide(class_name)) name = "units";
  if (name == "data_format") return {name, data_format_of(value)};
  if (key == "padding") return {name, padding_of(value)};
  return {name, value};
}

}  // namespace

PyValue keras1_config(std::string& class_name, const PyValue& config) {
  if (!config.is_dict() || config.find("layers")) return config;
  if (class_name == "Merge") return merge_config(class_name, config);
  class_name = renamed(classes, class_name);
  std::vector<PyValue::Entry> entries;
  for (const auto& [key, value] : config.entries()) {
    if (!is_dropped(key, class_name)) entries.push_back(entry_of(class_name, key, value));
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
