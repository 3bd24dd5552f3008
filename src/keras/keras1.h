// Translates what Keras 1 wrote into the words of Keras 2.
#pragma once

#include <string>

#include "keras/py_value.h"

namespace wherry::keras {

/// The options of one layer under today's names; a class that was renamed is renamed too. Unknown
/// options stay as they are.
PyValue keras1_config(std::string& class_name, const PyValue& config);

/// What Keras 1 called the weight that is "kernel" today, and so on.
std::string_view keras1_role(std::string_view role);

}  // namespace wherry::keras
