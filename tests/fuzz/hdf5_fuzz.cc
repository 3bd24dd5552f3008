// Fuzzes HDF5 files: all groups, attributes and datasets are read. Checksums are not looked at, or
// nothing behind them would be reached.
#include <cstddef>
#include <cstdint>

#include "keras/reader/hdf5/walk_test.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace wherry;
  auto bytes = std::as_bytes(std::span(data, size));
  auto file =
      keras::hdf5::File::open(share({bytes.begin(), bytes.end()}), keras::hdf5::Checksums::ignored);
  if (file) (void)keras::hdf5::walk(*file, 500);
  return 0;
}
