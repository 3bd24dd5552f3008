// What a fast implementation of an operator is asked at plan time, and what it answers.
//
// A file src/ops/<subject>/<stem>_fast.cc maps operators to kernels:
//
//   PlanResult plan_row_f32(PlanContext& context) {
//     if (context.dtype(0) != DType::f32) return declined("needs f32, got ", context.dtype(0));
//     auto packed = context.share<Packed>(context.input_id(1), "row_f32", [&] { ... });
//     context.drop_input(1);
//     return Step([packed, rows](const StepRun& run) {
//       kernel(run.input<float>(0), *packed, run.output<float>(0), rows, run.pool());
//     });
//   }
//   constexpr Implementation implementations[] = {{"row_f32", plan_row_f32}, ...};
//   FastOp <stem>_implementations() { return {{&the_op}, implementations}; }
//
// They are tried top to bottom, the reference kernel comes last. The node was inferred before, so
// types, shapes and attributes are valid and agree; only "can I do this one" is left to decide.
#pragma once

#include <memory>
#include <type_traits>
#include <variant>

#include "base/cpu.h"
#include "base/thread_pool.h"
#include "ir/op_def.h"
#include "ir/tensor.h"

namespace wherry {

/// What a step is handed at each run. Pointers change from run to run only when the arena moves,
/// so a step asks for them each time and keeps none.
class StepRun {
 public:
  StepRun(std::byte* const* inputs, std::byte* const* outputs, std::byte* const* scratch,
          ThreadPool& pool, std::unique_ptr<Error>& error)
      : inputs_(inputs), outputs_(outputs), scratch_(scratch), pool_(pool), error_(error) {}

  /// Dense data, aligned to its element at least, to 64 when the value has its own memory. Null for
  /// an absent input. Except behind constants, 64 bytes after the end may be read.
  template <class T>
  const T* input(int i) const {
    return reinterpret_cast<const T*>(inputs_[i]);
  }
  /// A variable (is_variable) that the step updates.
  template <class T>
  T* state(int i) const {
    return reinterpret_cast<T*>(inputs_[i]);
  }
  template <class T>
  T* output(int i = 0) const {
    return reinterpret_cast<T*>(outputs_[i]);
  }
  /// Memory asked for with add_scratch, aligned to 64, contents undefined.
  template <class T>
  T* scratch(int i = 0) const {
    return reinterpret_cast<T*>(scratch_[i]);
  }
  ThreadPool& pool() const { return pool_; }
  /// Ends the run with this error.
  void fail(Error error) const { error_ = std::make_unique<Error>(std::move(error)); }

 private:
  std::byte* const* inputs_;
  std::byte* const* outputs_;
  std::byte* const* scratch_;
  ThreadPool& pool_;
  std::unique_ptr<Error>& error_;
};

/// Prepared work. The body is void and cannot fail, or returns Status where values decide (indices
/// and the like); it allocates nothing. It is called by one thread at a time.
class Step {
 public:
  template <class Body>
  explicit Step(Body body)
      : state_(new Body(std::move(body)), [](void* state) { delete static_cast<Body*>(state); }),
        run_(&run_body<Body>),
        can_fail_(!std::is_void_v<std::invoke_result_t<Body&, const StepRun&>>) {}

  void run(const StepRun& run) const { run_(state_.get(), run); }
  bool can_fail() const { return can_fail_; }

 private:
  template <class Body>
  static void run_body(void* state, const StepRun& run) {
    Body& body = *static_cast<Body*>(state);
    if constexpr (std::is_void_v<std::invoke_result_t<Body&, const StepRun&>>) {
      body(run);
    } else {
      Status status = body(run);
      if (!status) [[unlikely]]
        run.fail(std::move(status).error());
    }
  }
  std::unique_ptr<void, void (*)(void*)> state_;
  void (*run_)(void* state, const StepRun& run);
  bool can_fail_;
};

/// Nothing is computed: output k is the bytes of input `input` from offsets[k] on (0 when `offsets`
/// is empty). The planner copies where sharing is not possible.
struct View {
  int input = 0;
  std::vector<int64_t> offsets = {};
};

/// The only output is its inputs one after the other: input k stands at byte offsets[k]. The
/// planner lets producers write in place where it can and copies the rest.
struct Join {
  std::vector<int64_t> offsets;
};

/// Why an implementation does not take a node: "needs stride 1, got 2".
struct Declined {
  std::string reason;
};
template <class... Args>
Declined declined(const Args&... args) {
  return {cat(args...)};
}

using PlanResult = std::variant<Step, View, Join, Declined>;

/// One node with everything known about it before running. What is requested (scratch, in-place,
/// absorbed nodes) counts only when the implementation then returns a Step.
class PlanContext {
 public:
  explicit PlanContext(const Node& node) : node_(node) {}
  virtual ~PlanContext() = default;

  const Node& node() const { return node_; }
  template <class T>
  const T& attributes() const {
    return node_.attributes.as<T>();
  }
  int input_count() const { return static_cast<int>(node_.inputs.size()); }
  int output_count() const { return static_cast<int>(node_.outputs.size()); }
  ValueId input_id(int i) const {
    return i < input_count() ? node_.inputs[static_cast<size_t>(i)] : no_value;
  }
  ValueId output_id(int i = 0) const { return node_.outputs[static_cast<size_t>(i)]; }
  bool has_input(int i) const { return input_id(i) != no_value; }
  const TensorType& input(int i) const { return type(input_id(i)); }
  const TensorType& output(int i = 0) const { return type(output_id(i)); }
  const Shape& shape(int i) const { return input(i).shape; }
  DType dtype(int i) const { return input(i).dtype; }
  /// True when the data of input i does not depend on the inputs of the graph.
  bool is_constant(int i) const { return has_input(i) && is_constant_value(input_id(i)); }
  /// Dense data of a constant input, aligned to its element; null when absent or not constant. Do
  /// not keep the pointer in a step: use StepRun::input, or share() what is made of it.
  template <class T>
  const T* constant(int i) {
    return has_input(i) ? constant_value(input_id(i)).as<const T>() : nullptr;
  }

  // The same by value, also for values of neighbouring nodes.
  /// Concrete type.
  virtual const TensorType& type(ValueId id) const = 0;
  virtual bool is_constant_value(ValueId id) const = 0;
  /// Null data when not constant, and when the bytes cannot be had: then planning ends in an error,
  /// whatever the implementation answers.
  virtual TensorView constant_value(ValueId id) = 0;
  /// The node that computes a value, or null (inputs, constants, variables).
  virtual const Node* producer(ValueId id) const = 0;
  /// The only node that reads a value, and reads it once; null when there are several, or when it
  /// is an output of the graph.
  virtual const Node* only_reader(ValueId id) const = 0;

  /// Threads the pool may have; scratch for each thread is up to the implementation.
  virtual size_t threads() const = 0;
  virtual Cpu cpu() const = 0;
  /// What is prepared for later runs (packed weights) is of no use.
  virtual bool runs_once() const = 0;

  /// Something made of a constant (packed weights), kept once for all interpreters of a model.
  /// `layout` names everything besides the constant that the result depends on. make() returns
  /// std::shared_ptr<const T>; it is called with the data of all constant inputs at hand. Null when
  /// they cannot be had (damaged, or too large) or make() gave null.
  template <class T, class Make>
  std::shared_ptr<const T> share(ValueId constant, std::string_view layout, Make&& make) {
    if (auto found = find_shared(constant, layout))
      return std::static_pointer_cast<const T>(std::move(found));
    if (!constants_at_hand()) return nullptr;
    std::shared_ptr<const T> made = make();
    keep_shared(constant, layout, made);
    return made;
  }

  /// Asks for memory while the step runs; the index for StepRun::scratch.
  int add_scratch(size_t bytes) {
    requests_.scratch.push_back(bytes);
    return static_cast<int>(requests_.scratch.size()) - 1;
  }
  /// Output i may stand where input j stands when nothing reads that input later; then both have
  /// the same address.
  void may_overwrite(int input, int output = 0) { requests_.overwrites.push_back({input, output}); }
  /// The step does not read input i while running (it was packed): its pointer may be null.
  void drop_input(int i) { requests_.dropped.push_back(i); }

  // Fusion. A step may do the work of a neighbouring node as well: of the only reader of its
  // output, or of the producer of an input whose only reader it is.
  /// The planner makes no step for `node`.
  void absorb(const Node& node) { requests_.absorbed.push_back(&node); }
  /// StepRun::input(i) / output(i) become another value: one of an absorbed node.
  void set_input(int i, ValueId id) { requests_.inputs.push_back({i, id}); }
  void set_output(int i, ValueId id) { requests_.outputs.push_back({i, id}); }
  /// A further input; its index for StepRun::input.
  int add_input(ValueId id) {
    requests_.added_inputs.push_back(id);
    return input_count() + static_cast<int>(requests_.added_inputs.size()) - 1;
  }

  struct Overwrite {
    int input, output;
  };
  struct Replacement {
    int index;
    ValueId id;
  };
  struct Requests {
    std::vector<size_t> scratch;
    std::vector<Overwrite> overwrites;
    std::vector<int> dropped;
    std::vector<const Node*> absorbed;
    std::vector<Replacement> inputs, outputs;
    std::vector<ValueId> added_inputs;
  };

 protected:
  virtual std::shared_ptr<const void> find_shared(ValueId constant, std::string_view layout) = 0;
  virtual void keep_shared(ValueId constant, std::string_view layout,
                           std::shared_ptr<const void> made) = 0;
  /// Makes the data of every constant input; false when that fails.
  virtual bool constants_at_hand() = 0;
  const Node& node_;
  Requests requests_;
};

/// One way to compute an operator.
struct Implementation {
  std::string_view name;  ///< unique within the operator: "direct_3x3_f32"
  PlanResult (*plan)(PlanContext& context);
};

/// What a file x_fast.cc contributes: `FastOp x_implementations()` in namespace wherry::op.
struct FastOp {
  FixedList<const OpDef*, 16> ops;                  ///< operators served by the whole list
  std::span<const Implementation> implementations;  ///< best first, without the reference
};

/// All implementations of an operator in the order they are tried; those of several files add up.
std::vector<const Implementation*> implementations_of(const OpDef& op);

}  // namespace wherry
