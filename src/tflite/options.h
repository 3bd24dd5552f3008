// Moves operator options between FlatBuffers tables and their structs, by field list.
#pragma once

#include "ir/attributes.h"
#include "tflite/wire.h"

namespace wherry::tflite {

/// The struct behind `type` filled from `table`; absent fields get the schema's default. Errors: an
/// enumeration or type number outside the known ones.
Expected<Attributes> read_options(const AttributesType& type, const TableView& table);

}  // namespace wherry::tflite
