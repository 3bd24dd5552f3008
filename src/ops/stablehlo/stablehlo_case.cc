// STABLEHLO_CASE: runs one of several graphs, chosen by number.
#include "ops/stablehlo/stablehlo_case.h"

#include "ops/control_flow/subgraph_call.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field stablehlo_case_fields[] = {
    field<&StablehloCase::branch_subgraph_indices>("branch_subgraph_indices", 0)};

Status infer_stablehlo_case(InferContext& context) {
  const auto& branches = context.attributes<StablehloCase>().branch_subgraph_indices;
  ENSURE(!branches.empty(), "STABLEHLO_CASE has no branches");
  ENSURE(context.shape(0).elements() == 1, "STABLEHLO_CASE needs one number, got the shape ",
         context.shape(0));
  std::vector<DType> types = declared_types(context);
  for (int32_t branch : branches) TRY(check_subgraph(context, branch, 1, types));
  set_outputs_unknown(context);
  return {};
}

/// A number that names no branch means the last one.
Status reference(Call& call) {
  const auto& branches = call.attributes<StablehloCase>().branch_subgraph_indices;
  int64_t number = integer_at(call.input(0), 0), last = static_cast<int64_t>(branches.size()) - 1;
  if (number < 0 || number > last) number = last;
  return run_subgraph(call, branches[static_cast<size_t>(number)], 1);
}

}  // namespace

constinit const AttributesType stablehlo_case_attributes =
    attributes_type<StablehloCase>(stablehlo_case_fields, 0, 23);

constinit const OpDef stablehlo_case = {
    .name = "STABLEHLO_CASE",
    .code = 209,
    .attributes = &stablehlo_case_attributes,
    .inputs = {{"branch", DType::i32}, {"inputs", any_type, Presence::variadic}},
    .outputs = {{"outputs", any_type, Presence::variadic}},
    .versions = {{1, "2.17.0"}},
    .infer = infer_stablehlo_case,
    .reference = reference,
    .effects = Effects::stateful,
    .doc = "runs one of several graphs; a number out of range means the last"};

OpTable stablehlo_case_ops() { return op_table(stablehlo_case); }

}  // namespace wherry::op
