// Asks the converted file what the source was asked, and judges the difference.
#include "convert/verify.h"

#include <algorithm>
#include <cmath>
#include <limits>

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
  float step = 0;              ///< of the output's integers, 0 for floats
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
  /// One step of the output's integers is always explained.
  bool explained(double share) const {
    double n = static_cast<double>(std::max<size_t>(count, 1));
    return !other_numbers &&
           std::sqrt(squares / n) <= share * std::sqrt(source_squares / n) + step + 1e-6;
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
  if (got.type.quantized()) sums.step = got.type.scale();
  return {};
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

Expected<double> compare_with_source(const Probe& probe, const SharedBytes& file,
                                     const ConvertOptions& options) {
  Model model = TRY(tflite::read(file).context("while reading the converted file again"));
  drop_pages(file.owner, file.bytes);  // the weights are read again node by node
  std::vector<Difference> sums(probe.output_names.size());
  ENSURE_CODE(ErrorCode::verification_failed, model.main().outputs.size() == sums.size(),
              "the converted file has ", model.main().outputs.size(), " outputs, the source ",
              sums.size());
  for (const Probe::Sample& sample : probe.samples) {
    std::vector<Tensor> got = TRY(ask(model, sample.inputs, options));
    for (size_t k = 0; k < sums.size(); ++k)
      TRY(note(sums[k], sample.outputs[k], got[k], probe.output_names[k]));
  }
  double worst = 0;
  for (size_t k = 0; k < sums.size(); ++k) {
    worst = std::max(worst, sums[k].relative());
    if (!sums[k].explained(tolerance(options.format)))
      return too_different(probe.output_names[k], sums[k], options.format);
  }
  return worst;
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
