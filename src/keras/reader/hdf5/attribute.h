// Attributes: small named values on groups and datasets.
#pragma once

#include <string>
#include <vector>

#include "keras/reader/hdf5/datatype.h"
#include "keras/reader/hdf5/object_header.h"

namespace wherry::keras::hdf5 {

struct Attribute {
  std::string name;
  Datatype type;
  Dataspace space;
  std::span<const std::byte> data;
};

/// All attributes of an object, compact and dense ones, sorted by name.
Expected<std::vector<Attribute>> read_attributes(Source& source,
                                                 const std::vector<Message>& messages);

}  // namespace wherry::keras::hdf5
