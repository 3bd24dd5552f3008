// Reads .tflite files into models; constants point into the mapped file.
#pragma once

#include "base/mapped_file.h"
#include "ir/op_def.h"

namespace wherry::tflite {

struct ReadOptions {
  /// Definitions of custom operators beside the built-in ones; they win over those of the same
  /// name.
  std::span<const OpDef* const> custom_ops = {};
  /// Folder where external buffer groups (weights in other files) are looked for; empty: they are
  /// an error.
  std::string folder;
};

/// Errors: malformed, invalid_model, too_large. Operators without a definition become `op::opaque`.
Expected<Model> read(const SharedBytes& file, const ReadOptions& options = {});
Expected<Model> read_file(const std::string& path, ReadOptions options = {});
/// True when the bytes carry the format's identifier.
bool is_tflite(std::span<const std::byte> bytes);

}  // namespace wherry::tflite
