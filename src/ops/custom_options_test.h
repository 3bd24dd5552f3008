// Options of custom operators, written by the flatbuffers library, for tests.
#pragma once

#include <flatbuffers/flexbuffers.h>

#include <cmath>

#include "ops/opaque.h"

namespace wherry::test {

/// `build(map)` adds the entries, map is a flexbuffers::Builder.
template <class Build>
Attributes custom_options(Build build) {
  flexbuffers::Builder map;
  map.Map([&] { build(map); });
  map.Finish();
  return Attributes::of(op::custom_attributes, op::Custom{.options = map.GetBuffer()});
}

/// Pairs of a name and a number; whole ones are written as integers.
template <class Numbers>
void put_numbers(flexbuffers::Builder& map, const Numbers& numbers) {
  for (const auto& [name, value] : numbers) {
    if (value == std::floor(value))
      map.Int(name, static_cast<int64_t>(value));
    else
      map.Double(name, value);
  }
}

}  // namespace wherry::test
