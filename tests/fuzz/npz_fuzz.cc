// Fuzzes .npz archives and .npy arrays.
#include <cstddef>
#include <cstdint>

#include "data/npy.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto bytes = std::as_bytes(std::span(data, size));
  wherry::SharedBytes file = wherry::share({bytes.begin(), bytes.end()});
  (void)wherry::parse_npz(file);
  (void)wherry::parse_npy(file);
  return 0;
}
