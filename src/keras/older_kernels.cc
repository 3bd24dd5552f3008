// Reorders the axes of older kernels, and turns them about.
#include "keras/older_kernels.h"

#include <algorithm>

#include "keras/permuted.h"

namespace wherry::keras {
namespace {

using Order = std::vector<int64_t>;

/// A class whose kernels have so many axes, and what order they must be read in.
struct OlderOrder {
  std::string_view class_name;
  int rank;
  FixedList<int, 5> channels_first, channels_last;
};
constexpr OlderOrder orders[] = {
    {"Conv2D", 4, {2, 3, 1, 0}, {}},     {"SeparableConv2D", 4, {2, 3, 1, 0}, {}},
    {"ConvLSTM2D", 4, {2, 3, 1, 0}, {}}, {"Conv2DTranspose", 4, {2, 3, 0, 1}, {0, 1, 3, 2}},
    {"Conv3D", 5, {2, 3, 4, 1, 0}, {}},
};

/// Where Theano computed a true convolution; elsewhere Keras had turned the kernel itself.
constexpr std::string_view turned_by_theano[] = {"Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose",
                                                 "ConvLSTM2D"};

Order order_of(const LayerRecord& record, const Weight& stored) {
  bool first = record.config.at("data_format").text() == "channels_first";
  for (const OlderOrder& older : orders) {
    if (older.class_name != record.class_name || older.rank != stored.shape.rank()) continue;
    const FixedList<int, 5>& order = first ? older.channels_first : older.channels_last;
    return Order(order.begin(), order.end());
  }
  return {};
}

Expected<Weight> permuted_weight(const Weight& stored, const Order& order) {
  Weight weight = stored;
  weight.data = TRY(permuted(stored, order));
  weight.dtype = DType::f32;
  for (size_t i = 0; i < order.size(); ++i)
    weight.shape[static_cast<int>(i)] = stored.shape[static_cast<int>(order[i])];
  return weight;
}

/// One dimension was a picture of width 1: [taps, 1, in, out], before Keras 1.2 [out, in, taps, 1].
Expected<Weight> flat_kernel(const LayerRecord& record, const Weight& stored) {
  int64_t filters = record.config.at("filters").integer();
  bool newer = stored.shape[1] == 1 && stored.shape[3] == filters;
  bool older = stored.shape[3] == 1 && stored.shape[0] == filters;
  ENSURE(newer || older, "the kernel ", quoted(stored.path), " should be of ", filters,
         " filters, but has the shape ", stored.shape.dims());
  Weight weight = newer ? stored : TRY(permuted_weight(stored, {2, 3, 1, 0}));
  weight.shape = {weight.shape[0], weight.shape[2], weight.shape[3]};
  return weight;
}

Expected<Weight> keras1_weight(const LayerRecord& record, const Weight& stored) {
  if (record.class_name == "Conv1D" && stored.shape.rank() == 4) return flat_kernel(record, stored);
  Order order = order_of(record, stored);
  return order.empty() ? Expected<Weight>(stored) : permuted_weight(stored, order);
}

/// All spatial axes, which stand first, in reverse.
Expected<Weight> turned(const Weight& stored) {
  Weight weight = stored;
  std::vector<float> elements = TRY(as_floats(stored)), result;
  auto block = stored.shape.product(stored.shape.rank() - 2, stored.shape.rank());
  result.reserve(elements.size());
  for (auto end = static_cast<int64_t>(elements.size()); block > 0 && end > 0; end -= block)
    result.insert(result.end(), elements.begin() + (end - block), elements.begin() + end);
  weight.data = Constant::of(std::move(result));
  weight.dtype = DType::f32;
  return weight;
}

bool is_turned(const ImportState& state, const LayerRecord& record, const Weight& weight) {
  auto known = std::find(std::begin(turned_by_theano), std::end(turned_by_theano),
                         std::string_view(record.class_name));
  return state.saved.backend == "theano" && known != std::end(turned_by_theano) &&
         weight.shape.rank() >= 3 && state.dialect() != Dialect::keras3;
}

}  // namespace

Expected<const Weight*> current_form(ImportState& state, const LayerRecord& record,
                                     const Weight& stored) {
  auto known = state.reformed.find(stored.index);
  if (known != state.reformed.end()) return &known->second;
  Weight weight = stored;
  if (state.dialect() == Dialect::keras1) weight = TRY(keras1_weight(record, stored));
  if (is_turned(state, record, weight)) weight = TRY(turned(weight));
  bool same =
      weight.shape == stored.shape && weight.data.bytes().data() == stored.data.bytes().data();
  if (same) return &stored;
  return &state.reformed.emplace(stored.index, std::move(weight)).first->second;
}

}  // namespace wherry::keras
