// For programs that handle signals: which files of the library are in use. Both functions may be
// called by a signal handler.
#pragma once

#include "wherry/v1.h"

namespace wherry::v1 {

/// The path of the file that is mapped at the address, nullptr when none is. Files that are read
/// are mapped, not copied: when another program shortens one while it is used, the process gets
/// SIGBUS with an address inside it.
const char* mapped_file_at(const void* address);
/// Removes the outputs that are written under a temporary name and not finished.
void remove_unfinished_files();

}  // namespace wherry::v1
