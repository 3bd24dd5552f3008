// wherry evaluate: accuracy of models on labelled data, as one table.
#include <algorithm>
#include <chrono>
#include <memory>

#include "command.h"
#include "labels.h"
#include "pixels.h"
#include "wherry/data.h"

namespace wherry::cli {
namespace {

struct Settings {
  std::vector<std::string> models;
  std::string data, labels, preprocess = "auto";
  bool preprocess_given = false;
  size_t limit = 0;
};

struct Result {
  std::string model;
  int64_t bytes = 0;
  size_t samples = 0, labelled = 0, correct = 0, agreeing = 0;
  double median_ms = 0;
  std::vector<size_t> answers;

  double accuracy() const {
    return labelled ? static_cast<double>(correct) / static_cast<double>(labelled) : 0;
  }
  double agreement() const {
    return samples ? static_cast<double>(agreeing) / static_cast<double>(samples) : 0;
  }
};

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

/// Maps the data's classes (folder names) to the model's (lines of a label file).
Expected<std::vector<int>> class_numbers(const DataSet& data, const std::string& labels) {
  std::vector<int> numbers;
  if (labels.empty()) return numbers;
  std::vector<std::string> names = TRY(read_labels(labels));
  for (const std::string& name : data.classes()) {
    auto place = std::find(names.begin(), names.end(), name);
    if (place == names.end()) {
      return Error{.code = ErrorCode::invalid_data,
                   .message = "the class '" + name + "' of the data is not in the labels",
                   .advice = "name the folders as the lines of --labels"};
    }
    numbers.push_back(static_cast<int>(place - names.begin()));
  }
  return numbers;
}

class Evaluation {
 public:
  Evaluation(const Settings& settings, const Common& common, Console& console)
      : settings_(settings), common_(common), console_(console) {}

  Outcome run() {
    DataSet data = TRY(DataSet::open(settings_.data, settings_.preprocess));
    if (!data.labelled()) console_.warn("the data has no labels: accuracy is left out");
    numbers_ = TRY(class_numbers(data, settings_.labels));
    TRY(check_use(data));
    for (const std::string& model : settings_.models) TRY(Model::load(model));
    std::vector<Result> results;
    for (const std::string& model : settings_.models) {
      results.push_back(TRY(evaluate(model, data, results.empty() ? nullptr : &results[0])));
    }
    report(results, data.labelled());
    return 0;
  }

 private:
  /// Options that this data has no use for are mistakes.
  Status check_use(const DataSet& data) const {
    if (!settings_.labels.empty() && data.classes().empty())
      return Error{.code = ErrorCode::usage,
                   .message = "--labels is for data with a folder for each class",
                   .received = settings_.data,
                   .advice = "leave it out: this data has class numbers, or none"};
    if (settings_.preprocess_given && !data.has_pixels())
      return Error{.code = ErrorCode::usage,
                   .message = "--preprocess is for pictures and for arrays of uint8",
                   .received = settings_.data,
                   .advice = "leave it out, or prepare the numbers in the file"};
    return {};
  }

  int expected(const DataSet& data, size_t sample) const {
    int label = data.label(sample);
    return label >= 0 && static_cast<size_t>(label) < numbers_.size()
               ? numbers_[static_cast<size_t>(label)]
               : label;
  }

  Expected<Result> evaluate(const std::string& path, const DataSet& data, const Result* first) {
    Model model = TRY(Model::load(path));
    Interpreter interpreter = TRY(Interpreter::create(model, {.threads = common_.threads}));
    Result result{.model = path, .bytes = model.file_bytes()};
    const bool ours = !settings_.preprocess_given && data.has_pixels();
    if (ours && interpreter.input_count() == 1)
      tell_of_pixels(console_, interpreter, 0, data.suited_preprocess(interpreter.input_info(0)));
    size_t count = settings_.limit ? std::min(settings_.limit, data.size()) : data.size();
    std::vector<double> times;
    size_t per_run = 1;
    for (size_t i = 0; i < count; i += per_run) {
      if (i / per_run % 50 == 0)
        console_.progress("evaluate " + path, static_cast<double>(i) / static_cast<double>(count));
      per_run = TRY(data.feed(interpreter, i));
      auto start = std::chrono::steady_clock::now();
      TRY(interpreter.run());
      times.push_back(
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
              .count());
      const std::vector<size_t> answers = TRY(answers_of(interpreter, path, per_run));
      for (size_t k = 0; k < per_run && i + k < count; ++k)
        note(result, answers[k], expected(data, i + k), first);
    }
    result.median_ms = median(std::move(times));
    console_.end_progress();
    return result;
  }

  /// The largest of each sample's scores; of a single score, whether it is above one half.
  static Expected<std::vector<size_t>> answers_of(const Runner& runner, const std::string& path,
                                                  size_t samples) {
    const std::vector<float> scores = TRY(runner.output_as_float(0));
    if (scores.empty() || scores.size() % samples != 0)
      return Error{.code = ErrorCode::invalid_data,
                   .message = "the first output of " + path + " has no values for each sample"};
    const size_t width = scores.size() / samples;
    std::vector<size_t> answers;
    for (auto row = scores.begin(); row != scores.end(); row += static_cast<ptrdiff_t>(width)) {
      const auto end = row + static_cast<ptrdiff_t>(width);
      answers.push_back(width == 1 ? *row > 0.5f
                                   : static_cast<size_t>(std::max_element(row, end) - row));
    }
    return answers;
  }

  static void note(Result& result, size_t answer, int label, const Result* first) {
    size_t i = result.samples++;
    result.answers.push_back(answer);
    result.labelled += label >= 0;
    result.correct += label >= 0 && answer == static_cast<size_t>(label);
    result.agreeing += !first || first->answers[i] == answer;
  }

  void report(const std::vector<Result>& results, bool labelled) const {
    std::vector<std::vector<std::string>> rows = {
        {"model", "bytes", "samples", "accuracy", "agreement", "median"}};
    nlohmann::json json = {{"schema", "wherry.evaluate/1"}, {"results", nlohmann::json::array()}};
    for (const Result& result : results) {
      rows.push_back({result.model, std::to_string(result.bytes), std::to_string(result.samples),
                      labelled ? fixed(100 * result.accuracy(), 2) + " %" : "-",
                      fixed(100 * result.agreement(), 2) + " %",
                      fixed(result.median_ms, 3) + " ms"});
      json["results"].push_back(
          {{"model", result.model},
           {"bytes", result.bytes},
           {"samples", result.samples},
           {"accuracy", labelled ? nlohmann::json(result.accuracy()) : nlohmann::json()},
           {"agreement", result.agreement()},
           {"median_ms", result.median_ms}});
    }
    console_.print(table(rows));
    console_.print(json);
  }

  const Settings& settings_;
  const Common& common_;
  Console& console_;
  std::vector<int> numbers_;
};

std::function<Outcome()> setup(CLI::App& app, const Common& common, Console& console) {
  auto settings = std::make_shared<Settings>();
  app.add_option("models", settings->models,
                 "one or more .tflite files; agreement is with the first")
      ->required()
      ->type_name("MODEL...");
  app.add_option("--data", settings->data,
                 "labelled data: a folder of class folders, .npz with 'labels', IDX, a list")
      ->required()
      ->type_name("DATA");
  app.add_option("--labels", settings->labels,
                 "the model's class names, one a line, to match folder names")
      ->type_name("FILE");
  auto* preprocess = app.add_option("--preprocess", settings->preprocess,
                                    "pixels: none, 0..1, -1..1, mean=a,b,c;std=a,b,c, or auto, "
                                    "what suits a quantised input")
                         ->type_name("SPEC")
                         ->capture_default_str();
  app.add_option("--limit", settings->limit, "use only the first N samples")
      ->type_name("N")
      ->check(CLI::Range(1, 100000000));
  return [settings, preprocess, &common, &console] {
    settings->preprocess_given = preprocess->count() > 0 && settings->preprocess != "auto";
    return Evaluation(*settings, common, console).run();
  };
}

}  // namespace

const Command evaluate_command = {
    "evaluate", "accuracy, agreement and latency of models on labelled data",
    "  wherry evaluate net.tflite --data pictures/ --preprocess -1..1\n"
    "  wherry evaluate float.tflite int8.tflite --data test.npz\n"
    "  wherry evaluate net.tflite --data t10k-images-idx3-ubyte.gz --limit 1000 --json\n",
    setup};

}  // namespace wherry::cli
