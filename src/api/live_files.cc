// Implements wherry/live_files.h.
#include "wherry/live_files.h"

#include "base/live_files.h"

namespace wherry::v1 {

const char* mapped_file_at(const void* address) { return wherry::mapped_file_at(address); }
void remove_unfinished_files() { wherry::remove_unfinished_files(); }

}  // namespace wherry::v1
