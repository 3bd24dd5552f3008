// Datasets: arrays of elements, read whole.
#pragma once

#include "keras/reader/hdf5/datatype.h"
#include "keras/reader/hdf5/object_header.h"

namespace wherry::keras::hdf5 {

struct Dataset {
  Datatype type;
  Dataspace space;
  /// All elements in row order, numbers little-endian. Data in one piece is a view into the file,
  /// at any alignment; chunked, big-endian and unwritten data is a copy.
  SharedBytes bytes;
};

Expected<Dataset> read_dataset(Source& source, const std::vector<Message>& messages);

}  // namespace wherry::keras::hdf5
