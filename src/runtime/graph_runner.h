// One graph ready to run: its plan, its memory, its inputs and outputs.
#pragma once

#include "runtime/segment.h"

namespace wherry {

class Call;
class InferContext;
class Session;

class GraphRunner {
 public:
  GraphRunner(Session& session, int graph);

  const Graph& graph() const { return graph_; }
  int index() const { return index_; }
  /// Plans for these input shapes, as far as shapes are known before running; nothing to do when
  /// they are as before. After an error the runner is not prepared.
  Status prepare(std::vector<Shape> shapes);
  bool prepared() const { return prepared_; }
  const std::vector<Shape>& input_shapes() const { return shapes_; }
  /// The memory of an input: keeps its contents from run to run. Strings: see set_strings.
  TensorView input(int i);
  /// The bytes (see string_bytes) of a string input.
  Status set_strings(int i, std::span<const std::byte> bytes);
  Status run();
  /// An output of the last run; before it, and after an error, the type as far as known and null
  /// data.
  TensorView output(int i) { return value(graph_.outputs[static_cast<size_t>(i)]); }
  /// Any value: without preserve_values what stood there may be gone.
  TensorView value(ValueId id);

  /// What was planned so far: all segments once the graph has been run.
  const std::vector<Segment>& segments() const { return segments_; }
  const GraphState& state() const { return *state_; }
  bool busy = false;  ///< being run by a node of another graph

 private:
  Status plan_from_start();
  Status plan_segment(int first, bool inferred);
  void bind_all();
  Status run_segment(size_t k);
  Status run_step(PlannedStep& step);
  Status run_fast(PlannedStep& step);
  Status run_reference(PlannedStep& step);
  Status run_watched(PlannedStep& step);
  Status infer_again(const PlannedStep& step);
  void note_contents(const PlannedStep& step);
  Status check_contents(const PlannedStep& step) const;

  Status pass_stop(size_t k);
  Status run_dynamic(const InferContext& context, int n);
  static bool needs_running(const InferContext& context);
  Status enter(int first, bool by_values, std::vector<Shape> shapes);
  void drop_segments_after(size_t k, bool dynamic);
  static Status allocate(void* owner, Call& call, int i, const Shape& shape, size_t bytes);

  Session& session_;
  int index_;
  const Graph& graph_;
  std::unique_ptr<GraphState> state_;
  std::vector<Segment> segments_;
  std::vector<Shape> shapes_;
  bool prepared_ = false;
  bool ran_ = false;
  int arena_moves_ = 0;
  std::map<ValueId, uint64_t> contents_;  ///< with check_memory: a sum over the bytes
};

}  // namespace wherry
