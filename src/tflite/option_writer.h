// Writes operator options as FlatBuffers tables, by field list.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include "ir/attributes.h"

namespace wherry::tflite {

/// The table of the options struct at `data`; fields at the schema's default are left out.
flatbuffers::uoffset_t write_options(flatbuffers::FlatBufferBuilder& builder,
                                     const AttributesType& type, const void* data);

}  // namespace wherry::tflite
