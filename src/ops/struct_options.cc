// Padding and activation by the numbers that C structs hold.
#include "ops/struct_options.h"

namespace wherry {

Expected<Padding> struct_padding(int32_t number, std::string_view op) {
  ENSURE_CODE(ErrorCode::malformed, number == 1 || number == 2, op, " has the unknown padding ",
              number, "; known: 1 (same), 2 (valid)");
  return number == 1 ? Padding::same : Padding::valid;
}

Expected<Activation> struct_activation(int32_t number, std::string_view op) {
  constexpr Activation known[] = {Activation::none, Activation::relu, Activation::relu_n1_to_1,
                                  Activation::relu6};
  ENSURE_CODE(ErrorCode::unsupported, number >= 0 && number < 4, op, " has the activation ", number,
              "; known: 0 (none), 1 (relu), 2 (relu_n1_to_1), 3 (relu6)");
  return known[number];
}

}  // namespace wherry
