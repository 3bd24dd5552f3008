// Implements wherry/data.h over src/data.
#include "wherry/data.h"

#include <cstring>

#include "data/batches.h"
#include "data/npy.h"

namespace wherry::v1 {
namespace {

Array array_of(std::string name, const TensorView& view) {
  Array array{std::move(name), static_cast<ElementType>(view.dtype()), view.shape().dims(), {}};
  array.bytes.assign(view.data, view.data + view.bytes);
  return array;
}

TensorType type_of(const TensorInfo& info) {
  TensorType type{static_cast<DType>(info.type), Shape(info.shape), {}, {}};
  bool open = false;
  for (int64_t extent : info.shape_signature) open = open || extent < 0;
  if (open && info.shape_signature.size() == info.shape.size())
    type.signature = Shape(info.shape_signature);
  if (!info.quantization.scales.empty()) {
    Quantization q;
    q.scales = info.quantization.scales, q.zero_points = info.quantization.zero_points;
    type.quantization = std::move(q);
  }
  return type;
}

InputSpec spec_of(const Runner& runner, int input) {
  return {runner.input_name(input), type_of(runner.input_info(input))};
}

Status resize(Runner& runner, int input, const TensorView& view) {
  if (runner.input_info(input).shape == view.shape().dims()) return {};
  return runner.resize(input, view.shape().dims());
}

/// Copies a tensor of the input's own type and shape into it.
Status put(Runner& runner, int input, const TensorView& view) {
  if (runner.input_info(input).type == ElementType::string)
    return runner.set_string_bytes(input, {view.data, view.bytes});
  std::span<std::byte> target = runner.input_bytes(input);
  ENSURE_CODE(ErrorCode::invalid_data, target.size() == view.bytes, "the input ",
              quoted(runner.input_name(input)), " takes ", target.size(), " bytes, got ",
              view.bytes);
  if (view.bytes) std::memcpy(target.data(), view.data, view.bytes);
  return {};
}

/// An array made by hand may hold fewer bytes than its shape says.
Status check_bytes(const Array& array) {
  const Shape shape(array.shape);
  for (int64_t extent : array.shape)
    ENSURE_CODE(ErrorCode::usage, extent >= 0, "the array ", quoted(array.name),
                " cannot have the shape ", shape);
  if (array.type == ElementType::string) return {};  // strings_of() checks them
  const int64_t wanted =
      TRY(byte_size(static_cast<DType>(array.type), TRY(shape.checked_elements())));
  ENSURE_CODE(ErrorCode::usage, static_cast<int64_t>(array.bytes.size()) == wanted, "the array ",
              quoted(array.name), " of ", name_of(array.type), shape, " needs ", wanted,
              " bytes, it has ", array.bytes.size());
  return {};
}

/// What is wrong with data whose batch is another than the one the model fixes, where the model
/// cannot run on it: in place of the words of the operator that noticed.
Error wrong_batch(const InputSpec& declared, const Shape& given, const Error& noticed) {
  Shape wanted = declared.type.shape;
  return {.code = ErrorCode::invalid_data,
          .message = cat("the input ", quoted(declared.name), " takes batches of ", wanted[0],
                         ", and this model cannot run on ", given[0]),
          .received = text_of(given),
          .advice = cat("give an array of shape ", text_of(wanted),
                        ", or convert the model again with an open batch"),
          .context = {cat("noticed by ", noticed.where, ": ", noticed.message)}};
}

bool is_other_batch(const InputSpec& declared, const Shape& given) {
  const TensorType& type = declared.type;
  if (type.shape.rank() == 0 || given.rank() != type.shape.rank() || !type.fixed(0)) return false;
  Shape same_batch = given;
  same_batch[0] = type.shape[0];
  return given[0] != type.shape[0] && same_batch == type.shape;
}

/// Plans for the new shapes; an error says which inputs got shapes that the model does not declare.
Status prepare(Runner& runner, const std::vector<InputSpec>& declared) {
  Status status = runner.prepare();
  if (status) return {};
  Error error = std::move(status).error();
  for (size_t i = 0; i < declared.size(); ++i) {
    Shape shape(runner.input_info(static_cast<int>(i)).shape);
    if (is_other_batch(declared[i], shape)) return wrong_batch(declared[i], shape, error);
    if (shape != declared[i].type.shape)
      error.context.push_back(cat("after the input ", quoted(declared[i].name), ", declared as ",
                                  text_of(declared[i].type), ", was given the shape ", shape));
  }
  return error;
}

/// Resizes all inputs, then plans, then copies.
Status put_all(Runner& runner, const std::map<int, TensorView>& views) {
  std::vector<InputSpec> declared;
  for (int i = 0; i < runner.input_count(); ++i) declared.push_back(spec_of(runner, i));
  for (const auto& [input, view] : views) TRY(resize(runner, input, view));
  TRY(prepare(runner, declared));
  for (const auto& [input, view] : views) TRY(put(runner, input, view));
  return {};
}

}  // namespace

Expected<std::vector<Array>> read_arrays(const std::string& path) {
  SharedBytes file = TRY(map_file(path));
  std::vector<Array> arrays;
  if (path.ends_with(".npy")) {
    Tensor tensor = TRY(parse_npy(file).context(cat("while reading ", quoted(path))));
    arrays.push_back(array_of("in0", tensor.view()));
    return arrays;
  }
  for (const auto& [name, tensor] :
       TRY(parse_npz(file).context(cat("while reading ", quoted(path)))))
    arrays.push_back(array_of(name, tensor.view()));
  return arrays;
}

bool is_label_name(std::string_view name) { return wherry::is_label_name(name); }

Status write_npz(const std::string& path, const std::vector<Array>& arrays) {
  std::vector<TensorType> types;
  types.reserve(arrays.size());
  std::vector<std::pair<std::string, TensorView>> views;
  for (const Array& array : arrays) {
    TRY(check_bytes(array));
    types.push_back({static_cast<DType>(array.type), Shape(array.shape), {}, {}});
    views.emplace_back(
        array.name,
        TensorView{&types.back(), const_cast<std::byte*>(array.bytes.data()), array.bytes.size()});
  }
  return write_file(path, TRY(npz_bytes(views)));
}

Status feed(Runner& runner, int input, const Array& array) {
  return feed(runner, std::map<int, Array>{{input, array}});
}

Status feed(Runner& runner, const std::map<int, Array>& arrays) {
  std::map<int, TensorType> types;
  std::map<int, Tensor> converted;
  std::map<int, TensorView> views;
  for (const auto& [input, array] : arrays) {
    ENSURE_CODE(ErrorCode::usage, input >= 0 && input < runner.input_count(), "there is no input ",
                input, "; the graph has ", runner.input_count());
    TRY(check_bytes(array).context(
        cat("while feeding the input ", quoted(runner.input_name(input)))));
    TensorType& type = types[input] = {static_cast<DType>(array.type), Shape(array.shape), {}, {}};
    TensorView view{&type, const_cast<std::byte*>(array.bytes.data()), array.bytes.size()};
    InputSpec spec = spec_of(runner, input);
    if (type.dtype != spec.type.dtype) {
      converted[input] = TRY(fit_tensor(spec, type.shape, view));
      view = converted[input].view();
    }
    views[input] = view;
  }
  return put_all(runner, views);
}

std::string suited_preprocess(const TensorInfo& input, const Array& pixels) {
  if (!reach_beyond_one(pixels.bytes)) return "none";
  return std::string(wherry::suited_preprocess(type_of(input)));
}

Expected<Array> preprocessed(const Array& pixels, const std::string& preprocess) {
  Preprocess rule = TRY(parse_preprocess(preprocess));
  ENSURE_CODE(ErrorCode::usage, pixels.type == ElementType::uint8,
              "pixels are of type uint8, these are of ", name_of(pixels.type));
  int64_t channels = pixels.shape.size() == 4 ? std::max<int64_t>(pixels.shape[3], 1) : 1;
  std::vector<float> values(pixels.bytes.size());
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = rule.apply(std::to_integer<uint8_t>(pixels.bytes[i]),
                           static_cast<int>(static_cast<int64_t>(i) % channels));
  Array result{pixels.name, ElementType::float32, pixels.shape, {}};
  auto bytes = std::as_bytes(std::span(values));
  result.bytes.assign(bytes.begin(), bytes.end());
  return result;
}

Array fetch(const Runner& runner, int output) {
  TensorInfo info = runner.output_info(output);
  std::span<const std::byte> bytes = runner.output_bytes(output);
  return {runner.output_name(output), info.type, info.shape, {bytes.begin(), bytes.end()}};
}

struct DataSet::Implementation {
  Dataset data;
};

Expected<DataSet> DataSet::open(const std::string& path, const std::string& preprocess) {
  DataSet set;
  Dataset data = TRY(Dataset::open(path, TRY(parse_preprocess(preprocess))));
  set.implementation_ = std::make_shared<const Implementation>(Implementation{std::move(data)});
  return set;
}

size_t DataSet::size() const { return implementation_->data.size(); }
bool DataSet::labelled() const { return implementation_->data.labelled(); }
int DataSet::label(size_t sample) const { return implementation_->data.label(sample); }
const std::vector<std::string>& DataSet::classes() const { return implementation_->data.classes(); }

bool DataSet::has_pixels() const { return implementation_->data.has_pixels(); }

std::string DataSet::suited_preprocess(const TensorInfo& input) const {
  return std::string(implementation_->data.suited_preprocess(type_of(input)));
}

Expected<Array> DataSet::array(const Runner& runner, int input, size_t sample) const {
  ENSURE_CODE(ErrorCode::usage, input >= 0 && input < runner.input_count() && sample < size(),
              "there is no input ", input, " or no sample ", sample);
  std::vector<Tensor> tensors = TRY(implementation_->data.sample(sample, {spec_of(runner, input)}));
  return array_of(runner.input_name(input), tensors[0].view());
}

Expected<size_t> DataSet::feed(Runner& runner, size_t sample) const {
  ENSURE_CODE(ErrorCode::usage, sample < size(), "there is no sample ", sample);
  std::vector<InputSpec> specs;
  for (int i = 0; i < runner.input_count(); ++i) specs.push_back(spec_of(runner, i));
  const Batches batches = Batches::from(implementation_->data, std::move(specs), sample);
  std::vector<Tensor> tensors = TRY(batches.run(0));
  std::map<int, TensorView> views;
  for (size_t i = 0; i < tensors.size(); ++i) views[static_cast<int>(i)] = tensors[i].view();
  TRY(put_all(runner, views));
  return batches.per_run();
}

}  // namespace wherry::v1
