// Fuzzes loading, describing, planning and running .tflite files.
#include <cstddef>
#include <cstdint>

#include "hostile/exercise.h"
#include "hostile/exercise_files.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto bytes = std::as_bytes(std::span(data, size));
  (void)wherry::hostile::look_at_file(bytes);
  (void)wherry::hostile::run_file(bytes, size, {.bytes = 1 << 16, .steps = 1000});
  return 0;
}
