// The documents that docgen makes.
#pragma once

#include <string>

namespace wherry::docgen {

std::string operators();
std::string keras_layers();

}  // namespace wherry::docgen
