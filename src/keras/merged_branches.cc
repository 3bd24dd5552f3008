// Writes the configuration of a graph in place of that of a sequence.
#include "keras/merged_branches.h"

#include <map>

namespace wherry::keras {
namespace {

PyValue reference_to(const std::string& layer) {
  return PyValue::list({PyValue::of(layer), PyValue::of(int64_t{0}), PyValue::of(int64_t{0})});
}

PyValue references_to(const std::vector<std::string>& layers) {
  std::vector<PyValue> references;
  for (const std::string& layer : layers) references.push_back(reference_to(layer));
  return PyValue::list(std::move(references));
}

class Joining {
 public:
  explicit Joining(const LayerRecord& model) : model_(model) {}

  Expected<PyValue> run() {
    const std::vector<PyValue>& records = model_.config.items();
    const PyValue& merge = records[0].at("config");
    std::vector<std::string> branches;
    for (const PyValue& branch : merge.at("layers").items())
      branches.push_back(TRY(add_branch(branch)));
    std::vector<PyValue::Entry> options;
    for (const PyValue::Entry& entry : merge.entries()) {
      if (entry.first != "layers") options.push_back(entry);
    }
    std::string last = add("Merge", PyValue::dict(std::move(options)), branches);
    for (size_t i = 1; i < records.size(); ++i)
      last = add(std::string(class_name_of(records[i])), records[i].at("config"), {last});
    return PyValue::dict({{"name", PyValue::of(model_.name)},
                          {"layers", PyValue::list(std::move(layers_))},
                          {"input_layers", references_to(inputs_)},
                          {"output_layers", references_to({last})}});
  }

 private:
  /// A name that no other layer has.
  std::string unused_name(std::string wanted) {
    int count = names_[wanted]++;
    return count == 0 ? wanted : cat(wanted, "_", count);
  }

  std::string add(const std::string& class_name, const PyValue& config,
                  const std::vector<std::string>& inputs) {
    std::string_view written = config.at("name").text();
    std::string name = unused_name(written.empty() ? lower(class_name) : std::string(written));
    PyValue inbound = inputs.empty() ? PyValue::list({}) : PyValue::list({references_to(inputs)});
    layers_.push_back(PyValue::dict({{"class_name", PyValue::of(class_name)},
                                     {"config", config},
                                     {"name", PyValue::of(name)},
                                     {"inbound_nodes", inbound}}));
    return name;
  }

  std::string add_input(std::string wanted, const PyValue& config) {
    std::vector<PyValue::Entry> options;
    for (const PyValue::Entry& entry : config.entries()) {
      if (entry.first != "name") options.push_back(entry);
    }
    options.emplace_back("name", PyValue::of(std::move(wanted)));
    inputs_.push_back(add("InputLayer", PyValue::dict(std::move(options)), {}));
    return inputs_.back();
  }

  /// Adds a branch and the inputs it needs.
  Expected<std::string> add_branch(const PyValue& written) {
    LayerRecord branch = TRY(layer_record(written, Dialect::keras1));
    if (branch.is_input()) return add_input(branch.name, branch.config);
    std::vector<std::string> inputs;
    if (branch.is_graph()) {
      for (const LayerRecord& layer : TRY(layers_of(branch, Dialect::keras1))) {
        if (layer.is_input()) inputs.push_back(add_input(layer.name, layer.config));
      }
    } else {
      LayerRecord first = TRY(first_layer(branch, Dialect::keras1));
      inputs.push_back(add_input(cat(first.name, "_input"), input_options(first)));
    }
    return add(branch.stored_class, branch.is_graph() ? branch.config : written.at("config"),
               inputs);
  }

  const LayerRecord& model_;
  std::vector<PyValue> layers_;
  std::vector<std::string> inputs_;
  std::map<std::string, int> names_;
};

}  // namespace

bool begins_with_branches(const LayerRecord& model) {
  if (!model.config.is_list() || model.config.items().empty()) return false;
  const PyValue& first = model.config.items()[0];
  return class_name_of(first) == "Merge" && first.at("config").at("layers").is_list();
}

Expected<PyValue> joined_branches(const LayerRecord& model) { return Joining(model).run(); }

}  // namespace wherry::keras
