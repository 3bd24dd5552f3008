// A model loaded from a .tflite file: immutable, cheap to copy, shared by interpreters and threads.
#pragma once

#include <memory>

#include "wherry/error.h"
#include "wherry/tensor.h"

namespace wherry::v1 {

class CustomOperator;

/// An operator of a graph.
struct NodeInfo {
  int index = -1;  ///< in its graph; nodes run in this order
  std::string op;  ///< "CONV_2D"; custom operators: their custom code
  bool is_custom = false;
  bool is_supported = true;  ///< false: this program has no definition of it
  int version = 1;
  std::string minimum_runtime;       ///< first TensorFlow Lite release that runs it; may be unknown
  std::vector<int> inputs, outputs;  ///< tensor indices; -1: an optional input that is absent
  struct Option {
    std::string name, value;
  };
  std::vector<Option> options;
  int64_t macs = 0;   ///< multiply-accumulates of one run at the declared shapes; 0: none counted
  std::string layer;  ///< where it comes from: "layer 'dense' (Dense)", when known
};

struct GraphInfo {
  std::string name;
  std::vector<TensorInfo> tensors;
  std::vector<NodeInfo> nodes;
  std::vector<int> inputs, outputs;  ///< tensor indices
};

/// A way to call the model by names.
struct SignatureInfo {
  struct Entry {
    std::string name;
    int tensor = -1;  ///< index in the graph
  };
  std::string key;
  int graph = 0;
  std::vector<Entry> inputs, outputs;
};

struct MetadataInfo {
  std::string name;
  std::span<const std::byte> bytes;  ///< valid while the model lives
};

struct LoadOptions {
  /// Definitions of custom operators beside the built-in ones.
  std::vector<std::shared_ptr<const CustomOperator>> custom_operators = {};
};

class Model {
 public:
  /// Maps the file and verifies it. While the model lives, the file may be replaced or removed, not
  /// shortened or written to: see live_files.h. Errors: cannot_read, malformed, invalid_model.
  static Expected<Model> load(const std::string& path, const LoadOptions& options = {});
  /// From memory, which is copied; any alignment.
  static Expected<Model> load(std::span<const std::byte> bytes, const LoadOptions& options = {});
  /// From memory that stays valid and unchanged while `owner` lives; any alignment.
  static Expected<Model> load(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                              const LoadOptions& options = {});

  const std::string& description() const;
  int64_t file_bytes() const;
  int graph_count() const;  ///< graph 0 is the main one
  GraphInfo graph(int index) const;
  std::vector<SignatureInfo> signatures() const;
  std::vector<MetadataInfo> metadata() const;
  /// The stored bytes of a constant (of a sparse one: its stored blocks); empty for other tensors.
  /// Valid while the model lives.
  std::span<const std::byte> constant(int graph, int tensor) const;
  /// The lowest TensorFlow Lite release that runs all operators, as far as known: "2.3.0".
  std::string minimum_runtime() const;

  struct Implementation;
  explicit Model(std::shared_ptr<const Implementation> implementation)
      : implementation_(std::move(implementation)) {}
  const Implementation& implementation() const { return *implementation_; }

 private:
  std::shared_ptr<const Implementation> implementation_;
};

}  // namespace wherry::v1
