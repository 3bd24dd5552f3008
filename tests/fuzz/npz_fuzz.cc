// Fuzzes .npz archives and .npy arrays; archives are also changed behind their checksums.
#include <cstddef>
#include <cstdint>

#include "fuzz/package_mutator.h"
#include "hostile/exercise_files.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  (void)wherry::hostile::read_npz(std::as_bytes(std::span(data, size)));
  return 0;
}
