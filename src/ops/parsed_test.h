// Models of the text form, for tests.
#pragma once

#include <gtest/gtest.h>

#include "ir/text.h"
#include "ops/registry.h"

namespace wherry::test {

inline Model parsed(std::string_view text) {
  auto model = parse_text(text, find_op_named);
  EXPECT_TRUE(model) << model.error().text();
  return model ? std::move(*model) : Model();
}

}  // namespace wherry::test
