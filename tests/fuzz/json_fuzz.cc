// Fuzzes JSON as Keras writes it.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "keras/reader/json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  (void)wherry::keras::parse_json({reinterpret_cast<const char*>(data), size});
  return 0;
}
