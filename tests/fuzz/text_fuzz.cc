// Fuzzes the text form of graphs, and running what it says.
#include <cstddef>
#include <cstdint>

#include "hostile/exercise.h"
#include "ir/text.h"
#include "ir/verifier.h"
#include "ops/registry.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  auto model = wherry::parse_text(text, wherry::find_op_named);
  if (model && wherry::verify(*model))
    (void)wherry::hostile::run_model(*model, size, {.bytes = 1 << 16, .steps = 1000});
  return 0;
}
