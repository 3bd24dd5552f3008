// Links: the named members of a group, however the group stores them.
#pragma once

#include <string>
#include <vector>

#include "keras/reader/hdf5/object_header.h"

namespace wherry::keras::hdf5 {

struct Link {
  enum class Kind : uint8_t { hard, soft, external, other };
  std::string name;
  Kind kind = Kind::hard;
  uint64_t address = 0;  ///< of the object header, for a hard link
  std::string target;    ///< path for a soft link; file for an external one
};

/// All links of a group, sorted by name; empty for what is no group.
Expected<std::vector<Link>> read_links(Source& source, const std::vector<Message>& messages);

}  // namespace wherry::keras::hdf5
