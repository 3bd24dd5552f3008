// Puts the head and the constants of a written model into memory or a file.
#include "base/mapped_file.h"
#include "tflite/writer.h"

namespace wherry::tflite {

template <class Put>
Status WrittenModel::emit(Put&& put) const {
  static constexpr std::byte zeros[data_alignment] = {};
  TRY(put(std::span<const std::byte>(head_)));
  for (const Piece& piece : pieces_) {
    TRY(put(std::span(zeros, piece.padding)));
    uint32_t length = static_cast<uint32_t>(piece.data.bytes().size());
    if (piece.has_length) TRY(put(std::as_bytes(std::span(&length, 1))));
    TRY(put(piece.data.bytes()));
    drop_pages(piece.data.owner(), piece.data.bytes());
  }
  return {};
}

std::vector<std::byte> WrittenModel::bytes() const {
  std::vector<std::byte> result;
  result.reserve(size_);
  auto put = [&](std::span<const std::byte> part) -> Status {
    result.insert(result.end(), part.begin(), part.end());
    return {};
  };
  CHECK(emit(put));
  return result;
}

Status WrittenModel::save(const std::string& path) const {
  FileWriter file = TRY(FileWriter::create(path));
  TRY(write_to(file));
  return file.commit();
}

Status WrittenModel::write_to(FileWriter& file) const {
  TRY(file.reserve(size_));
  return emit([&](std::span<const std::byte> part) { return file.write(part); });
}

}  // namespace wherry::tflite
