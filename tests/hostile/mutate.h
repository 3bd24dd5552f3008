// Spoils models and files a little, at random.
#pragma once

#include "hostile/random.h"
#include "ir/model.h"

namespace wherry::hostile {

/// Changes options, shapes, types, quantisation, constants and wiring. The result may be malformed;
/// constants keep the size that their type needs, so that most results get past the verifier.
void mutate(Model& model, Random& random);
/// Changes bytes, or cuts the end off.
void mutate(std::vector<std::byte>& file, Random& random);

}  // namespace wherry::hostile
