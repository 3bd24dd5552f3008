// What is known of one graph while it is planned and run: types, constants, and where values stand.
#pragma once

#include <map>

#include "runtime/memory_plan.h"
#include "runtime/plan.h"
#include "runtime/shared_model.h"

namespace wherry {

struct PlanOptions {
  bool fast = true;              ///< false: reference kernels only
  bool preserve_values = false;  ///< every value can be looked at after the run; no fusion
  bool observe_values = false;   ///< observers see every value of a run; no fusion
  std::string_view only = {};    ///< of the fast implementations just this one: tests, benchmarks
  Cpu cpu = cpu::detect();
  size_t threads = 1;
  bool drops_packed = false;  ///< constants that can be had again leave memory once they are packed
  bool runs_once = false;     ///< nothing is prepared for a second run
  /// For the arena of a graph, and for any one result; 0: no limit.
  int64_t max_bytes = int64_t{1} << 34;
  /// For what is made of constants before running; what the file stores may grow beyond it.
  int64_t max_fold_bytes = int64_t{1} << 30;
  bool check_memory = false;  ///< every run: no value changes between being made and being read

  /// Each value is of interest by itself.
  bool needs_all_values() const { return preserve_values || observe_values; }
};

/// Where the bytes of a value stand.
struct Place {
  enum Kind : uint8_t {
    nowhere,   ///< not computed (yet), or inside a fused step
    arena,     ///< at `offset` in `buffer`
    constant,  ///< in GraphState::constants
    variable,  ///< kept between runs by the session
    heap,      ///< own memory, made while running: strings and shapes known late
  };
  Kind kind = nowhere;
  int buffer = -1;
  int64_t offset = 0;
  int64_t bytes = 0;
};

/// Memory of one or more values that share it.
struct ArenaBuffer {
  int64_t size = 0;
  int64_t offset = 0;
  int first = 0, last = 0;  ///< as node indices
};

/// A value known before running: of the file, or folded.
struct KnownValue {
  enum State : uint8_t {
    unknown,
    known,  ///< `data` is there
    lazy,   ///< computed by folding when somebody asks
  };
  State state = unknown;
  bool shape_dependent = false;  ///< folded from shapes: not the same for all plans
  uint8_t depth = 0;             ///< how many lazy values stand one behind the other; 0: not lazy
  Constant data;
};

struct GraphState {
  GraphState(const SharedModel& shared, int graph_index, const PlanOptions& plan_options);

  const SharedModel& shared;
  const Graph& graph;
  const PlanOptions& options;
  std::vector<NodeId> producers;
  std::vector<std::vector<NodeId>> readers;  ///< live nodes only, one entry per use
  std::vector<bool> live;                    ///< nodes that somebody needs
  std::vector<bool> is_input, is_output;     ///< of the graph

  std::vector<TensorType> types;  ///< concrete once planned
  std::vector<KnownValue> known;
  std::vector<Place> places;
  std::vector<ArenaBuffer> buffers;
  AlignedBuffer arena;
  int64_t arena_bytes = 0;
  int arena_moves = 0;  ///< how often the arena got another address
  MemoryPeak peak;      ///< of all segments: time is a node index
  std::map<ValueId, AlignedBuffer> heap;
  std::map<ValueId, TensorView> variables;  ///< by the session

  int node_count() const { return static_cast<int>(graph.nodes.size()); }
  const Value& value(ValueId id) const { return graph.value(id); }
  TensorType& type(ValueId id) { return types[static_cast<size_t>(id)]; }
  KnownValue& known_of(ValueId id) { return known[static_cast<size_t>(id)]; }
  Place& place(ValueId id) { return places[static_cast<size_t>(id)]; }
  /// Address of a value that stands somewhere; null otherwise.
  std::byte* data(ValueId id);
  TensorView view(ValueId id) {
    return {&type(id), data(id), static_cast<size_t>(place(id).bytes)};
  }

  /// "'x' f32[1,2], 'w' i8[3]": what a node reads, for messages.
  std::string types_read(const Node& node) const;
  /// Names the node in an error that names none yet.
  Error located(Error error, const Node& node) const;
};

}  // namespace wherry
