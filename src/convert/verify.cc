// Asks the converted file what the source was asked, and judges the difference.
#include "convert/verify.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "convert/movement.h"
#include "convert/smaller_pictures.h"
#include "data/dataset.h"
#include "ir/truth.h"
#include "runtime/frugal_run.h"
#include "tflite/reader.h"

namespace wherry {
namespace {

/// How far the outputs may be off, root mean square over root mean square. Sound files stay well
/// below; a lost layer or a wrong scale gives about 1 and more.
double tolerance(Format format) {
  switch (format) {
    case Format::float32:
      return 1e-3;
    case Format::float16:
      return 0.03;
    case Format::dynamic:
      return 0.3;
    case Format::int8:
      return 0.5;
  }
  return 0;
}

std::vector<float> real_values(const TensorView& view) {
  std::vector<float> values;
  if (view.dtype() == DType::string) {  // counts, offsets and letters: equal texts, equal bytes
    for (size_t i = 0; i < view.bytes; ++i)
      values.push_back(static_cast<float>(std::to_integer<int>(view.data[i])));
  }
  for_type<float, half, Truth, int8_t, uint8_t, int16_t, int32_t, int64_t>(
      view.dtype(), [&]<class T>() {
        for (const T& element : view.span<T>()) values.push_back(static_cast<float>(element));
      });
  if (view.type->quantized()) {
    for (float& value : values)
      value = (value - static_cast<float>(view.type->zero_point())) * view.type->scale();
  }
  return values;
}

/// Sums over all samples of one output.
struct Difference {
  double squares = 0, source_squares = 0;
  double largest = 0, source_largest = 0;
  size_t count = 0;
  float step = 0;              ///< of the integers the output is or was stored in, 0 for floats
  bool other_numbers = false;  ///< NaN or infinity on one side only

  void add(float expected, float got) {
    ++count;
    if (!std::isfinite(expected) || !std::isfinite(got)) {
      bool both_nan = std::isnan(expected) && std::isnan(got);
      other_numbers = other_numbers || (expected != got && !both_nan);
      return;
    }
    double difference = std::abs(static_cast<double>(expected) - got);
    squares += difference * difference;
    source_squares += static_cast<double>(expected) * expected;
    largest = std::max(largest, difference);
    source_largest = std::max(source_largest, std::abs(static_cast<double>(expected)));
  }
  double relative() const {
    if (other_numbers) return std::numeric_limits<double>::infinity();
    return largest / std::max(source_largest, 1e-6);
  }
  double root_mean_square() const { return root_mean(squares); }
  /// One step of the output's integers is always explained.
  bool explained(double share) const {
    return !other_numbers && root_mean_square() <= share * root_mean(source_squares) + step + 1e-6;
  }

 private:
  double root_mean(double sum) const {
    return std::sqrt(sum / static_cast<double>(std::max<size_t>(count, 1)));
  }
};

Expected<std::vector<Tensor>> ask(const Model& model, const std::vector<Tensor>& inputs,
                                  const ConvertOptions& options) {
  std::vector<Tensor> fed;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Value& value = model.main().value(model.main().inputs[i]);
    if (value.type.dtype == DType::string) {
      fed.push_back(TRY(Tensor::copy_of(inputs[i].view())));
      continue;
    }
    fed.push_back(
        TRY(fit_tensor({value.name, value.type}, inputs[i].type.shape, inputs[i].view())));
  }
  std::vector<TensorView> views;
  for (const Tensor& tensor : fed) views.push_back(tensor.view());
  SessionOptions session;
  session.plan.threads = threads_of(options);
  auto outputs = run_frugally(model, views, session);
  if (!outputs) {
    Error error = std::move(outputs).error();
    error.code = ErrorCode::verification_failed;
    error.context.push_back("while running the converted file");
    return error;
  }
  return outputs;
}

Status note(Difference& sums, const Tensor& expected, const Tensor& got, const std::string& name) {
  std::vector<float> a = real_values(expected.view()), b = real_values(got.view());
  ENSURE_CODE(ErrorCode::verification_failed, a.size() == b.size(), "the output ", quoted(name),
              " has the shape ", got.type.shape, ", in the source ", expected.type.shape);
  for (size_t i = 0; i < a.size(); ++i) sums.add(a[i], b[i]);
  return {};
}

/// The step of the integers an output is stored in, or was until the last node: 0 for floats.
std::vector<float> steps_of_outputs(const Graph& graph) {
  std::vector<NodeId> producers = graph.producers();
  std::vector<float> steps;
  for (ValueId output : graph.outputs) {
    NodeId id = producers[static_cast<size_t>(output)];
    const Node* last = id == no_node ? nullptr : &graph.nodes[static_cast<size_t>(id)];
    bool widened = last && last->op->name == "DEQUANTIZE";
    const TensorType& stored = graph.value(widened ? last->inputs[0] : output).type;
    steps.push_back(stored.quantized() ? stored.scale() : 0);
  }
  return steps;
}

/// How far the file's outputs move when its inputs and weights move a little. Each movement is made
/// when those before do not explain a difference.
class OwnMovements {
 public:
  OwnMovements(const Model& model, const Probe& probe, const ConvertOptions& options)
      : model_(model), probe_(probe), options_(options) {
    for (const Movement& movement : movements_of(options.format)) {
      for (uint32_t pattern : {1u, 1000u, 1000000u}) left_.push_back({movement, pattern});
    }
    std::reverse(left_.begin(), left_.end());
  }

  Expected<bool> explain(const Difference& sums, size_t output) {
    if (sums.other_numbers) return false;
    for (size_t i = 0; i < made_.size() || !left_.empty(); ++i) {
      if (i == made_.size()) TRY(make_next());
      const Difference& moved = made_[i].outputs[output];
      if (!moved.other_numbers &&
          sums.root_mean_square() <= made_[i].times * moved.root_mean_square())
        return true;
    }
    return false;
  }

 private:
  struct Planned {
    Movement movement;
    uint32_t pattern = 0;
  };
  struct Made {
    double times = 0;
    std::vector<Difference> outputs;
  };

  Status make_next() {
    auto [movement, pattern] = left_.back();
    left_.pop_back();
    const std::vector<Tensor>& inputs = probe_.samples[0].inputs;
    if (before_.empty()) before_ = TRY(ask(model_, inputs, options_));
    std::vector<Tensor> moved;
    for (const Tensor& input : inputs)
      moved.push_back(TRY(moved_a_little(input, movement.share, pattern)));
    Model shaken = with_moved_weights(model_, movement.share, pattern);
    std::vector<Tensor> after = TRY(ask(shaken, moved, options_));
    Made made{movement.times, std::vector<Difference>(before_.size())};
    for (size_t k = 0; k < before_.size(); ++k)
      TRY(note(made.outputs[k], before_[k], after[k], probe_.output_names[k]));
    made_.push_back(std::move(made));
    return {};
  }

  const Model& model_;
  const Probe& probe_;
  const ConvertOptions& options_;
  std::vector<Planned> left_;  ///< the next one last
  std::vector<Made> made_;
  std::vector<Tensor> before_;
};

/// No number of the source is as large as half a step: the file answers the same, whatever it is
/// asked, and that is all its integers can say.
bool below_the_step(const Difference& sums) {
  return !sums.other_numbers && sums.step > 0 && sums.source_largest < sums.step / 2 &&
         sums.largest <= sums.step;
}

std::string too_small(const std::string& name, const Difference& sums) {
  return cat("the largest number of the output ", quoted(name), " is ", sums.source_largest,
             ", less than half a step of its integers (", sums.step,
             "), so that the file says 0 there: nothing is verified");
}

std::string nothing_to_say(const std::string& name, const Difference& sums) {
  return cat("the output ", quoted(name), " differs from the source's by ", sums.largest,
             " (largest number ", sums.source_largest,
             "), which roundings explain: the model magnifies them, as networks do that were not "
             "trained, so that nothing is verified");
}

Error too_different(const std::string& name, const Difference& sums, Format format) {
  Error error{.code = ErrorCode::verification_failed,
              .message = cat("the output ", quoted(name), " differs from the source's by ",
                             sums.largest, ", its largest number is ", sums.source_largest)};
  if (sums.other_numbers)
    error.message =
        cat("the output ", quoted(name), " is infinite or no number where the source's is finite");
  error.advice = format == Format::int8
                     ? "calibrate with more typical data, keep sensitive layers with --keep-float, "
                       "or accept the file with --no-verify"
                     : "keep sensitive layers with --keep-float, or accept the file with "
                       "--no-verify";
  if (format == Format::float32)
    error.advice = "this is a defect of wherry: please report it with the model";
  return error;
}

TensorSummary summary_of(const std::string& name, const TensorType& type) {
  TensorSummary summary{
      name, lower(schema_name_of(type.dtype)), text_of(type.declared_shape()), {}};
  if (type.quantized()) {
    std::string zero = std::to_string(std::abs(type.zero_point()));
    std::string shifted = type.zero_point() == 0  ? "stored"
                          : type.zero_point() < 0 ? cat("(stored + ", zero, ")")
                                                  : cat("(stored - ", zero, ")");
    summary.formula = cat("real = ", shifted, " * ", type.scale());
  }
  return summary;
}

std::vector<TensorSummary> summaries(const Graph& graph, const std::vector<ValueId>& ids,
                                     const std::vector<Signature::Entry>* names) {
  std::vector<TensorSummary> result;
  for (ValueId id : ids) {
    std::string name = graph.value(id).name;
    for (size_t i = 0; names && i < names->size(); ++i) {
      if ((*names)[i].value == id) name = (*names)[i].name;
    }
    result.push_back(summary_of(name, graph.value(id).type));
  }
  return result;
}

}  // namespace

Expected<Comparison> compare_with_source(const Probe& probe, const SharedBytes& file,
                                         const ConvertOptions& options) {
  Model model = TRY(tflite::read(file).context("while reading the converted file again"));
  drop_pages(file.owner, file.bytes);  // the weights are read again node by node
  if (probe.divisor > 1) model = with_open_extents(std::move(model));
  std::vector<Difference> sums(probe.output_names.size());
  ENSURE_CODE(ErrorCode::verification_failed, model.main().outputs.size() == sums.size(),
              "the converted file has ", model.main().outputs.size(), " outputs, the source ",
              sums.size());
  std::vector<float> steps = steps_of_outputs(model.main());
  for (size_t k = 0; k < sums.size(); ++k) sums[k].step = steps[k];
  for (const Probe::Sample& sample : probe.samples) {
    std::vector<Tensor> got = TRY(ask(model, sample.inputs, options));
    for (size_t k = 0; k < sums.size(); ++k)
      TRY(note(sums[k], sample.outputs[k], got[k], probe.output_names[k]));
  }
  Comparison result;
  OwnMovements movements(model, probe, options);
  for (size_t k = 0; k < sums.size(); ++k) {
    result.max_error = std::max(result.max_error, sums[k].relative());
    if (below_the_step(sums[k]))
      result.warnings.push_back(too_small(probe.output_names[k], sums[k]));
    if (sums[k].explained(tolerance(options.format))) continue;
    if (!TRY(movements.explain(sums[k], k)))
      return too_different(probe.output_names[k], sums[k], options.format);
    result.warnings.push_back(nothing_to_say(probe.output_names[k], sums[k]));
  }
  return result;
}

void summarise(const Model& model, ConvertReport& report) {
  report.operators.clear();
  for (const Graph& graph : model.graphs) {
    for (const Node& node : graph.nodes) ++report.operators[std::string(node.op->name)];
  }
  const Signature* signature = model.signatures.empty() ? nullptr : &model.signatures[0];
  report.inputs =
      summaries(model.main(), model.main().inputs, signature ? &signature->inputs : nullptr);
  report.outputs =
      summaries(model.main(), model.main().outputs, signature ? &signature->outputs : nullptr);
}

}  // namespace wherry
