// Fuzzes saved Keras models: reading, importing, simplifying, writing, running.
#include <cstddef>
#include <cstdint>

#include "fuzz/package_mutator.h"
#include "hostile/exercise_files.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  (void)wherry::hostile::convert_file(std::as_bytes(std::span(data, size)), size);
  return 0;
}
