// What users feed in and get out: arrays of .npy and .npz files, pictures, IDX, folders and lists
// of these.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wherry/interpreter.h"

namespace wherry::v1 {

/// An array that owns its bytes.
struct Array {
  std::string name;
  ElementType type = ElementType::float32;
  std::vector<int64_t> shape;
  std::vector<std::byte> bytes;  ///< strings: the format's own layout, see Runner::set_string_bytes
};

/// The arrays of a .npz file, in its order, or the one of a .npy file. Errors: cannot_read,
/// malformed.
Expected<std::vector<Array>> read_arrays(const std::string& path);
/// Arrays called "labels", "label" or "y" hold class numbers where no input has this name.
bool is_label_name(std::string_view name);
/// Errors: cannot_write, unsupported (types without a NumPy form).
Status write_npz(const std::string& path, const std::vector<Array>& arrays);

/// Puts the array into input i: resized when the shapes differ in what the model leaves open,
/// converted by value when the element types differ. Errors: invalid_data.
Status feed(Runner& runner, int input, const Array& array);
/// The same for several inputs by number, all of which get their shapes before any is written:
/// many models only take them together.
Status feed(Runner& runner, const std::map<int, Array>& arrays);
/// What suits these pixels of 0..255: "0..1" or "-1..1" where these are the numbers that a
/// quantised input of 8 bits holds, else "none"; also "none" where they are 0 and 1 only.
std::string suited_preprocess(const TensorInfo& input, const Array& pixels);
/// Pixels (uint8, channels last) as the float32 numbers that `preprocess` makes of them; see
/// DataSet::open; "auto" is "none" here. Errors: usage.
Expected<Array> preprocessed(const Array& pixels, const std::string& preprocess);
/// Output i as an array.
Array fetch(const Runner& runner, int output);

/// Samples for a model, with class numbers when the data has them.
class DataSet {
 public:
  /// `path`: .npy, .npz, IDX (also .gz), a picture, a folder (sub-folders are classes in sorted
  /// order), or a text file with one of these a line. `preprocess` of pixels: "none", "0..1",
  /// "-1..1", "mean=a,b,c;std=a,b,c", or "auto", what suits each input.
  static Expected<DataSet> open(const std::string& path, const std::string& preprocess = "auto");
  size_t size() const;
  bool labelled() const;
  int label(size_t sample) const;  ///< -1: none
  const std::vector<std::string>& classes() const;
  /// Whether it has what `preprocess` is for: pictures, or arrays of uint8.
  bool has_pixels() const;
  /// What "auto" makes of pixels for this input; see suited_preprocess().
  std::string suited_preprocess(const TensorInfo& input) const;
  /// One sample as an array that fits the input; batch extent 1.
  Expected<Array> array(const Runner& runner, int input, size_t sample) const;
  /// Fills all inputs of the runner with one sample, and gives 1; where the model fixes a batch,
  /// with as many samples, past the last one those from the beginning, and gives their number.
  Expected<size_t> feed(Runner& runner, size_t sample) const;

  struct Implementation;

 private:
  std::shared_ptr<const Implementation> implementation_;
};

}  // namespace wherry::v1
