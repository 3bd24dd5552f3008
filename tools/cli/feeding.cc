// Finds the input each file, and each array of a file, is for.
#include "feeding.h"

#include <cstdio>
#include <set>

#include "command.h"
#include "pixels.h"

namespace wherry::cli {
namespace {

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// The input an array is for: by name, or "in<i>"; step is what follows in "in<i>_<step>".
struct Target {
  int input = -1, step = 0;
};

Target target_of(const Runner& runner, const std::string& key) {
  for (int i = 0; i < runner.input_count(); ++i) {
    bool its_name = key == runner.input_name(i) || key == runner.input_info(i).name;
    if (its_name || key == "in:" + runner.input_name(i)) return {i, 0};
  }
  int input = 0, step = 0, used = 0;
  if (std::sscanf(key.c_str(), "in%d_%d%n", &input, &step, &used) == 2 &&
      static_cast<size_t>(used) == key.size())
    return {input, step};
  used = 0;
  if (std::sscanf(key.c_str(), "in%d%n", &input, &used) == 1 &&
      static_cast<size_t>(used) == key.size())
    return {input, 0};
  return {};
}

std::string input_list(const Runner& runner, const std::set<int>& left_out) {
  std::string names;
  for (int i = 0; i < runner.input_count(); ++i) {
    if (!left_out.count(i)) names += (names.empty() ? "'" : ", '") + runner.input_name(i) + "'";
  }
  return names;
}

class InputReader {
 public:
  InputReader(const Runner& runner, const InputOptions& options, const Console& console)
      : runner_(runner), options_(options), console_(console) {}

  Expected<Steps> read() {
    for (const std::string& text : options_.inputs)
      TRY(read_option(text).context("while reading --input " + text));
    if (options_.preprocess_given && !saw_pixels_)
      return Error{.code = ErrorCode::usage,
                   .message = "--preprocess is for pictures and for arrays of uint8",
                   .received = "other data",
                   .advice = "leave it out, or prepare the numbers in the file"};
    if (steps_.empty()) steps_[0] = {};
    TRY(complete());
    return std::move(steps_);
  }

 private:
  Status read_option(const std::string& text) {
    auto [name, path] = name_and_value(text);
    if (name.empty() && ends_with(path, ".npz")) return read_arrays_of_all(path);
    int index = TRY(index_of(name, text));
    TRY(claim(index, 0, text));
    steps_[0][index] = TRY(read_one(index, path));
    return {};
  }

  Expected<int> index_of(const std::string& name, const std::string& text) const {
    if (!name.empty()) return find_input(runner_, name);
    if (runner_.input_count() == 1) return 0;
    return Error{.code = ErrorCode::usage,
                 .message = runner_.input_count() == 0
                                ? "the model has no inputs"
                                : "the model has several inputs: " + input_list(runner_, {}),
                 .received = text,
                 .advice = runner_.input_count() == 0 ? "leave --input out"
                                                      : "say which one: --input NAME=" + text};
  }

  Status claim(int index, int step, const std::string& text) {
    if (!steps_[step].count(index)) return {};
    return Error{.code = ErrorCode::usage,
                 .message = "the input '" + runner_.input_name(index) + "' is given twice",
                 .received = text,
                 .advice = "name the inputs: --input NAME=FILE"};
  }

  /// An array of an archive is for the input of its name or number.
  Status read_arrays_of_all(const std::string& path) {
    std::vector<Array> arrays = TRY(read_arrays(path));
    if (arrays.size() > 1)
      arrays.erase(std::remove_if(arrays.begin(), arrays.end(),
                                  [&](const Array& array) {
                                    return is_label_name(array.name) &&
                                           target_of(runner_, array.name).input < 0;
                                  }),
                   arrays.end());
    for (Array& array : arrays) {
      Target target = target_of(runner_, array.name);
      bool only = arrays.size() == 1 && runner_.input_count() == 1;
      if (target.input < 0 && only) target = {0, 0};
      if (target.input < 0 || target.input >= runner_.input_count()) {
        return Error{
            .code = ErrorCode::invalid_data,
            .message =
                "the array '" + array.name + "' of " + path + " belongs to no input of the model",
            .advice = "name arrays as the inputs (wherry inspect MODEL), or in0, in1, ..."};
      }
      TRY(claim(target.input, target.step, array.name));
      steps_[target.step][target.input] = TRY(fitted(target.input, std::move(array)));
    }
    return {};
  }

  /// The data for one input: all of an array, or the first sample of other files.
  Expected<Array> read_one(int index, const std::string& path) {
    if (ends_with(path, ".npy") || ends_with(path, ".npz")) {
      std::vector<Array> arrays = TRY(read_arrays(path));
      for (Array& array : arrays) {
        bool its_own = arrays.size() == 1 || target_of(runner_, array.name).input == index;
        if (!its_own) continue;
        Array whole = TRY(fitted(index, std::move(array)));
        if (ends_with(path, ".npz") || agrees(index, whole.shape)) return whole;
      }
    }
    DataSet data = TRY(DataSet::open(path, options_.preprocess));
    if (data.has_pixels()) saw_pixels(index, data.suited_preprocess(runner_.input_info(index)));
    return data.array(runner_, index, 0);
  }

  /// Whether the input takes this shape as it is.
  bool agrees(int index, const std::vector<int64_t>& shape) const {
    TensorInfo info = runner_.input_info(index);
    if (shape.size() != info.shape.size()) return false;
    for (size_t axis = 0; axis < shape.size(); ++axis) {
      bool open = axis < info.shape_signature.size() && info.shape_signature[axis] < 0;
      if (!open && shape[axis] != info.shape[axis]) return false;
    }
    return true;
  }

  /// Adds a missing batch axis; pixels become what --preprocess makes of them.
  Expected<Array> fitted(int index, Array array) {
    TensorInfo info = runner_.input_info(index);
    if (array.shape.size() + 1 == info.shape.size() && !info.shape.empty())
      array.shape.insert(array.shape.begin(), 1);
    if (array.type != ElementType::uint8 || info.type == ElementType::uint8) {
      saw_pixels_ = saw_pixels_ || array.type == ElementType::uint8;
      warn_of_range(console_, runner_, index, array);
      return array;
    }
    if (options_.preprocess_given)
      return saw_pixels_ = true, preprocessed(array, options_.preprocess);
    const std::string suited = suited_preprocess(info, array);
    saw_pixels(index, suited);
    return preprocessed(array, suited);
  }

  void saw_pixels(int index, const std::string& suited) {
    saw_pixels_ = true;
    if (!options_.preprocess_given) tell_of_pixels(console_, runner_, index, suited);
  }

  /// An input without an array for a step keeps that of the step before.
  Status complete() {
    const std::map<int, Array>* before = nullptr;
    for (auto& [step, arrays] : steps_) {
      if (before) arrays.insert(before->begin(), before->end());
      before = &arrays;
    }
    std::set<int> given;
    for (const auto& [index, array] : steps_.begin()->second) given.insert(index);
    std::string missing = input_list(runner_, given);
    if (missing.empty()) return {};
    return Error{.code = ErrorCode::usage,
                 .message = "no data was given for the input " + missing,
                 .advice = "--input NAME=FILE for each input, or an .npz with an array for each"};
  }

  const Runner& runner_;
  const InputOptions& options_;
  const Console& console_;
  Steps steps_;
  bool saw_pixels_ = false;
};

}  // namespace

std::pair<std::string, std::string> name_and_value(const std::string& text) {
  size_t mark = text.find('=');
  if (mark == std::string::npos) return {"", text};
  return {text.substr(0, mark), text.substr(mark + 1)};
}

Expected<int> find_input(const Runner& runner, const std::string& name) {
  Expected<int> index = runner.input_index(name);
  for (int i = 0; !index && i < runner.input_count(); ++i) {
    if (runner.input_info(i).name == name) return i;
  }
  return index;
}

Expected<Steps> read_inputs(const Runner& runner, const InputOptions& options,
                            const Console& console) {
  return InputReader(runner, options, console).read();
}

}  // namespace wherry::cli
