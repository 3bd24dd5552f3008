// Finds samples on disk and shapes them to a model's inputs.
#include "data/dataset.h"

#include <algorithm>
#include <filesystem>

#include "base/mapped_file.h"
#include "data/idx.h"
#include "data/image.h"
#include "data/npy.h"

namespace wherry {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::error_code problem;
  std::vector<fs::path> paths;
  fs::directory_iterator entry(folder, problem), end;
  for (; !problem && entry != end; entry.increment(problem)) {
    if (entry->path().filename().string()[0] != '.') paths.push_back(entry->path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool has_image_name(const fs::path& path) {
  std::string extension = lower(path.extension().string());
  return extension == ".jpg" || extension == ".jpeg" || extension == ".png" || extension == ".bmp";
}

/// Labels beside an IDX picture file: "images-idx3" becomes "labels-idx1".
std::string idx_labels_path(std::string path) {
  size_t place = path.rfind("images-idx3");
  if (place == std::string::npos) return {};
  path.replace(place, 11, "labels-idx1");
  std::error_code problem;
  return fs::exists(path, problem) ? path : std::string();
}

bool is_bright(const std::pair<std::string, Tensor>& array) {
  if (array.second.type.dtype != DType::u8 || is_label_name(array.first)) return false;
  return reach_beyond_one(std::as_bytes(array.second.view().span<uint8_t>()));
}

/// The rows [step, step + 1) of an array, or all of it.
TensorView rows(const Tensor& tensor, int64_t step, TensorType& type) {
  type = tensor.type;
  TensorView view = tensor.view();
  view.type = &type;
  if (step < 0) return view;
  size_t row_bytes = tensor.buffer.size() / static_cast<size_t>(type.shape[0]);
  type.shape[0] = 1;
  view.data += row_bytes * static_cast<size_t>(step);
  view.bytes = row_bytes;
  return view;
}

/// Whether data of `shape` can be fed to the spec as it is.
bool agrees(const Shape& shape, const TensorType& type) {
  if (shape.rank() != type.shape.rank()) return false;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (type.fixed(axis) && shape[axis] != type.shape[axis]) return false;
  }
  return true;
}

/// The array for an input: by the input's name or number, or the only one that is no label.
const Tensor* array_for(const std::vector<std::pair<std::string, Tensor>>& arrays, size_t input,
                        const InputSpec& spec, size_t input_count) {
  const Tensor* found = nullptr;
  for (const auto& [name, tensor] : arrays) {
    if (name == spec.name || name == cat("in", input) || name == cat("in:", spec.name))
      found = &tensor;
  }
  if (found || input_count != 1) return found;
  for (const auto& [name, tensor] : arrays) {
    if (!is_label_name(name)) return &tensor;
  }
  return nullptr;
}

Error does_not_fit(const InputSpec& spec, const Shape& shape) {
  return Error{.code = ErrorCode::invalid_data,
               .message = cat("the input ", wherry::quoted(spec.name), " takes ",
                              text_of(spec.type), ", the data does not fit"),
               .received = text_of(shape)};
}

}  // namespace

bool is_label_name(std::string_view name) {
  return name == "labels" || name == "label" || name == "y";
}

Expected<Dataset> Dataset::open(const std::string& path, const Preprocess& preprocess) {
  Dataset dataset;
  dataset.preprocess_ = preprocess;
  TRY(dataset.add(path, -1).context(cat("while reading the data ", wherry::quoted(path))));
  if (dataset.size() == 0) {
    return Error{.code = ErrorCode::cannot_read,
                 .message = cat("no data found in ", wherry::quoted(path)),
                 .advice =
                     "a folder holds pictures (.jpg, .png, .bmp), or one folder of pictures "
                     "for each class"};
  }
  return dataset;
}

Status Dataset::add(const std::string& path, int label) {
  std::error_code problem;
  if (fs::is_directory(path, problem)) return add_folder(path);
  SharedBytes file = TRY(map_file(path));
  size_t first = samples_.size();
  if (is_image(file.bytes)) {
    samples_.push_back({.picture = path, .label = label});
    return {};
  }
  if (path.ends_with(".npz")) return add_arrays(TRY(parse_npz(file)), path);
  if (path.ends_with(".npy")) {
    Arrays arrays;
    arrays.emplace_back("in0", TRY(parse_npy(file)));
    TRY(add_arrays(std::move(arrays), path));
  } else if (is_idx(file.bytes)) {
    Arrays arrays;
    arrays.emplace_back("in0", TRY(parse_idx(file.bytes)));
    std::string labels = idx_labels_path(path);
    if (!labels.empty()) arrays.emplace_back("labels", TRY(parse_idx(TRY(map_file(labels)).bytes)));
    return add_arrays(std::move(arrays), path);
  } else {
    return add_list(path, {reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()});
  }
  for (size_t i = first; i < samples_.size(); ++i) samples_[i].label = label;
  return {};
}

Status Dataset::add_folder(const std::string& path) {
  std::vector<fs::path> entries = sorted_entries(path);
  std::vector<fs::path> folders;
  for (const fs::path& entry : entries) {
    std::error_code problem;
    if (fs::is_directory(entry, problem))
      folders.push_back(entry);
    else if (has_image_name(entry))
      samples_.push_back({.picture = entry.string()});
  }
  for (size_t i = 0; i < folders.size(); ++i) {
    classes_.push_back(folders[i].filename().string());
    for (const fs::path& entry : sorted_entries(folders[i])) {
      if (has_image_name(entry))
        samples_.push_back({.picture = entry.string(), .label = static_cast<int>(i)});
    }
  }
  return {};
}

Status Dataset::add_list(const std::string& path, std::string_view text) {
  std::string_view head = text.substr(0, 4096);
  bool readable = std::none_of(head.begin(), head.end(),
                               [](char c) { return static_cast<unsigned char>(c) < 9; });
  if (!readable || text.empty()) {
    return Error{
        .code = ErrorCode::malformed,
        .message = cat(
            wherry::quoted(path),
            text.empty() ? " is empty" : " is no .npy, .npz, picture, IDX file or list of these"),
        .advice =
            "give a .npy or .npz file, a picture (JPEG, PNG, BMP), an IDX file, a "
            "folder of pictures, or a text file with one of these a line"};
  }
  ENSURE_CODE(ErrorCode::malformed, ++depth_ <= 4, "lists of data name each other");
  fs::path folder = fs::path(path).parent_path();
  int line_number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++line_number;
    line = trimmed(line);
    if (line.empty() || line[0] == '#') continue;
    int64_t label = -1;
    size_t tab = line.find('\t');
    if (tab != std::string_view::npos) {
      ENSURE_CODE(
          ErrorCode::malformed,
          parse_number(trimmed(line.substr(tab + 1)), label) && label >= 0 && label < (1 << 30),
          "line ", line_number, " has no class number after the tab");
      line = trimmed(line.substr(0, tab));
    }
    TRY(add((folder / fs::path(std::string(line))).string(), static_cast<int>(label))
            .context(cat("in line ", line_number)));
  }
  --depth_;
  return {};
}

Status Dataset::add_arrays(Arrays arrays, const std::string& path) {
  int64_t steps = -1;
  const Tensor* labels = nullptr;
  for (const auto& [name, tensor] : arrays) {
    if (is_label_name(name))
      labels = &tensor;
    else if (tensor.type.shape.rank() > 0)
      steps = steps < 0 ? tensor.type.shape[0] : std::min(steps, tensor.type.shape[0]);
  }
  ENSURE_CODE(ErrorCode::invalid_data, steps != 0 && (steps > 0 || !arrays.empty()),
              wherry::quoted(path), " holds no samples");
  std::vector<int> numbers;
  if (labels) {
    Tensor whole = TRY(fit_tensor({"labels", {DType::i32, {}, {}, {}}},
                                  {labels->type.shape.elements()}, labels->view()));
    for (int32_t number : whole.view().span<int32_t>()) numbers.push_back(number);
  }
  for (int64_t step = 0; step < std::max<int64_t>(steps, 1); ++step) {
    int label =
        static_cast<size_t>(step) < numbers.size() ? numbers[static_cast<size_t>(step)] : -1;
    samples_.push_back({.source = arrays_.size(), .step = steps < 0 ? -1 : step, .label = label});
  }
  bright_ = bright_ || std::any_of(arrays.begin(), arrays.end(), is_bright);
  arrays_.push_back(std::move(arrays));
  return {};
}

bool Dataset::labelled() const {
  return std::any_of(samples_.begin(), samples_.end(),
                     [](const Sample& sample) { return sample.label >= 0; });
}

bool Dataset::has_pictures() const {
  return std::any_of(samples_.begin(), samples_.end(),
                     [](const Sample& sample) { return !sample.picture.empty(); });
}

std::string_view Dataset::suited_preprocess(const TensorType& input) const {
  const bool stored_as_is = input.dtype == DType::u8;
  const bool pixels = has_pictures() || (bright_ && !stored_as_is);
  return pixels ? wherry::suited_preprocess(input) : "none";
}

Preprocess Dataset::preprocess_for(const TensorType& input) const {
  if (!preprocess_.automatic) return preprocess_;
  return *parse_preprocess(suited_preprocess(input));
}

bool Dataset::has_pixels() const {
  for (const Arrays& arrays : arrays_) {
    for (const auto& [name, tensor] : arrays) {
      if (tensor.type.dtype == DType::u8 && !is_label_name(name)) return true;
    }
  }
  return has_pictures();
}

std::string Dataset::name_of(size_t i) const {
  return samples_[i].picture.empty() ? cat("sample ", i) : samples_[i].picture;
}

std::vector<size_t> Dataset::spread(size_t count) const {
  count = std::min(count, size());
  std::vector<size_t> chosen(count);
  for (size_t i = 0; i < count; ++i) chosen[i] = i * size() / count;
  return chosen;
}

Expected<std::vector<Tensor>> Dataset::sample(size_t i,
                                              const std::vector<InputSpec>& inputs) const {
  const Sample& sample = samples_[i];
  std::vector<Tensor> tensors;
  ENSURE_CODE(ErrorCode::invalid_data, sample.picture.empty() || inputs.size() == 1,
              "pictures feed models of one input, this one has ", inputs.size());
  for (size_t k = 0; k < inputs.size(); ++k) {
    auto tensor = sample.picture.empty() ? array_sample(sample, k, inputs[k], inputs.size())
                                         : picture_sample(sample, inputs[k]);
    tensors.push_back(TRY(std::move(tensor).context(cat("in ", name_of(i)))));
  }
  return tensors;
}

Expected<Tensor> Dataset::array_sample(const Sample& sample, size_t input, const InputSpec& spec,
                                       size_t input_count) const {
  const Tensor* found = array_for(arrays_[sample.source], input, spec, input_count);
  ENSURE_CODE(ErrorCode::invalid_data, found, "the data has no array for the input ",
              wherry::quoted(spec.name));
  // One array of the rank without the batch axis is one sample.
  bool whole = sample.step < 0 || found->type.shape.rank() < spec.type.shape.rank();
  Shape widened = found->type.shape;
  if (whole) widened.insert(0, 1);
  if (whole && agrees(widened, spec.type)) return fit_tensor(spec, widened, found->view());
  // Arrays with a label's name do not count when samples are counted, yet an input may bear one.
  ENSURE_CODE(
      ErrorCode::invalid_data,
      sample.step < 0 || (found->type.shape.rank() > 0 && sample.step < found->type.shape[0]),
      "the data for the input ", wherry::quoted(spec.name), " of shape ", found->type.shape,
      " has no sample ", sample.step);
  TensorType type;
  TensorView view = rows(*found, sample.step, type);
  bool as_is = agrees(type.shape, spec.type);
  Shape shape = as_is ? type.shape : spec.type.shape;
  // Or a sample is a whole batch of a model that fixes one.
  bool is_batch = !as_is && spec.type.fixed() && shape.elements() == type.shape.elements();
  if (!as_is && !is_batch) {
    // A channel axis of 1 may be missing (grey pictures), or the sample may be flattened.
    bool same_count = spec.type.fixed() || !spec.type.fixed(0);
    shape[0] = 1;
    if (!same_count || shape.elements() != type.shape.elements())
      return does_not_fit(spec, type.shape);
  }
  bool pixels = view.dtype() == DType::u8 && spec.type.dtype != DType::u8;
  if (!pixels) return fit_tensor(spec, shape, view);
  std::vector<float> values;
  const Preprocess rule = preprocess_for(spec.type);
  int channels = shape.rank() == 4 ? static_cast<int>(shape[3]) : 1;
  for (int64_t i = 0; i < view.elements(); ++i)
    values.push_back(
        rule.apply(view.as<uint8_t>()[i], static_cast<int>(i) % std::max(channels, 1)));
  return fit_values(spec, shape, values);
}

Expected<Tensor> Dataset::picture_sample(const Sample& sample, const InputSpec& spec) const {
  Image image = TRY(decode_image(TRY(map_file(sample.picture)).bytes));
  const TensorType& type = spec.type;
  int rank = type.shape.rank();
  int64_t channels = rank == 4 ? type.shape[3] : 1;
  if (rank == 4 && !type.fixed(3)) channels = 3;
  bool flat = rank == 2 && type.shape[1] == static_cast<int64_t>(image.width) * image.height;
  ENSURE_CODE(ErrorCode::invalid_data,
              flat || rank == 3 || (rank == 4 && (channels == 1 || channels == 3)), "the input ",
              wherry::quoted(spec.name), " takes ", text_of(type),
              ", which is no picture of 1 or 3 channels");
  int64_t height = flat || !type.fixed(1) ? image.height : type.shape[1],
          width = flat || !type.fixed(2) ? image.width : type.shape[2];
  TRY(image_formats::check_extent(static_cast<uint64_t>(width), static_cast<uint64_t>(height)));
  std::vector<float> values =
      resized(image, static_cast<int>(width), static_cast<int>(height), static_cast<int>(channels));
  const Preprocess rule = preprocess_for(type);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = rule.apply(values[i], static_cast<int>(i % static_cast<size_t>(channels)));
  Shape shape = flat        ? Shape{1, height * width}
                : rank == 3 ? Shape{1, height, width}
                            : Shape{1, height, width, channels};
  return fit_values(spec, std::move(shape), values);
}

}  // namespace wherry
