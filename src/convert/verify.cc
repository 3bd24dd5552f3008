// Runs source and result side by side.
#include "convert/verify.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/mapped_file.h"
#include "data/dataset.h"
#include "ops/evaluate.h"
#include "tflite/reader.h"
#include "tflite/writer.h"

namespace wherry {
namespace {

/// What each format's rounding explains, over the largest output; beyond is a wrong conversion.
double tolerance(Format format) {
  switch (format) {
    case Format::float32:
      return 1e-4;
    case Format::float16:
      return 0.05;
    case Format::dynamic:
      return 0.5;
    case Format::int8:
      return 1.0;
  }
  return 0;
}

std::vector<float> real_values(const TensorView& view) {
  std::vector<float> values;
  for_type<float, half, bool, int8_t, uint8_t, int16_t, int32_t, int64_t>(
      view.dtype(), [&]<class T>() {
        for (const T& element : view.span<T>()) values.push_back(static_cast<float>(element));
      });
  if (view.type->quantized()) {
    for (float& value : values)
      value = (value - static_cast<float>(view.type->zero_point())) * view.type->scale();
  }
  return values;
}

/// Values in [-1, 1) for floats; small whole numbers for integers, as class and token numbers are.
Expected<Tensor> made_up(const TensorType& type) {
  Tensor tensor = TRY(Tensor::zeros(type));
  uint64_t state = 12345;
  auto next = [&] { return (state = state * 6364136223846793005u + 1442695040888963407u) >> 40; };
  for (int64_t i = 0; i < type.shape.elements(); ++i) {
    if (type.dtype == DType::f32)
      tensor.view().as<float>()[i] = static_cast<float>(next()) / (1 << 23) - 1.0f;
    else if (type.dtype == DType::i32)
      tensor.view().as<int32_t>()[i] = static_cast<int32_t>(next() % 2);
    else if (type.dtype == DType::i64)
      tensor.view().as<int64_t>()[i] = static_cast<int64_t>(next() % 2);
  }
  return tensor;
}

Expected<std::vector<Tensor>> source_inputs(const Model& source, const ConvertOptions& options) {
  std::vector<Tensor> inputs;
  if (options.calibrate.empty()) {
    for (ValueId id : source.main().inputs)
      inputs.push_back(TRY(made_up(source.main().value(id).type)));
    return inputs;
  }
  Dataset data = TRY(Dataset::open(options.calibrate, TRY(parse_preprocess(options.preprocess))));
  std::vector<InputSpec> specs;
  for (size_t i = 0; i < source.main().inputs.size(); ++i) {
    const Value& value = source.main().value(source.main().inputs[i]);
    std::string name = source.signatures.empty() || i >= source.signatures[0].inputs.size()
                           ? value.name
                           : source.signatures[0].inputs[i].name;
    specs.push_back({name, value.type});
  }
  return data.sample(0, specs);
}

Expected<std::vector<Tensor>> run(const Model& model, const std::vector<Tensor>& inputs) {
  std::vector<TensorView> views;
  for (const Tensor& tensor : inputs) views.push_back(tensor.view());
  return Evaluator(model).run(views);
}

/// True when every open extent is only the batch: others at 1 may be too small for the layers.
bool runs_at_declared_shape(const Model& model) {
  for (ValueId id : model.main().inputs) {
    const TensorType& type = model.main().value(id).type;
    for (int axis = 1; axis < type.shape.rank(); ++axis) {
      if (!type.fixed(axis)) return false;
    }
  }
  return true;
}

TensorSummary summary_of(const std::string& name, const TensorType& type) {
  TensorSummary summary{name, std::string(name_of(type.dtype)), text_of(type.declared_shape()), {}};
  if (type.quantized())
    summary.formula = cat("real = (stored - ", type.zero_point(), ") * ", type.scale());
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

Expected<double> compare_with_source(const Model& source, const Model& converted,
                                     const ConvertOptions& options) {
  if (!runs_at_declared_shape(source) && options.calibrate.empty()) return 0.0;
  tflite::WrittenModel written = TRY(tflite::write(converted));
  Model again = TRY(tflite::read(share(written.bytes())));
  std::vector<Tensor> inputs = TRY(source_inputs(source, options));
  std::vector<Tensor> expected = TRY(run(source, inputs)), fed;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Value& value = again.main().value(again.main().inputs[i]);
    fed.push_back(
        TRY(fit_tensor({value.name, value.type}, inputs[i].type.shape, inputs[i].view())));
  }
  std::vector<Tensor> got = TRY(run(again, fed));
  double worst = 0;
  for (size_t k = 0; k < expected.size(); ++k) {
    std::vector<float> a = real_values(expected[k].view()), b = real_values(got[k].view());
    const std::string& name = source.main().value(source.main().outputs[k]).name;
    ENSURE_CODE(ErrorCode::verification_failed, a.size() == b.size(), "the output ", quoted(name),
                " has another shape than in the source");
    float largest = 1e-6f, difference = 0;
    for (float value : a) largest = std::max(largest, std::abs(value));
    for (size_t i = 0; i < a.size(); ++i) difference = std::max(difference, std::abs(a[i] - b[i]));
    worst = std::max(worst, static_cast<double>(difference) / largest);
    ENSURE_CODE(ErrorCode::verification_failed, !(difference / largest > tolerance(options.format)),
                "the output ", quoted(name), " differs from the source by ", difference,
                " (largest output ", largest, ")");
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
