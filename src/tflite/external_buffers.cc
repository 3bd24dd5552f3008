// Finds external buffers: checks the names and places that the model gives, and maps the files.
#include "tflite/external_buffers.h"

#include <cstring>

#include "base/aligned_buffer.h"
#include "base/checked.h"
#include "base/zip.h"

namespace wherry::tflite {
namespace {

enum ModelSlot { external_buffer_groups = 8, external_buffers = 9 };

}  // namespace

Expected<ExternalBuffers> ExternalBuffers::read(const TableView& model, std::string folder) {
  ExternalBuffers result;
  result.folder_ = std::move(folder);
  for (const TableView& group : model.tables(external_buffer_groups))
    result.groups_.emplace_back(group.text(0));
  for (const TableView& table : model.tables(external_buffers)) {
    uint32_t id = table.get<uint32_t>(0);
    Buffer buffer{table.get<uint32_t>(1), table.get<uint64_t>(2), table.get<uint64_t>(3),
                  std::string(table.text(4))};
    ENSURE(buffer.group < result.groups_.size(), "the external buffer ", id, " names group ",
           buffer.group, " of ", result.groups_.size());
    ENSURE(id != 0 && result.buffers_.try_emplace(id, std::move(buffer)).second, "the number ", id,
           " of an external buffer is 0 or there twice");
  }
  return result;
}

Expected<SharedBytes> ExternalBuffers::file_of(uint32_t group) {
  auto opened = files_.find(group);
  if (opened != files_.end()) return opened->second;
  const std::string& name = groups_[group];
  // A model may not choose files elsewhere on the machine that opens it.
  ENSURE_CODE(ErrorCode::malformed, is_safe_zip_name(name), "the model keeps weights in the file ",
              quoted(name), ", which is not a plain name beside the model");
  if (folder_.empty()) {
    return Error{.code = ErrorCode::cannot_read,
                 .message = cat("the model keeps weights in the file ", quoted(name),
                                ", which cannot be found from memory"),
                 .advice = "load the model from its file, with the other file beside it"};
  }
  auto file = map_file(folder_ + name);
  if (!file) {
    Error error = std::move(file).error();
    error.advice = cat("the model keeps weights in ", quoted(name), ": put that file beside it");
    return error;
  }
  budget_ += file->bytes.size();
  return files_[group] = *file;
}

Expected<Constant> ExternalBuffers::aligned_copy(std::span<const std::byte> bytes) {
  ENSURE_CODE(ErrorCode::too_large, bytes.size() <= budget_,
              "the external buffers of the model overlap too often");
  budget_ -= bytes.size();
  auto copy = std::make_shared<AlignedBuffer>(bytes.size());
  ENSURE_CODE(ErrorCode::too_large, *copy, "no memory for a buffer of ", bytes.size(), " bytes");
  std::memcpy(copy->data(), bytes.data(), bytes.size());
  return Constant(copy, {copy->data(), bytes.size()});
}

Expected<Constant> ExternalBuffers::find(uint32_t id, size_t alignment) {
  auto place = buffers_.find(id);
  ENSURE(place != buffers_.end(), "the external buffer ", id, " is not listed in the model");
  const Buffer& buffer = place->second;
  ENSURE_CODE(ErrorCode::unsupported, buffer.packing.empty() || buffer.packing == "unpacked",
              "the external buffer ", id, " is packed as ", quoted(buffer.packing),
              "; only 'unpacked' can be read");
  SharedBytes file = TRY(file_of(buffer.group));
  ENSURE_CODE(ErrorCode::malformed, fits(buffer.offset, buffer.length, file.bytes.size()),
              "the external buffer ", id, " is ", buffer.length, " bytes from ", buffer.offset,
              " on in ", quoted(groups_[buffer.group]), ", which has ", file.bytes.size());
  std::span<const std::byte> bytes = file.bytes.subspan(buffer.offset, buffer.length);
  if (reinterpret_cast<uintptr_t>(bytes.data()) % alignment == 0)
    return Constant(file.owner, bytes);
  Constant& copy = copies_[id];
  if (!copy) copy = TRY(aligned_copy(bytes));
  return copy;
}

}  // namespace wherry::tflite
