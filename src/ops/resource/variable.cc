// VAR_HANDLE, READ_VARIABLE and ASSIGN_VARIABLE: tensors that live from run to run under a name.
#include "ops/resource/variable.h"

#include "ops/context.h"
#include "ops/registry.h"
#include "ops/resource/handle.h"

namespace wherry::op {
namespace {

constexpr Field var_handle_fields[] = {field<&VarHandle::container>("container", 0),
                                       field<&VarHandle::shared_name>("shared_name", 1)};

struct Variable final : Resources::Resource {
  Tensor value;
  bool assigned = false;
};

Status infer_var_handle(InferContext& context) {
  return context.set_output(0, DType::resource,
                            context.declared(0).shape.rank() == 0 ? Shape() : Shape({1}));
}

Status reference_var_handle(Call& call) {
  const auto& attributes = call.attributes<VarHandle>();
  // The length keeps ("a", "bc") and ("ab", "c") apart.
  std::string name = cat("variable ", attributes.container.size(), " ", attributes.container, " ",
                         attributes.shared_name);
  *call.result<int32_t>(0) = call.environment().resources().handle(name);
  return {};
}

Status infer_read_variable(InferContext& context) {
  TRY(check_handle(context));
  context.set_output_unknown(0, context.declared(0).dtype);
  return {};
}

Status reference_read_variable(Call& call) {
  const Variable* variable = TRY(resource_of<Variable>(call, "a variable"));
  ENSURE_CODE(ErrorCode::invalid_data, variable->assigned,
              "READ_VARIABLE reads a variable that has no value yet");
  TensorView value = variable->value.view();
  ENSURE_CODE(ErrorCode::invalid_data, value.dtype() == call.output(0).dtype(),
              "READ_VARIABLE expects ", call.output(0).dtype(), ", the variable holds ",
              value.dtype());
  return call.set_bytes(0, value.shape(), {value.data, value.bytes});
}

Status infer_assign_variable(InferContext& context) { return check_handle(context); }

Status reference_assign_variable(Call& call) {
  Variable* variable = TRY(resource_of<Variable>(call, "a variable"));
  variable->value = TRY(Tensor::copy_of(call.input(1)));
  variable->assigned = true;
  return {};
}

constexpr TypeSet stored_types =
    one_of(DType::f32, DType::f16, DType::bf16, DType::f64, DType::i8, DType::u8, DType::i16,
           DType::u16, DType::i32, DType::u32, DType::i64, DType::u64, DType::boolean, DType::c64,
           DType::c128, DType::i4, DType::string);

}  // namespace

constinit const AttributesType var_handle_attributes =
    attributes_type<VarHandle>(var_handle_fields, 111);
constinit const AttributesType read_variable_attributes = attributes_type<NoAttributes>({}, 112);
constinit const AttributesType assign_variable_attributes = attributes_type<NoAttributes>({}, 113);

constinit const OpDef variable_family[3] = {
    {.name = "VAR_HANDLE",
     .code = 142,
     .attributes = &var_handle_attributes,
     .outputs = {{"handle", DType::resource}},
     .versions = {{1, "2.6.0"}},
     .infer = infer_var_handle,
     .reference = reference_var_handle,
     .effects = Effects::stateful,
     .doc = "a handle of the variable with this name"},
    {.name = "READ_VARIABLE",
     .code = 143,
     .attributes = &read_variable_attributes,
     .inputs = {{"handle", DType::resource}},
     .outputs = {{"value", stored_types}},
     .versions = {{1, "2.6.0"}},
     .infer = infer_read_variable,
     .reference = reference_read_variable,
     .effects = Effects::stateful,
     .doc = "the value last assigned to a variable"},
    {.name = "ASSIGN_VARIABLE",
     .code = 144,
     .attributes = &assign_variable_attributes,
     .inputs = {{"handle", DType::resource}, {"value", stored_types}},
     .versions = {{1, "2.6.0"}},
     .infer = infer_assign_variable,
     .reference = reference_assign_variable,
     .effects = Effects::stateful,
     .doc = "gives a variable a value, kept from run to run"},
};

OpTable variable_ops() { return op_table(variable_family); }

}  // namespace wherry::op
