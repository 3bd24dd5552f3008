// BITCAST: the same bytes as another element type.
#include "ops/quantization/bitcast.h"

#include <algorithm>

#include "ops/context.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet byte_types = one_of(
    DType::f32, DType::f16, DType::bf16, DType::f64, DType::i8, DType::u8, DType::i16, DType::u16,
    DType::i32, DType::u32, DType::i64, DType::u64, DType::c64, DType::c128, DType::boolean);

Status infer_bitcast(InferContext& context) {
  DType from = context.dtype(0), to = context.declared(0).dtype;
  Shape shape = context.shape(0);
  int narrow = std::min(bits_of(from), bits_of(to)), wide = std::max(bits_of(from), bits_of(to));
  ENSURE_CODE(ErrorCode::unsupported, byte_types.contains(to), "BITCAST cannot give ", to);
  if (bits_of(from) > bits_of(to)) {
    shape.push_back(wide / narrow);
  } else if (bits_of(from) < bits_of(to)) {
    ENSURE(shape.rank() > 0 && shape.back() == wide / narrow, "BITCAST makes one ", to, " of ",
           wide / narrow, " elements of ", from, ", got the shape ", shape);
    shape.erase(shape.rank() - 1);
  }
  return context.set_output(0, to, std::move(shape));
}

Status reference(Call& call) {
  std::copy_n(call.input(0).data, call.output(0).bytes, call.output(0).data);
  return {};
}

}  // namespace

constinit const AttributesType bitcast_attributes = attributes_type<NoAttributes>({}, 124);

constinit const OpDef bitcast = {.name = "BITCAST",
                                 .code = 159,
                                 .attributes = &bitcast_attributes,
                                 .inputs = {{"x", byte_types}},
                                 .outputs = {{"y", byte_types}},
                                 .versions = {{1, "2.13.0"}},
                                 .infer = infer_bitcast,
                                 .reference = reference,
                                 .doc = "the bytes of x as elements of another type"};

OpTable bitcast_ops() { return op_table(bitcast); }

}  // namespace wherry::op
