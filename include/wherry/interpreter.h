// Runs a model. An interpreter belongs to one thread at a time; different interpreters, also of the
// same model, are independent and share the model's constants.
#pragma once

#include <algorithm>

#include "wherry/model.h"

namespace wherry::v1 {

enum class Kernels : uint8_t {
  fast,       ///< the best for this CPU; integer rounding as LiteRT users get it from XNNPACK
  reference,  ///< plain and slow; integers bit for bit as TensorFlow Lite's reference kernels
};

struct InterpreterOptions {
  int threads = 1;  ///< 0: one for each core
  Kernels kernels = Kernels::fast;
  bool preserve_tensors = false;  ///< every tensor can be read after a run; nothing is fused
  int64_t max_memory_bytes = 0;   ///< for the tensors of one graph; 0: 16 GiB
  int64_t max_steps = 0;          ///< nodes executed in one run, loops included; 0: 2^40
};

/// Elements of a tensor; assigning copies into it.
template <class T>
class Elements : public std::span<T> {
 public:
  Elements(std::span<T> span, bool* mismatch) : std::span<T>(span), mismatch_(mismatch) {}
  /// The number of elements has to match; if not, nothing is copied and the next run() says so.
  template <class Range>
  requires(requires(const Range& range) {
    range.data();
    range.size();
  }) Elements&
  operator=(const Range& range) {
    if (range.size() == this->size())
      std::copy(range.data(), range.data() + range.size(), this->begin());
    else
      *mismatch_ = true;
    return *this;
  }

 private:
  bool* mismatch_;
};

/// What became of a node in the plan.
struct NodePlan {
  int graph = 0, node = 0;
  std::string op;
  /// "step": computed by `implementation`; "view" and "join": memory is shared, nothing computed;
  /// "folded": constant; "unused"; "absorbed": done by the step of node `absorbed_by`; "unplanned":
  /// its shapes are known only after a run.
  std::string fate;
  std::string implementation;
  int absorbed_by = -1;
  struct Refusal {
    std::string implementation, reason;
  };
  std::vector<Refusal> refusals;  ///< faster implementations that did not take it
};

/// Memory of the tensors of one graph.
struct MemoryPlan {
  int64_t arena_bytes = 0;  ///< activations and scratch
  int64_t peak_bytes = 0;   ///< the most that is live at one time: no arena can be smaller
  int peak_node = 0;        ///< at this node
  int64_t sum_bytes = 0;    ///< without any sharing
  struct Tensor {
    int tensor = -1;  ///< -1: scratch
    int64_t offset = 0, bytes = 0;
    int first_node = 0, last_node = 0;
  };
  std::vector<Tensor> tensors;
};

/// One executed step.
struct StepTime {
  int graph = 0, node = 0;
  std::string op, implementation;
  int64_t start_ns = 0;     ///< since the start of the run
  int64_t duration_ns = 0;  ///< includes the graphs that the node ran
};

/// Inputs and outputs of one graph: of the main one, or of a signature.
///
/// Indices count the inputs (outputs) of the graph in the model's order, or of the signature in its
/// order. Names are those of the signature, else of the tensors. An index or name that does not
/// exist is an error in functions that return one, and gives an empty span or description
/// elsewhere.
class Runner {
 public:
  int input_count() const;
  int output_count() const;
  /// With the present shape. Outputs: as far as known; shapes that follow from data are known after
  /// run().
  TensorInfo input_info(int i) const;
  TensorInfo output_info(int i) const;
  std::string input_name(int i) const;
  std::string output_name(int i) const;
  Expected<int> input_index(std::string_view name) const;
  Expected<int> output_index(std::string_view name) const;

  /// Gives input i another shape (extents >= 0); planned anew by prepare() or run().
  Status resize(int i, std::span<const int64_t> shape);
  /// Plans and allocates if that is still to be done: everything that can fail before values are
  /// known fails here. run() and input() do it by themselves.
  Status prepare();
  bool prepared() const;

  /// The elements of input i, to be written. They keep their contents from run to run, until the
  /// next resize. Memory is on a 64-byte boundary. A T that is not the input's type is reported by
  /// the next run().
  template <class T>
  Elements<T> input(int i) {
    std::span<std::byte> bytes = checked_input(i, element_type_of<T>);
    return {{reinterpret_cast<T*>(bytes.data()), bytes.size() / sizeof(T)}, size_mismatch(i)};
  }
  template <class T>
  Elements<T> input(std::string_view name) {
    return input<T>(noted(input_index(name)));
  }
  /// The elements of output i after run(); valid until the next run or resize. Empty before, and
  /// for a T that is not the output's type.
  template <class T>
  std::span<const T> output(int i) const {
    std::span<const std::byte> bytes = checked_output(i, element_type_of<T>);
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }
  template <class T>
  std::span<const T> output(std::string_view name) const {
    return output<T>(index_or_none(output_index(name)));
  }
  /// The same without types.
  std::span<std::byte> input_bytes(int i);
  std::span<const std::byte> output_bytes(int i) const;

  /// Real values for an input of any numeric type: quantised by its scale and zero point, rounded
  /// and saturated. The number has to match.
  Status set_input(int i, std::span<const float> values);
  /// Real values of an output of any numeric type.
  Expected<std::vector<float>> output_as_float(int i) const;
  Status set_strings(int i, std::span<const std::string> strings);
  Expected<std::vector<std::string>> output_strings(int i) const;
  /// String data in the format's own layout: int32 count, count + 1 int32 offsets, the characters.
  Status set_string_bytes(int i, std::span<const std::byte> bytes);

  /// Errors: those of prepare(), invalid_data where values are out of range, cancelled.
  Status run();

  /// Any tensor of the graph: constants, variables, inputs and outputs; with preserve_tensors all.
  TensorInfo tensor_info(int tensor) const;
  std::span<const std::byte> tensor_bytes(int tensor) const;
  int graph_index() const;

  struct Implementation;
  explicit Runner(std::shared_ptr<Implementation> implementation)
      : implementation_(std::move(implementation)) {}

 protected:
  static int index_or_none(const Expected<int>& index) { return index ? *index : -1; }
  /// -1 for an error, which the next run() reports.
  int noted(Expected<int> index);
  std::span<std::byte> checked_input(int i, ElementType wanted);
  std::span<const std::byte> checked_output(int i, ElementType wanted) const;
  bool* size_mismatch(int i);
  std::shared_ptr<Implementation> implementation_;
};

class Interpreter : public Runner {
 public:
  /// Errors: usage, unsupported (all operators that cannot run, in `details`). Planning comes with
  /// prepare(), so inputs can be resized before.
  static Expected<Interpreter> create(const Model& model, const InterpreterOptions& options = {});
  /// Hands an error of loading on.
  static Expected<Interpreter> create(const Expected<Model>& model,
                                      const InterpreterOptions& options = {});

  /// The inputs and outputs of a signature. Signatures of one graph share its tensors. Valid as
  /// long as the interpreter.
  Expected<Runner> signature(std::string_view key);
  /// Those of any graph.
  Expected<Runner> graph(int index);

  /// Variables (the state of recurrent layers) return to zero; resources such as hash tables stay.
  void reset_variables();
  /// Stops the run under way as soon as its present step ends, with the error `cancelled`; the only
  /// function that another thread may call meanwhile. Runs started later are not affected.
  void cancel();

  /// What became of each node of the main graph and of the graphs run so far.
  std::vector<NodePlan> plan() const;
  MemoryPlan memory(int graph = 0) const;
  /// From now on each run notes how long each step took.
  void set_profiling(bool on);
  const std::vector<StepTime>& profile() const;  ///< of the last run
  std::string_view cpu() const;                  ///< instruction set in use: "avx512", "scalar"
  int threads() const;

  struct State;
  Interpreter(std::shared_ptr<State> state, std::shared_ptr<Implementation> main);

 private:
  std::shared_ptr<State> state_;
};

}  // namespace wherry::v1
