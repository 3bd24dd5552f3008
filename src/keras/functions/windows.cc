// Reads window options in the notations of TensorFlow and Keras.
#include "keras/functions/windows.h"

#include <algorithm>

namespace wherry::keras {
namespace {

/// One number, one for each spatial axis, or one for each axis of the tensor.
Expected<std::vector<int64_t>> spatial(FunctionCall& call, std::string_view names,
                                       const Windows& windows, std::optional<int64_t> absent) {
  std::vector<int64_t> numbers = TRY(call.integers(names));
  size_t rank = static_cast<size_t>(windows.rank);
  if (numbers.empty() && absent) numbers.push_back(*absent);
  if (numbers.size() == 1) numbers.resize(rank, numbers[0]);
  if (numbers.size() == rank + 2) {
    numbers.erase(numbers.begin());
    numbers.erase(windows.channels_first ? numbers.begin() : numbers.end() - 1);
  }
  ENSURE(numbers.size() == rank, "the argument ", quoted(names.substr(0, names.find('|'))),
         " should have a number for each of ", rank, " axes, but is ",
         call.argument(names).shown());
  for (int64_t number : numbers)
    ENSURE(number >= 1 && number <= (1 << 24), "windows cannot have a size or step of ", number);
  return numbers;
}

Expected<std::vector<Margin>> explicit_margins(FunctionCall& call, const PyValue& written,
                                               const Windows& windows) {
  std::vector<Margin> margins;
  for (const PyValue& pair : written.items()) {
    bool is_pair =
        pair.items().size() == 2 && pair.items()[0].has_integer() && pair.items()[1].has_integer();
    if (!is_pair) return call.unsupported_argument("padding", written);
    margins.push_back({pair.items()[0].integer(), pair.items()[1].integer()});
    ENSURE(margins.back().before >= 0 && margins.back().after >= 0 &&
               margins.back().before <= (1 << 24) && margins.back().after <= (1 << 24),
           "a tensor cannot be padded by ", written.shown());
  }
  size_t rank = static_cast<size_t>(windows.rank);
  if (margins.size() == rank + 2) {
    margins.erase(margins.begin());
    margins.erase(windows.channels_first ? margins.begin() : margins.end() - 1);
  }
  ENSURE(margins.size() == rank, "the padding ", written.shown(), " does not fit ", rank,
         " spatial axes");
  return margins;
}

}  // namespace

Expected<Windows> windows_of(FunctionCall& call, int rank, std::string_view size_names) {
  if (rank < 1 || rank > 3)
    return call.unsupported("windows slide over one to three axes", cat(rank, " axes"));
  Windows windows{.rank = rank};
  std::string format = TRY(call.text("data_format", "channels_last"));
  windows.channels_first = format == "channels_first" || format.starts_with("NC");
  if (!size_names.empty()) windows.sizes = TRY(spatial(call, size_names, windows, std::nullopt));
  bool strides_as_sizes = !size_names.empty() && !call.has("strides|stride");
  windows.strides =
      strides_as_sizes ? windows.sizes : TRY(spatial(call, "strides|stride", windows, 1));
  windows.dilations = TRY(spatial(call, "dilations|dilation_rate|rate|rates", windows, 1));
  const PyValue& padding = call.argument("padding");
  if (padding.is_list()) {
    windows.margins = TRY(explicit_margins(call, padding, windows));
    return windows;
  }
  std::string word = lower(padding.text());
  if (word != "same" && word != "valid" && !padding.is_none())
    return call.unsupported_argument("padding", padding);
  windows.padding = word == "same" ? Padding::same : Padding::valid;
  return windows;
}

Expected<ValueId> before_windows(FunctionCall& call, ValueId x, const Windows& windows,
                                 double value) {
  if (windows.channels_first) {
    std::vector<int64_t> order = {0};
    for (int i = 2; i < call.rank(x); ++i) order.push_back(i);
    order.push_back(1);
    x = TRY(call.transpose(x, order));
  }
  if (windows.margins.empty()) return x;
  std::vector<Margin> margins(static_cast<size_t>(call.rank(x)));
  std::copy(windows.margins.begin(), windows.margins.end(), margins.begin() + 1);
  return call.pad(x, margins, value);
}

Expected<ValueId> behind_windows(FunctionCall& call, ValueId y, const Windows& windows) {
  if (!windows.channels_first) return y;
  std::vector<int64_t> order = {0, call.rank(y) - 1};
  for (int i = 1; i < call.rank(y) - 1; ++i) order.push_back(i);
  return call.transpose(y, order);
}

}  // namespace wherry::keras
