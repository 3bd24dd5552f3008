// Finds the function behind a node of a graph, and imports its calls.
#include "keras/functions/function_import.h"

#include <map>

#include "keras/functions/function_call.h"
#include "keras/functions/node_record.h"

namespace wherry::keras {

#define X(stem) FunctionTable stem##_functions();
#include "function_list.inc"
#undef X

namespace {

struct Registry {
  std::vector<const FunctionDef*> all;
  std::map<std::string_view, const FunctionDef*> older, newer;

  Registry() {
    auto add = [this](const FunctionTable& table) {
      for (size_t i = 0; i < table.count; ++i) {
        const FunctionDef& function = table.first[i];
        all.push_back(&function);
        for (std::string_view name : function.older) CHECK(older.emplace(name, &function).second);
        for (std::string_view name : function.newer) CHECK(newer.emplace(name, &function).second);
      }
    };
#define X(stem) add(stem##_functions());
#include "function_list.inc"
#undef X
  }
};

const Registry& registry() {
  static const Registry instance;
  return instance;
}

const FunctionDef* find(const std::map<std::string_view, const FunctionDef*>& names,
                        std::string_view name) {
  auto found = names.find(name);
  return found == names.end() ? nullptr : found->second;
}

/// What a record says: which function, and with what arguments beside those of its calls.
struct Named {
  const FunctionDef* def = nullptr;
  std::string name;
};

Expected<Named> named_function(const LayerRecord& record) {
  if (record.is_operation)
    return Named{record.is_foreign ? nullptr : find_newer_function(record.class_name),
                 record.class_name};
  std::string name;
  if (record.class_name == "TensorFlowOpLayer")
    name = TRY(node_record(record.config)).function;
  else if (record.class_name == "InstanceMethod" || record.class_name == "InstanceProperty")
    name = cat("instance.", record.config.at("attr_name").text());
  else
    name = record.config.at("function").text();
  return Named{find_older_function(name), name};
}

struct Refusal {
  std::string_view name, reason, advice;
};
constexpr std::string_view python_advice =
    "express it with built-in layers or functions, then save the model again";
constexpr std::string_view branch_advice =
    "say what the layer computes in a recipe (wherry check MODEL --recipe-template prints one to "
    "fill in), or save the model again without it";
/// Functions known to have no counterpart, and the nearest way out.
constexpr Refusal refusals[] = {
    {"Cond", "its branches are Python code, of which the file holds only names", python_advice},
    {"Map", "it calls Python code, of which the file holds only the name", python_advice},
    {"Scan", "it calls Python code, of which the file holds only the name", python_advice},
    {"VectorizedMap", "it calls Python code, of which the file holds only the name", python_advice},
    {"AssociativeScan", "it calls Python code, of which the file holds only the name",
     python_advice},
    {"WhileLoop", "its body is Python code, of which the file holds only the name", python_advice},
    {"ForiLoop", "its body is Python code, of which the file holds only the name", python_advice},
    {"Switch", "its branches are Python code, of which the file holds only names", python_advice},
    {"raw_ops.If", "its branches are traced functions, of which the file holds only names",
     branch_advice},
    {"raw_ops.StatelessIf", "its branches are traced functions, of which the file holds only names",
     branch_advice},
    {"raw_ops.StatelessWhile",
     "its body is a traced function, of which the file holds only the name", branch_advice},
    {"raw_ops.While", "its body is a traced function, of which the file holds only the name",
     branch_advice},
};

Error unknown_function(const LayerRecord& record, const std::string& name) {
  Error error{.code = ErrorCode::unsupported,
              .message = cat("the function ", quoted(name), " is not supported"),
              .advice =
                  "do it outside the model, or express it with other functions or layers, "
                  "then save the model again"};
  for (const Refusal& refusal : refusals) {
    if (name != refusal.name) continue;
    error.message = cat("the function ", quoted(name), " is not supported: ", refusal.reason);
    error.advice = refusal.advice;
  }
  if (name.starts_with("strings.") || name.starts_with("io."))
    error.advice =
        "a .tflite file has no operators for strings: prepare the text outside the "
        "model";
  if (name.starts_with("instance."))
    error.message = cat("the attribute ", quoted(name.substr(9)),
                        " of a ragged or sparse tensor is not supported");
  if (name.starts_with("random.") || name.starts_with("raw_ops.Random"))
    error.advice = "random numbers are drawn anew in every run: feed them as an input";
  if (record.is_operation && record.is_foreign) {
    error.message = cat("the operation ", quoted(record.foreign_class),
                        " is custom Python code, of which the file holds only the name");
    error.advice = python_advice;
  }
  return error;
}

}  // namespace

std::span<const FunctionDef* const> all_functions() { return registry().all; }

const FunctionDef* find_older_function(std::string_view name) {
  if (const FunctionDef* def = find(registry().older, name)) return def;
  for (std::string_view prefix : {"compat.v1.", "compat.v2."}) {
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  }
  if (const FunctionDef* def = find(registry().older, name)) return def;
  if (name.find('.') != std::string_view::npos) return nullptr;
  // Names of older releases, and those that TensorFlow also exports at the top.
  for (std::string_view module : {"math.", "linalg.", "nn.", "image."}) {
    if (const FunctionDef* def = find(registry().older, cat(module, name))) return def;
  }
  return nullptr;
}

const FunctionDef* find_newer_function(std::string_view class_name) {
  return find(registry().newer, class_name);
}

bool is_function_layer(std::string_view class_name) {
  return class_name == "TFOpLambda" || class_name == "SlicingOpLambda" ||
         class_name == "TensorFlowOpLayer" || class_name == "InstanceMethod" ||
         class_name == "InstanceProperty";
}

Status check_function(const LayerRecord& record) {
  Named named = TRY(named_function(record));
  if (named.def) return {};
  return unknown_function(record, named.name);
}

Expected<Results> import_function(ImportState& state, GraphState& graph, const LayerRecord& record,
                                  const LayerCall& call, const std::string& path) {
  Named named = TRY(named_function(record));
  if (!named.def) return unknown_function(record, named.name);
  Origin origin{path, cat(record.class_name, record.is_operation ? "" : cat(" ", named.name))};
  LayerCall arguments = call;
  PyValue config;
  if (record.class_name == "TensorFlowOpLayer")
    arguments = TRY(arguments_of(TRY(node_record(record.config)), call));
  if (record.is_operation) config = record.config;
  FunctionCall function(state, graph, origin,
                        {.def = *named.def,
                         .name = named.name,
                         .call = std::move(arguments),
                         .config = std::move(config),
                         .newer = record.is_operation});
  auto results = named.def->import(function);
  if (!results) {
    Error error = std::move(results).error();
    if (error.where.empty()) error.where = place_of(origin);
    if (error.code != ErrorCode::needs_values) return error;
    error.code = ErrorCode::unsupported;
    error.message = cat("the shape of the result depends on data: ", error.message);
    error.advice = "give sizes and bounds as numbers, or compute them from shapes";
    return error;
  }
  Status complete = function.all_were_read();
  if (!complete) return std::move(complete).error();
  return results;
}

}  // namespace wherry::keras
