// Options that recurrent layers and their cells share.
#pragma once

#include "keras/layer_def.h"

namespace wherry::keras {

/// Several lists as one.
template <class... Lists>
constexpr FixedList<ConfigKey, 40> joined(const Lists&... lists) {
  FixedList<ConfigKey, 40> all;
  auto add = [&](const auto& list) {
    for (const ConfigKey& key : list) all.items[all.count++] = key;
  };
  (add(lists), ...);
  return all;
}

/// Of every cell; the way to compute it and dropout do not matter.
constexpr ConfigKey cell_options[] = {
    integer("units"),   activation("activation", "tanh"), flag("use_bias", true),
    ignored("dropout"), ignored("recurrent_dropout"),     ignored("implementation"),
    ignored("seed"),    ignored("consume_less")};
constexpr ConfigKey lstm_options[] = {activation("recurrent_activation", "sigmoid"),
                                      ignored("unit_forget_bias")};
/// Before Keras 2.1 there was no choice: the reset gate came first.
constexpr ConfigKey gru_options[] = {activation("recurrent_activation", "sigmoid"),
                                     flag("reset_after", false)};
/// Of every layer that runs a cell over a sequence.
constexpr ConfigKey sequence_options[] = {flag("return_sequences", false),
                                          flag("return_state", false),
                                          flag("go_backwards", false),
                                          flag("stateful", false),
                                          flag("unroll", false),
                                          flag("time_major", false),
                                          flag("zero_output_for_mask", false),
                                          ignored("use_cudnn"),
                                          fixed("num_constants"),
                                          ignored("input_dim"),
                                          ignored("input_length")};

}  // namespace wherry::keras
