// wherry inspect: what is in a .tflite file.
#include <map>
#include <memory>
#include <set>

#include "command.h"
#include "resizing.h"
#include "wherry/interpreter.h"

namespace wherry::cli {
namespace {

struct Settings {
  std::string model, op;
  std::vector<std::string> resizes;
  bool tensors = false, memory = false;
};

std::string shape_text(const TensorInfo& info) {
  const std::vector<int64_t>& shape =
      info.shape_signature.empty() ? info.shape : info.shape_signature;
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i)
    text += (i ? "," : "") + (shape[i] < 0 ? "?" : std::to_string(shape[i]));
  return text + "]";
}

std::string formula(const QuantizationInfo& q) {
  std::string details = q.details.empty() || q.scales.empty() ? q.details : "; " + q.details;
  if (q.scales.empty()) return details;
  if (q.scales.size() > 1)
    return std::to_string(q.scales.size()) + " scales along axis " + std::to_string(q.axis) +
           details;
  char text[80];
  std::snprintf(text, sizeof text, "real = (stored - %lld) * %.6g",
                static_cast<long long>(q.zero_points.empty() ? 0 : q.zero_points[0]),
                static_cast<double>(q.scales[0]));
  return text + details;
}

nlohmann::json json_of(const TensorInfo& tensor) {
  return {{"index", tensor.index},
          {"name", tensor.name},
          {"type", name_of(tensor.type)},
          {"shape", tensor.shape},
          {"shape_signature", tensor.shape_signature},
          {"bytes", tensor.bytes},
          {"constant", tensor.is_constant},
          {"variable", tensor.is_variable},
          {"scales", tensor.quantization.scales},
          {"zero_points", tensor.quantization.zero_points},
          {"axis", tensor.quantization.axis},
          {"quantization_details", tensor.quantization.details}};
}

nlohmann::json json_of(const NodeInfo& node) {
  nlohmann::json options = nlohmann::json::object();
  for (const NodeInfo::Option& option : node.options) options[option.name] = option.value;
  return {{"index", node.index},
          {"op", node.op},
          {"version", node.version},
          {"supported", node.is_supported},
          {"minimum_runtime", node.minimum_runtime},
          {"inputs", node.inputs},
          {"outputs", node.outputs},
          {"options", options},
          {"macs", node.macs},
          {"layer", node.layer}};
}

class Inspection {
 public:
  Inspection(const Settings& settings, Console& console) : settings_(settings), console_(console) {}

  Outcome run() {
    Model model = TRY(Model::load(settings_.model));
    TRY(check_operator(model));
    json_ = {{"schema", "wherry.inspect/1"},
             {"model", settings_.model},
             {"bytes", model.file_bytes()},
             {"description", model.description()},
             {"minimum_runtime", model.minimum_runtime()}};
    text_ = settings_.model + "  " + bytes_text(static_cast<uint64_t>(model.file_bytes())) +
            (model.description().empty() ? "" : "  \"" + model.description() + "\"") +
            "  needs TensorFlow Lite " + model.minimum_runtime() + "\n";
    add_signatures(model);
    add_metadata(model);
    for (int i = 0; i < model.graph_count(); ++i) add_graph(model.graph(i), i);
    if (settings_.memory) TRY(add_memory(model));
    console_.print(text_);
    console_.print(json_);
    return 0;
  }

 private:
  /// --op has to name an operator that is there.
  Status check_operator(const Model& model) const {
    std::set<std::string> names;
    for (int i = 0; i < model.graph_count(); ++i) {
      for (const NodeInfo& node : model.graph(i).nodes) names.insert(node.op);
    }
    if (settings_.op.empty() || names.count(settings_.op)) return {};
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
    return Error{.code = ErrorCode::usage,
                 .message = "the model has no operator '" + settings_.op + "'",
                 .received = settings_.op,
                 .advice = "its operators are " + list};
  }

  void add_signatures(const Model& model) {
    json_["signatures"] = nlohmann::json::array();
    for (const SignatureInfo& signature : model.signatures()) {
      nlohmann::json entry = {{"key", signature.key},
                              {"graph", signature.graph},
                              {"inputs", nlohmann::json::array()},
                              {"outputs", nlohmann::json::array()}};
      text_ += "signature " + signature.key + ":";
      for (const auto& input : signature.inputs)
        entry["inputs"].push_back({{"name", input.name}, {"tensor", input.tensor}}),
            text_ += " " + input.name;
      text_ += " ->";
      for (const auto& output : signature.outputs)
        entry["outputs"].push_back({{"name", output.name}, {"tensor", output.tensor}}),
            text_ += " " + output.name;
      text_ += "\n";
      json_["signatures"].push_back(std::move(entry));
    }
  }

  void add_metadata(const Model& model) {
    json_["metadata"] = nlohmann::json::array();
    for (const MetadataInfo& metadata : model.metadata())
      json_["metadata"].push_back({{"name", metadata.name}, {"bytes", metadata.bytes.size()}});
  }

  void add_graph(const GraphInfo& graph, int index) {
    nlohmann::json entry = {{"name", graph.name},
                            {"inputs", graph.inputs},
                            {"outputs", graph.outputs},
                            {"tensors", nlohmann::json::array()},
                            {"nodes", nlohmann::json::array()}};
    for (const TensorInfo& tensor : graph.tensors) entry["tensors"].push_back(json_of(tensor));
    for (const NodeInfo& node : graph.nodes) {
      if (settings_.op.empty() || node.op == settings_.op) entry["nodes"].push_back(json_of(node));
    }
    json_["graphs"].push_back(std::move(entry));
    text_ += "graph " + std::to_string(index) +
             (graph.name.empty() ? "" : " '" + graph.name + "'") + ": " +
             std::to_string(graph.nodes.size()) + " operators, " +
             std::to_string(graph.tensors.size()) + " tensors\n";
    edge_lines("input", graph, graph.inputs);
    edge_lines("output", graph, graph.outputs);
    operator_table(graph);
    if (!settings_.op.empty()) node_lines(graph);
    if (settings_.tensors) tensor_table(graph);
  }

  void edge_lines(const char* title, const GraphInfo& graph, const std::vector<int>& tensors) {
    for (int id : tensors) {
      const TensorInfo& info = graph.tensors[static_cast<size_t>(id)];
      std::string q = formula(info.quantization);
      text_ += std::string("  ") + title + " " + info.name + "  " +
               std::string(name_of(info.type)) + shape_text(info) + (q.empty() ? "" : "  " + q) +
               "\n";
    }
  }

  void operator_table(const GraphInfo& graph) {
    struct Sum {
      int count = 0, version = 0;
      int64_t macs = 0, bytes = 0;
      bool supported = true;
    };
    std::map<std::string, Sum> sums;
    for (const NodeInfo& node : graph.nodes) {
      Sum& sum = sums[node.op];
      ++sum.count, sum.macs += node.macs, sum.version = std::max(sum.version, node.version),
                                          sum.supported = sum.supported && node.is_supported;
      for (int id : node.inputs)
        sum.bytes += id >= 0 ? graph.tensors[static_cast<size_t>(id)].stored_bytes : 0;
    }
    std::vector<std::vector<std::string>> rows = {
        {"  operator", "count", "version", "constants", "MACs", ""}};
    for (const auto& [op, sum] : sums) {
      rows.push_back({"  " + op, std::to_string(sum.count), std::to_string(sum.version),
                      bytes_text(static_cast<uint64_t>(sum.bytes)),
                      sum.macs ? std::to_string(sum.macs) : "-",
                      sum.supported ? "" : "no definition: cannot run"});
    }
    text_ += table(rows);
  }

  void node_lines(const GraphInfo& graph) {
    for (const NodeInfo& node : graph.nodes) {
      if (node.op != settings_.op) continue;
      text_ += "  node " + std::to_string(node.index) + " " + node.op +
               (node.layer.empty() ? "" : "  " + node.layer) + "\n";
      for (int id : node.inputs) text_ += "    <- " + tensor_text(graph, id) + "\n";
      for (int id : node.outputs) text_ += "    -> " + tensor_text(graph, id) + "\n";
      for (const NodeInfo::Option& option : node.options)
        text_ += "    " + option.name + " = " + option.value + "\n";
    }
  }

  static std::string tensor_text(const GraphInfo& graph, int id) {
    if (id < 0) return "-";
    const TensorInfo& info = graph.tensors[static_cast<size_t>(id)];
    return std::to_string(id) + " " + info.name + "  " + std::string(name_of(info.type)) +
           shape_text(info) + (info.is_constant ? "  constant" : "");
  }

  void tensor_table(const GraphInfo& graph) {
    std::vector<std::vector<std::string>> rows = {
        {"  tensor", "name", "type", "shape", "bytes", "kind", "quantisation"}};
    for (const TensorInfo& info : graph.tensors) {
      rows.push_back({"  " + std::to_string(info.index), info.name, std::string(name_of(info.type)),
                      shape_text(info), std::to_string(info.bytes),
                      info.is_constant   ? "constant"
                      : info.is_variable ? "variable"
                                         : "activation",
                      formula(info.quantization)});
    }
    text_ += table(rows);
  }

  Status add_memory(const Model& model) {
    Interpreter interpreter = TRY(Interpreter::create(model));
    TRY(resize_inputs(interpreter, settings_.resizes));
    Status ready = interpreter.prepare();
    if (!ready) return with_way_out(std::move(ready).error(), interpreter, settings_.resizes);
    MemoryPlan memory = interpreter.memory();
    text_ += "memory: arena " + bytes_text(static_cast<uint64_t>(memory.arena_bytes)) +
             ", live at the peak " + bytes_text(static_cast<uint64_t>(memory.peak_bytes)) +
             " (node " + std::to_string(memory.peak_node) + "), without sharing " +
             bytes_text(static_cast<uint64_t>(memory.sum_bytes)) + "\n";
    json_["memory"] = {{"arena_bytes", memory.arena_bytes},
                       {"peak_bytes", memory.peak_bytes},
                       {"peak_node", memory.peak_node},
                       {"sum_bytes", memory.sum_bytes}};
    return {};
  }

  const Settings& settings_;
  Console& console_;
  std::string text_;
  nlohmann::json json_;
};

std::function<Outcome()> setup(CLI::App& app, const Common&, Console& console) {
  auto settings = std::make_shared<Settings>();
  app.add_option("model", settings->model, "a .tflite file")->required()->type_name("MODEL");
  app.add_flag("--tensors", settings->tensors, "list all tensors");
  auto* memory =
      app.add_flag("--memory", settings->memory, "plan it, and print arena size and peak");
  app.add_option("--resize", settings->resizes, "plan with another shape of an input (repeatable)")
      ->needs(memory)
      ->allow_extra_args(false)
      ->type_name("NAME=1,224,224,3");
  app.add_option("--op", settings->op, "list the nodes of this operator with their options")
      ->type_name("NAME");
  return [settings, &console] { return Inspection(*settings, console).run(); };
}

}  // namespace

const Command inspect_command = {
    "inspect", "signatures, operators, tensors, quantisation, sizes and memory of a .tflite file",
    "  wherry inspect net.tflite\n  wherry inspect net.tflite --tensors --memory\n  wherry inspect "
    "net.tflite --op CONV_2D --json\n",
    setup, /*computes=*/false};

}  // namespace wherry::cli
