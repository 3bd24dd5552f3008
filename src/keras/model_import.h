// Imports the layers of one model, nested ones included, in an order in which their inputs exist.
#pragma once

#include <map>
#include <optional>

#include "keras/inbound.h"
#include "keras/layer_import.h"

namespace wherry::keras {

/// Results of a model, and the name of the layer that each comes from.
struct ModelResults {
  std::vector<KerasTensor> tensors;
  std::vector<std::string> names;
};

/// An input of the graph as an InputLayer describes it. Errors: unsupported, malformed.
Expected<KerasTensor> make_input(ImportState& state, GraphState& graph, const LayerRecord& layer,
                                 const std::string& name);

/// One use of a model. Layers that cannot be imported are noted in the state, with all that depend
/// on them left out; the result is then an error without message.
class ModelImport {
 public:
  ModelImport(ImportState& state, GraphState& graph, const LayerRecord& model, WeightScope scope,
              std::string path)
      : state_(state), graph_(graph), model_(model), scope_(std::move(scope)), path_(path) {}

  /// What the model is called with: its inputs in the order of the file, or by name.
  Expected<ModelResults> run(const LayerCall& call);
  /// The model as a whole: makes inputs of the graph.
  Expected<ModelResults> run_outermost();

 private:
  /// One call of one layer.
  struct Use {
    size_t layer;
    LayerCall call;
    bool done = false, failed = false;
    std::vector<KerasTensor> results = {};
    size_t waiting_for = 0;            ///< inputs that do not exist yet
    std::vector<size_t> readers = {};  ///< uses that wait for this one
  };

  Status load();
  Expected<ModelResults> run_sequence(const LayerCall& call);
  Expected<ModelResults> run_graph(const std::vector<KerasTensor>& inputs);

  Status add_uses();
  Status join_uses();
  Status run_uses();
  void run_use(Use& use);
  Expected<size_t> use_of(const Reference& reference, bool at_end) const;
  int64_t first_node(const LayerRecord& layer, bool at_end) const;
  /// False when an input could not be made.
  bool resolve(LayerCall& call) const;
  std::optional<PyValue> resolved(const PyValue& value) const;

  Expected<std::vector<KerasTensor>> bound_inputs(const LayerCall& call) const;
  Expected<KerasTensor> graph_input(const LayerRecord& layer);
  Expected<LayerRecord> implied_input() const;

  ImportState& state_;
  GraphState& graph_;
  const LayerRecord& model_;
  WeightScope scope_;
  std::string path_;
  std::vector<LayerRecord> layers_;
  std::map<std::string, size_t, std::less<>> layer_index_;
  std::vector<WeightScope> scopes_;  ///< by layer
  GraphCalls calls_;
  std::vector<Use> uses_;
  std::vector<std::vector<size_t>> uses_of_layer_;
  std::set<std::string> counted_from_one_;  ///< nested models whose first call has number 1
};

}  // namespace wherry::keras
