// Reads the JSON that Keras writes: untrusted text, with NaN and Infinity as Python spells them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/error.h"

namespace wherry::keras {

/// The value `text` stands for; NaN, Infinity and -Infinity become floating-point numbers. Text
/// nested deeper than 200 levels or longer than 256 MB is refused. Errors: malformed, too_large.
/// Callers include nlohmann/json.hpp themselves, in .cc files only.
Expected<nlohmann::json> parse_json(std::string_view text);

}  // namespace wherry::keras
