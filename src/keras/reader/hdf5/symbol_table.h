// Groups of the old style: a B-tree of symbol nodes, with names in a local heap.
#pragma once

#include <vector>

#include "keras/reader/hdf5/link.h"
#include "keras/reader/hdf5/source.h"

namespace wherry::keras::hdf5 {

/// Appends the links of the group whose symbol table message has this body.
Status read_symbol_table(Source& source, std::span<const std::byte> message,
                         std::vector<Link>& links);

}  // namespace wherry::keras::hdf5
