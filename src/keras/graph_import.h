// Imports Sequential and Functional models, nested ones included, into one graph.
#pragma once

#include "keras/layer.h"

namespace wherry::keras {

struct TensorReference;

/// State of one import: the graph, and all problems met so far.
class GraphImport {
 public:
  GraphImport(const SavedModel& saved, Model& model, int64_t batch)
      : saved_(saved), model_(model), builder_(model.graphs[0]), batch_(batch) {}

  /// The whole model: inputs, layers, outputs, signature.
  Status run();

  const SavedModel& saved() const { return saved_; }
  Model& model() { return model_; }
  GraphBuilder& builder() { return builder_; }
  std::vector<std::string>& warnings() { return warnings_; }
  /// Calls a layer, a nested model or an operation.
  Expected<Outputs> call(const LayerObject& object, CallArguments arguments);
  /// The layer object of a record inside a model or a wrapper; `path` is that of the container.
  LayerObject object_of(const nlohmann::json& record, const std::string& path,
                        const WeightScope& scope) const;
  /// True for Sequential, Functional and Model records, which hold layers of their own.
  static bool is_model(const nlohmann::json& record);
  /// Several tensors to memory a constant once: by key, whatever layer asks.
  std::map<std::string, ValueId>& shared_constants() { return shared_; }

 private:
  struct Container;
  Expected<Outputs> run_model(const nlohmann::json& record, const std::string& path,
                              const WeightScope& scope, const std::vector<KerasTensor>* inputs);
  Expected<Outputs> run_sequential(const nlohmann::json& config, const std::string& path,
                                   const WeightScope& scope,
                                   const std::vector<KerasTensor>* inputs);
  Expected<Outputs> run_functional(const nlohmann::json& config, const std::string& path,
                                   const WeightScope& scope,
                                   const std::vector<KerasTensor>* inputs);
  Expected<KerasTensor> make_input(const std::string& name, const nlohmann::json& record);
  Expected<Outputs> report_rest(const nlohmann::json& layers, std::ptrdiff_t failed,
                                const std::string& path);
  void note_unknown(const nlohmann::json& record, const std::string& path);
  Status bind_inputs(Container& container, const std::vector<TensorReference>& references,
                     const std::vector<KerasTensor>* inputs);
  Status run_calls(Container& container);
  Expected<ValueId> identity(ValueId id);
  Status finish_outputs(Outputs& outputs, const std::vector<std::string>& names);
  Expected<Outputs> guarded_call(const LayerObject& object, CallArguments arguments);

  const SavedModel& saved_;
  Model& model_;
  GraphBuilder builder_;
  int64_t batch_;
  std::vector<std::string> warnings_;
  std::vector<Error> problems_;
  std::vector<std::string> output_names_;
  std::map<std::string, ValueId> shared_;
  int depth_ = 0;
};

}  // namespace wherry::keras
