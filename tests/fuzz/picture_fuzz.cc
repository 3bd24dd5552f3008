// Fuzzes pictures (JPEG, PNG, BMP) and IDX files.
#include <cstddef>
#include <cstdint>

#include "hostile/exercise_files.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto bytes = std::as_bytes(std::span(data, size));
  (void)wherry::hostile::read_picture(bytes);
  (void)wherry::hostile::read_idx(bytes);
  return 0;
}
