// Changes archives behind their checksums: included by the one source of a target that wants it.
#pragma once

#include <algorithm>
#include <cstring>
#include <span>

#include "hostile/mutate_package.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  auto bytes = std::as_bytes(std::span(data, size));
  std::vector<std::byte> file(bytes.begin(), bytes.end());
  wherry::hostile::Random random(seed);
  if (random.chance(4)) return LLVMFuzzerMutate(data, size, max_size);
  wherry::hostile::mutate_package(file, random);
  if (file.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::copy_n(reinterpret_cast<const uint8_t*>(file.data()), file.size(), data);
  return file.size();
}
