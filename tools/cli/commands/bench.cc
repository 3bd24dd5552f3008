// wherry bench: latency, start-up time and memory of models.
#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>

#include "command.h"
#include "peak_memory.h"
#include "resizing.h"
#include "wherry/data.h"

namespace wherry::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct Settings {
  std::vector<std::string> models, resizes;
  std::string kernels = "fast";
  int runs = 50;
  double seconds = 1.0;
  bool cold = false;
};

struct Result {
  std::string model;
  size_t runs = 0;
  double median_ms = 0, min_ms = 0, p90_ms = 0, p99_ms = 0, start_ms = 0;
  uint64_t peak_bytes = 0;
};

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Floats in [-1, 1), bytes of any value, other types zeros: fixed, so that runs compare.
void fill_inputs(Runner& runner) {
  uint32_t state = 1;
  const auto next = [&state] { return state = state * 1664525u + 1013904223u; };
  for (int i = 0; i < runner.input_count(); ++i) {
    const ElementType type = runner.input_info(i).type;
    std::span<std::byte> bytes = runner.input_bytes(i);
    if (type == ElementType::float32) {
      for (size_t k = 0; k + sizeof(float) <= bytes.size(); k += sizeof(float)) {
        const float value = static_cast<float>(next() >> 8) / (1 << 23) - 1.0f;
        std::memcpy(bytes.data() + k, &value, sizeof(float));
      }
    } else if (type == ElementType::int8 || type == ElementType::uint8) {
      for (std::byte& byte : bytes) byte = static_cast<std::byte>(next() >> 24);
    } else {
      std::fill(bytes.begin(), bytes.end(), std::byte{0});
    }
  }
}

/// Memory that other work of an application would use between two runs.
class CacheSweep {
 public:
  explicit CacheSweep(bool wanted) : bytes_(wanted ? size_t{8} << 20 : 0) {}
  void run() {
    for (size_t i = 0; i < bytes_.size(); i += 64) bytes_[i] = static_cast<char>(bytes_[i] + 1);
  }

 private:
  std::vector<char> bytes_;
};

double quantile(const std::vector<double>& sorted, double share) {
  size_t index = static_cast<size_t>(share * static_cast<double>(sorted.size()));
  return sorted[std::min(index, sorted.size() - 1)];
}

/// Latencies in milliseconds, sorted, after a warm-up.
Expected<std::vector<double>> timed_runs(Interpreter& interpreter, const Settings& settings) {
  CacheSweep sweep(settings.cold);
  auto warm_up = Clock::now();
  for (int i = 0; i < 1000 && (i < 3 || milliseconds_since(warm_up) < 200 * settings.seconds); ++i)
    TRY(interpreter.run());
  std::vector<double> times;
  auto begin = Clock::now();
  while (times.size() < static_cast<size_t>(settings.runs) ||
         milliseconds_since(begin) < 1000 * settings.seconds) {
    sweep.run();
    auto one = Clock::now();
    TRY(interpreter.run());
    times.push_back(milliseconds_since(one));
  }
  std::sort(times.begin(), times.end());
  return times;
}

Expected<Result> measure(const std::string& path, const Settings& settings, int threads) {
  Result result{.model = path};
  forget_peak();
  auto start = Clock::now();
  Model model = TRY(Model::load(path));
  Kernels kernels = settings.kernels == "reference" ? Kernels::reference : Kernels::fast;
  Interpreter interpreter =
      TRY(Interpreter::create(model, {.threads = threads, .kernels = kernels}));
  TRY(resize_inputs(interpreter, settings.resizes));
  Status ready = interpreter.prepare();
  if (!ready) return with_way_out(std::move(ready).error(), interpreter, settings.resizes);
  double prepared_ms = milliseconds_since(start);
  fill_inputs(interpreter);
  start = Clock::now();
  TRY(interpreter.run());
  result.start_ms = prepared_ms + milliseconds_since(start);
  std::vector<double> times = TRY(timed_runs(interpreter, settings));
  result.runs = times.size();
  result.median_ms = quantile(times, 0.5), result.min_ms = times[0],
  result.p90_ms = quantile(times, 0.9), result.p99_ms = quantile(times, 0.99);
  result.peak_bytes = peak_bytes();
  return result;
}

void add_options(CLI::App& app, Settings& settings) {
  app.add_option("models", settings.models, "one or more .tflite files")
      ->required()
      ->type_name("MODEL...");
  app.add_option("--runs", settings.runs, "at least this many timed runs")
      ->check(CLI::Range(1, 10000000))
      ->capture_default_str();
  app.add_option("--seconds", settings.seconds, "and at least this long")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  app.add_option("--resize", settings.resizes, "give an input another shape (repeatable)")
      ->allow_extra_args(false)
      ->type_name("NAME=1,224,224,3");
  app.add_flag("--cold", settings.cold, "use 8 MiB of other memory between runs");
  app.add_option("--kernels", settings.kernels, "fast or reference")
      ->check(CLI::IsMember({"fast", "reference"}))
      ->capture_default_str();
}

std::function<Outcome()> setup(CLI::App& app, const Common& common, Console& console) {
  auto settings = std::make_shared<Settings>();
  add_options(app, *settings);
  return [settings, &common, &console]() -> Outcome {
    std::vector<std::vector<std::string>> rows = {
        {"model", "median", "min", "p90", "p99", "start", "peak memory", "runs"}};
    nlohmann::json json = {{"schema", "wherry.bench/1"}, {"results", nlohmann::json::array()}};
    for (const std::string& model : settings->models) {
      Result result = TRY(measure(model, *settings, common.threads));
      auto ms = [](double value) { return fixed(value, value < 1 ? 4 : 3) + " ms"; };
      rows.push_back({model, ms(result.median_ms), ms(result.min_ms), ms(result.p90_ms),
                      ms(result.p99_ms), ms(result.start_ms), bytes_text(result.peak_bytes),
                      std::to_string(result.runs)});
      json["results"].push_back({{"model", model},
                                 {"threads", common.threads},
                                 {"runs", result.runs},
                                 {"median_ms", result.median_ms},
                                 {"min_ms", result.min_ms},
                                 {"p90_ms", result.p90_ms},
                                 {"p99_ms", result.p99_ms},
                                 {"start_ms", result.start_ms},
                                 {"peak_bytes", result.peak_bytes}});
    }
    console.print(table(rows));
    console.print(json);
    return 0;
  };
}

}  // namespace

const Command bench_command = {
    "bench", "latency, start-up and peak memory of models",
    "  wherry bench digits.tflite\n  wherry bench float.tflite int8.tflite --threads 2\n  wherry "
    "bench net.tflite --seconds 5 --json\n",
    setup};

}  // namespace wherry::cli
