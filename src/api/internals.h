// What stands behind the classes of the public headers. In wherry::v1 the name Model means the
// public class, wherry::Model the graphs in memory.
#pragma once

#include <chrono>

#include "ops/context.h"
#include "runtime/session.h"
#include "runtime/shared_model.h"

#include "wherry/custom_operator.h"
#include "wherry/interpreter.h"

namespace wherry {
namespace v1 {

/// The definition that stands for a user's custom operator.
struct CustomOpDef : OpDef {
  explicit CustomOpDef(std::shared_ptr<const CustomOperator> custom);
  std::shared_ptr<const CustomOperator> custom_operator;
  std::string custom_name;
};

struct Model::Implementation {
  std::vector<std::unique_ptr<CustomOpDef>> custom;
  std::shared_ptr<const SharedModel> shared;
  int64_t file_bytes = 0;

  const wherry::Model& model() const { return shared->model; }
};

struct Interpreter::State {
  /// What the user gave for one graph, and what he did wrong: reported by the next run.
  struct Feed {
    std::vector<Shape> shapes;
    std::unique_ptr<bool[]> size_mismatch;  ///< for each input, and for what is none
    std::unique_ptr<Error> problem;         ///< the first
  };

  explicit State(Model from) : model(std::move(from)) {}
  Model model;
  std::unique_ptr<Session> session;
  std::map<int, Feed> feeds;
  std::vector<StepTime> profile;
  std::chrono::steady_clock::time_point run_start;

  const wherry::Model& internal() const { return model.implementation().model(); }
  const Graph& graph(int index) const { return internal().graphs[static_cast<size_t>(index)]; }
  Feed& feed(int graph);
};

struct Runner::Implementation {
  std::shared_ptr<Interpreter::State> state;
  int graph = 0;
  std::vector<ValueId> inputs, outputs;
  std::vector<int> positions;  ///< of the inputs, among those of the graph
  std::vector<std::string> input_names, output_names;

  GraphRunner& runner() const { return state->session->runner(graph); }
  const Graph& structure() const { return state->graph(graph); }
  Interpreter::State::Feed& feed() const { return state->feed(graph); }
  bool has_input(int i) const { return i >= 0 && static_cast<size_t>(i) < inputs.size(); }
  bool has_output(int i) const { return i >= 0 && static_cast<size_t>(i) < outputs.size(); }
  Status prepare() const;
  /// Errors: what was wrong with the inputs given since the last run.
  Status what_was_given() const;
  TensorView output(int i) const;
};

TensorInfo describe(const Value& value, int index, const TensorType& type);
ElementType public_type(DType dtype);
QuantizationInfo public_quantization(const TensorType& type);

}  // namespace v1

/// Real values into the elements of a tensor, and back; errors: unsupported types, wrong count.
Status store_real(std::span<const float> values, const TensorView& view);
Expected<std::vector<float>> load_real(const TensorView& view);

}  // namespace wherry
