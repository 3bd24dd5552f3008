// Makes the classes of the library's surface, which stand in wherry::v1, known as wherry::Name.
#pragma once

namespace wherry {
namespace v1 {}
// Inside the library the same words name internal types: wherry::Model is the graphs in memory.
#ifndef WHERRY_BUILDING
using namespace v1;
#endif
}  // namespace wherry
