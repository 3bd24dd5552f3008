// Describes everything in an HDF5 file as lines, so that tests can compare or just touch it.
#pragma once

#include <string>
#include <vector>

#include "keras/reader/hdf5/file.h"

namespace wherry::keras::hdf5 {

/// "path|type|shape|bytes|crc32" for each attribute and dataset, in the order of make.py; what
/// cannot be read gives "path|error|message". Ends after `most_objects` objects.
std::vector<std::string> walk(const File& file, int most_objects = 1 << 20);

}  // namespace wherry::keras::hdf5
