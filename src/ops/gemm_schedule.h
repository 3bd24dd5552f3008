// How matrix products are divided among threads.
#pragma once

#include <string>

#include "ops/gemm_fast.h"
#include "ops/work_split.h"

namespace wherry {

/// How a product runs: which part each task takes, and the scratch memory of each thread.
struct Schedule {
  size_t rows = 0, panels = 0;
  size_t tasks = 1;
  bool by_panels = false;
  size_t grain = 1;  ///< rows or panels that are best kept together
  int scratch = 0;
  size_t scratch_stride = 0;
};

/// What a product costs each thread.
struct Price {
  size_t products_in_instruction;
  size_t scratch_bytes;
};

template <class Gemm>
Schedule schedule_of(PlanContext& context, const GemmProblem& problem, const Gemm& gemm,
                     Price price) {
  Schedule schedule{.rows = problem.rows(), .panels = gemm.panels().count};
  const size_t products = problem.rows() * problem.columns * problem.window.depth();
  schedule.tasks = tasks_for(context.threads(), products / price.products_in_instruction);
  schedule.by_panels = problem.rows() < schedule.tasks * gemm.tile_rows();
  schedule.grain = schedule.by_panels ? 1 : gemm.tile_rows();
  schedule.scratch_stride = (price.scratch_bytes + 63) / 64 * 64;
  schedule.scratch = context.add_scratch(schedule.scratch_stride * context.threads());
  return schedule;
}

/// Computes `whole`, which says everything but rows, panels and scratch, in tasks: `compute` is
/// called with each part.
template <class Part, class Compute>
void run_parts(const Schedule& schedule, const StepRun& run, const Part& whole, Compute compute) {
  auto* scratch = run.scratch<std::byte>(schedule.scratch);
  split_work(run.pool(), schedule.tasks, schedule.by_panels ? schedule.panels : schedule.rows,
             schedule.grain, [&](size_t begin, size_t end, size_t thread) {
               Part part = whole;
               part.row_begin = schedule.by_panels ? 0 : begin;
               part.row_end = schedule.by_panels ? schedule.rows : end;
               part.panel_begin = schedule.by_panels ? begin : 0;
               part.panel_end = schedule.by_panels ? end : schedule.panels;
               part.scratch = scratch + thread * schedule.scratch_stride;
               compute(part);
             });
}

/// With the weights that `gemm` packed.
template <class Gemm>
void run_tasks(const Gemm& gemm, const Schedule& schedule, const StepRun& run,
               const typename Gemm::Part& whole) {
  run_parts(schedule, run, whole, [&](const typename Gemm::Part& part) { gemm.run(part); });
}

/// Why no product takes this, whatever its weights; empty when there is nothing to say against it.
std::string refusal_of(PlanContext& context, const GemmProblem& problem);
/// The same for float data times integer weights.
std::string refusal_of_hybrid(PlanContext& context, const GemmProblem& problem);

}  // namespace wherry
