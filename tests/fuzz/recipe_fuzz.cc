// Fuzzes recipe files: reading, and converting a small model by what they say.
#include <cstddef>
#include <cstdint>
#include <span>

#include "hostile/exercise_files.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  (void)wherry::hostile::use_recipe(std::as_bytes(std::span(data, size)), size);
  return 0;
}
