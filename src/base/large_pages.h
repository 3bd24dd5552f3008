// Memory that is filled at once and used at once.
#pragma once

#include <cstddef>
#include <span>

namespace wherry {

/// Asks the system for large pages where `bytes`, not touched yet, have room for some: touching a
/// page for the first time costs as much as computing on it. Nothing for small ones.
void prefer_large_pages(std::span<std::byte> bytes);

}  // namespace wherry
