// Spreads elements over threads. A table is what the reference makes of all bytes.
#include "ops/elementwise_fast.h"

#include <numeric>

#include "kernels/elementwise/lookup.h"
#include "kernels/elementwise/unary_f32.h"
#include "ops/evaluate.h"
#include "ops/work_split.h"

namespace wherry {
namespace {

bool is_byte(DType dtype) { return dtype == DType::i8 || dtype == DType::u8; }

TensorType of_all_bytes(TensorType type) {
  type.shape = {256};
  type.signature = {};
  return type;
}

}  // namespace

Expected<std::array<uint8_t, 256>> byte_table_of(const PlanContext& context) {
  Graph graph;
  const ValueId x = graph.add({.name = "x", .type = of_all_bytes(context.input(0))});
  const ValueId y = graph.add({.name = "y", .type = of_all_bytes(context.output())});
  Node node = context.node();
  node.inputs = {x};
  node.outputs = {y};
  std::array<uint8_t, 256> table;
  std::iota(table.begin(), table.end(), uint8_t{0});
  const TensorView bytes{&graph.value(x).type, reinterpret_cast<std::byte*>(table.data()), 256};
  const std::vector<Tensor> results = TRY(evaluate_node(graph, node, {&bytes, 1}));
  const TensorView result = results[0].view();
  std::copy_n(result.as<const uint8_t>(), table.size(), table.begin());
  return table;
}

PlanResult plan_byte_table(PlanContext& context) {
  if (!is_byte(context.dtype(0)) || !is_byte(context.output().dtype))
    return declined("needs i8 or u8, got ", context.dtype(0), " to ", context.output().dtype);
  const auto table = byte_table_of(context);
  if (!table) return declined("some elements have no result: ", table.error().message);
  const auto count = static_cast<size_t>(context.output().shape.elements());
  const size_t tasks = tasks_for(context.threads(), count / 16);
  kernels::LookupKernel* lookup = kernels::choose(kernels::lookup_variants, context.cpu()).kernel;
  context.may_overwrite(0);
  return Step([table = *table, count, tasks, lookup](const StepRun& run) {
    split_work(run.pool(), tasks, count, 64, [&](size_t begin, size_t end, size_t) {
      lookup({.table = table.data(),
              .x = run.input<uint8_t>(0) + begin,
              .y = run.output<uint8_t>() + begin,
              .count = end - begin});
    });
  });
}

PlanResult plan_unary_f32(PlanContext& context, kernels::UnaryOp op, FloatRange parameters) {
  if (context.dtype(0) != DType::f32) return declined("needs f32, got ", context.dtype(0));
  const auto count = static_cast<size_t>(context.output().shape.elements());
  constexpr size_t instructions = 2;  // for an element: functions are polynomials
  const size_t tasks = tasks_for(context.threads(), count * instructions);
  const auto* kernel = kernels::choose(kernels::unary_f32_variants, context.cpu()).kernel;
  auto* function = kernel->run[static_cast<size_t>(op)];
  context.may_overwrite(0);
  return Step([=](const StepRun& run) {
    split_work(run.pool(), tasks, count, 16, [&](size_t begin, size_t end, size_t) {
      function({.x = run.input<float>(0) + begin,
                .y = run.output<float>() + begin,
                .count = end - begin,
                .p = parameters.min,
                .q = parameters.max});
    });
  });
}

}  // namespace wherry
