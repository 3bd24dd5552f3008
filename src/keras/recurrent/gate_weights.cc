// Reads the weights of gated cells and hands out constants for chosen gates.
#include "keras/recurrent/gate_weights.h"

namespace wherry::keras {
namespace {

/// A gate as Keras 1 names its arrays, and its place today.
struct OlderGate {
  std::string_view name;
  int place;
};
constexpr OlderGate older_lstm[] = {{"i", 0}, {"c", 2}, {"f", 1}, {"o", 3}},
                    older_gru[] = {{"z", 0}, {"r", 1}, {"h", 2}};

struct Chosen {
  int64_t units = 0, columns = 0;  ///< columns of the whole matrix
  std::span<const int> gates;
  int64_t count() const { return static_cast<int64_t>(gates.size()) * units; }
};

std::vector<float> transposed(const std::vector<float>& matrix, const Chosen& chosen) {
  size_t rows = matrix.size() / static_cast<size_t>(chosen.columns);
  std::vector<float> result;
  result.reserve(rows * static_cast<size_t>(chosen.count()));
  for (int gate : chosen.gates) {
    for (int64_t unit = 0; unit < chosen.units; ++unit) {
      size_t column = static_cast<size_t>(gate * chosen.units + unit);
      for (size_t row = 0; row < rows; ++row)
        result.push_back(matrix[row * static_cast<size_t>(chosen.columns) + column]);
    }
  }
  return result;
}

std::vector<float> as_stored(const std::vector<float>& matrix, const Chosen& chosen) {
  size_t rows = matrix.size() / static_cast<size_t>(chosen.columns);
  std::vector<float> result;
  result.reserve(rows * static_cast<size_t>(chosen.count()));
  for (size_t row = 0; row < rows; ++row) {
    for (int gate : chosen.gates) {
      auto first =
          matrix.begin() + static_cast<int64_t>(row) * chosen.columns + gate * chosen.units;
      result.insert(result.end(), first, first + chosen.units);
    }
  }
  return result;
}

Error wrong_shape(const Weight& weight, std::string_view role, int64_t columns) {
  return {.code = ErrorCode::invalid_model,
          .message = cat("the weight ", quoted(role), " should have ", columns, " columns"),
          .received = cat(weight.shape.dims(), " in ", quoted(weight.path))};
}

Shape without_last(const Shape& shape) {
  Shape rows;
  for (int i = 0; i + 1 < shape.rank(); ++i) rows.push_back(shape[i]);
  return rows;
}

Expected<std::vector<float>> matrix_of(const Weight& weight, std::string_view role,
                                       int64_t columns) {
  if (weight.shape.rank() < 2 || weight.shape.back() != columns)
    return wrong_shape(weight, role, columns);
  return as_floats(weight);
}

/// Puts the columns of one gate into a matrix of all of them.
void place_gate(const std::vector<float>& gate, const Chosen& chosen, int at,
                std::vector<float>& matrix) {
  size_t rows = gate.size() / static_cast<size_t>(chosen.units);
  matrix.resize(rows * static_cast<size_t>(chosen.columns));
  for (size_t row = 0; row < rows; ++row) {
    auto first = gate.begin() + static_cast<int64_t>(row) * chosen.units;
    std::copy(first, first + chosen.units,
              matrix.begin() + static_cast<int64_t>(row) * chosen.columns + at * chosen.units);
  }
}

/// A matrix as cuDNN keeps it: each gate's block holds the transposed matrix, row by row.
std::vector<float> from_cudnn(const std::vector<float>& matrix, const Chosen& whole,
                              bool keeps_order) {
  std::vector<float> result(matrix.size());
  int64_t rows = static_cast<int64_t>(matrix.size()) / whole.columns;
  for (int gate : whole.gates) {
    int64_t first = gate * whole.units;
    for (int64_t i = 0; i < rows; ++i) {
      for (int64_t j = 0; j < whole.units; ++j) {
        // keeps_order: the block's elements in stored order are those of [units, rows].
        int64_t place = keeps_order ? j * rows + i : j * whole.units + i;
        int64_t from_row = place / whole.units, from_column = place % whole.units;
        result[static_cast<size_t>(i * whole.columns + first + j)] =
            matrix[static_cast<size_t>(from_row * whole.columns + first + from_column)];
      }
    }
  }
  return result;
}

}  // namespace

Expected<GateWeights> GateWeights::take(LayerImport& layer, int gates, int64_t units,
                                        bool use_bias) {
  ENSURE(units >= 1 && units <= (1 << 24), "the layer cannot have ", units, " units");
  GateWeights weights;
  weights.gates_ = gates;
  weights.units_ = units;
  // Kernel, recurrent kernel and bias of each gate by itself; their names may be the user's.
  bool apart = layer.dialect() == Dialect::keras1 && gates > 1 &&
               layer.scope().own().size() == static_cast<size_t>(3 * gates);
  TRY(apart ? weights.read_older(layer, use_bias) : weights.read(layer, use_bias));
  if (layer.record().class_name.starts_with("CuDNN")) weights.translate_cudnn();
  return weights;
}

Status GateWeights::read(LayerImport& layer, bool use_bias) {
  TRY(layer.take({"kernel", "recurrent_kernel", use_bias ? "bias" : ""}));
  const Weight &kernel = layer.stored("kernel"), &recurrent = layer.stored("recurrent_kernel");
  int64_t columns = gates_ * units_;
  index_ = kernel.index;
  kernel_ = TRY(matrix_of(kernel, "kernel", columns));
  recurrent_ = TRY(matrix_of(recurrent, "recurrent_kernel", columns));
  kernel_rows_ = without_last(kernel.shape);
  recurrent_rows_ = without_last(recurrent.shape);
  ENSURE(recurrent_rows_.back() == units_, "the weight 'recurrent_kernel' should have ", units_,
         " rows, got the shape ", recurrent.shape.dims());
  if (!use_bias) return {};
  const Weight& bias = layer.stored("bias");
  return read_biases(TRY(as_floats(bias)), bias.shape);
}

Status GateWeights::read_biases(const std::vector<float>& stored, const Shape& shape) {
  size_t columns = static_cast<size_t>(gates_ * units_);
  ENSURE(stored.size() == columns || stored.size() == 2 * columns, "the weight 'bias' should have ",
         columns, " or ", 2 * columns, " elements, got the shape ", shape.dims());
  auto middle = stored.begin() + static_cast<int64_t>(columns);
  bias_.assign(stored.begin(), middle);
  recurrent_bias_.assign(middle, stored.end());
  return {};
}

Status GateWeights::read_older(LayerImport& layer, bool use_bias) {
  std::span<const OlderGate> older =
      gates_ == 4 ? std::span<const OlderGate>(older_lstm) : older_gru;
  ENSURE(static_cast<int>(older.size()) == gates_, "the weights are not those of this layer");
  std::vector<std::string> roles;
  for (const OlderGate& gate : older) {
    for (std::string_view kind : {"W_", "U_", "b_"}) roles.push_back(cat(kind, gate.name));
  }
  TRY(layer.take(std::vector<std::string_view>(roles.begin(), roles.end())));
  Chosen whole{.units = units_, .columns = gates_ * units_, .gates = {}};
  if (use_bias) bias_.resize(static_cast<size_t>(whole.columns));
  for (size_t i = 0; i < older.size(); ++i) {
    const Weight* parts[3];
    for (size_t k = 0; k < 3; ++k) parts[k] = &layer.stored(roles[3 * i + k]);
    if (i == 0) {
      index_ = parts[0]->index;
      kernel_rows_ = without_last(parts[0]->shape);
      recurrent_rows_ = without_last(parts[1]->shape);
    }
    std::vector<float> kernel = TRY(matrix_of(*parts[0], "W", units_));
    ENSURE(without_last(parts[0]->shape) == kernel_rows_, "the weight ", quoted(parts[0]->path),
           " has another number of rows than that of the first gate");
    std::vector<float> recurrent = TRY(matrix_of(*parts[1], "U", units_));
    ENSURE(without_last(parts[1]->shape) == recurrent_rows_ && recurrent_rows_.back() == units_,
           "the weight ", quoted(parts[1]->path), " should have ", units_, " rows");
    place_gate(kernel, whole, older[i].place, kernel_);
    place_gate(recurrent, whole, older[i].place, recurrent_);
    if (!use_bias) continue;
    ENSURE(parts[2]->shape == Shape{units_}, "the weight ", quoted(parts[2]->path), " should have ",
           units_, " elements");
    std::vector<float> bias = TRY(as_floats(*parts[2]));
    std::copy(bias.begin(), bias.end(), bias_.begin() + older[i].place * units_);
  }
  return {};
}

void GateWeights::translate_cudnn() {
  constexpr int all[] = {0, 1, 2, 3};
  Chosen whole{units_, gates_ * units_, std::span(all).first(static_cast<size_t>(gates_))};
  kernel_ = from_cudnn(kernel_, whole, true);
  recurrent_ = from_cudnn(recurrent_, whole, false);
  if (gates_ != 4) return;
  for (size_t i = 0; i < recurrent_bias_.size(); ++i) bias_[i] += recurrent_bias_[i];
  recurrent_bias_.clear();
}

ValueId GateWeights::matrix(Emitter& emitter, std::string_view role, Gates gates,
                            bool flipped) const {
  std::string key =
      cat("gates ", index_, role, flipped, std::vector<int>(gates.begin(), gates.end()));
  auto known = emitter.graph().weights.find(key);
  if (known != emitter.graph().weights.end()) return known->second;
  bool is_kernel = role == "kernel";
  Chosen chosen{units_, gates_ * units_, gates};
  const std::vector<float>& stored = is_kernel ? kernel_ : recurrent_;
  const Shape& rows = is_kernel ? kernel_rows_ : recurrent_rows_;
  Shape shape;
  if (flipped) shape.push_back(chosen.count());
  if (flipped && rows.rank() == 2) shape.push_back(1);  // {width, channels}: of height 1
  for (int64_t extent : rows) shape.push_back(extent);
  if (!flipped) shape.push_back(chosen.count());
  Constant data = Constant::of(flipped ? transposed(stored, chosen) : as_stored(stored, chosen));
  ValueId id = emitter.raw_constant(role, {DType::f32, std::move(shape), {}, {}}, std::move(data));
  emitter.graph().weights.emplace(std::move(key), id);
  return id;
}

ValueId GateWeights::kernel(Emitter& emitter, Gates gates) const {
  return matrix(emitter, "kernel", gates, true);
}
ValueId GateWeights::recurrent(Emitter& emitter, Gates gates) const {
  return matrix(emitter, "recurrent_kernel", gates, true);
}
ValueId GateWeights::kernel_as_stored(Emitter& emitter, Gates gates) const {
  return matrix(emitter, "kernel", gates, false);
}
ValueId GateWeights::recurrent_as_stored(Emitter& emitter, Gates gates) const {
  return matrix(emitter, "recurrent_kernel", gates, false);
}

ValueId GateWeights::bias(Emitter& emitter, Gates gates, bool joint) const {
  if (!has_bias()) return no_value;
  Chosen chosen{units_, gates_ * units_, gates};
  std::vector<float> bias = as_stored(bias_, chosen);
  if (joint && has_recurrent_bias()) {
    std::vector<float> second = as_stored(recurrent_bias_, chosen);
    for (size_t i = 0; i < bias.size(); ++i) bias[i] += second[i];
  }
  return emitter.constant(std::move(bias), {chosen.count()}, "bias");
}

ValueId GateWeights::recurrent_bias(Emitter& emitter, Gates gates) const {
  if (!has_recurrent_bias()) return no_value;
  Chosen chosen{units_, gates_ * units_, gates};
  return emitter.constant(as_stored(recurrent_bias_, chosen), {chosen.count()}, "recurrent_bias");
}

}  // namespace wherry::keras
