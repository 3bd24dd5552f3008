// Names the case under way when the process dies or hangs.
#pragma once

#include <cstdint>
#include <string_view>

namespace wherry::hostile {

/// From now on a crash, a failed check, a sanitizer's finding or a minute without end prints the
/// case that was under way.
void watch_for_crashes();
void begin_case(std::string_view path, std::string_view kind, uint64_t seed);
void end_cases();
/// The most memory this process has had, in MiB.
int64_t peak_mebibytes();

}  // namespace wherry::hostile
