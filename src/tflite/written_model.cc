// Puts the head and the constants of a written model into memory or a file.
#include <algorithm>

#include "base/mapped_file.h"
#include "tflite/writer.h"

namespace wherry::tflite {

template <class Put>
Status WrittenModel::emit(size_t threads, const Put& put) const {
  static constexpr std::byte zeros[data_alignment] = {};
  uint64_t place = 0;
  auto put_next = [&](std::span<const std::byte> part) -> Status {
    uint64_t at = place;
    place += part.size();
    return put(at, part);
  };
  TRY(put_next(head_));
  for (const Piece& piece : pieces_) {
    TRY(put_next(std::span(zeros, piece.padding)));
    uint32_t length = static_cast<uint32_t>(piece.data.size());
    if (piece.has_length) TRY(put_next(std::as_bytes(std::span(&length, 1))));
    auto put_part = [&](size_t first, std::span<const std::byte> part) -> Status {
      return put(place + first, part);
    };
    TRY(piece.data.visit(threads, put_part));
    place += piece.data.size();
    piece.data.drop_pages();
  }
  return {};
}

std::vector<std::byte> WrittenModel::bytes(size_t threads) const {
  std::vector<std::byte> result(size_);
  auto put = [&](uint64_t place, std::span<const std::byte> part) -> Status {
    std::copy(part.begin(), part.end(), result.begin() + static_cast<ptrdiff_t>(place));
    return {};
  };
  CHECK(emit(threads, put));
  return result;
}

Status WrittenModel::save(const std::string& path) const {
  FileWriter file = TRY(FileWriter::create(path));
  TRY(write_to(file));
  return file.commit();
}

Status WrittenModel::write_to(FileWriter& file, size_t threads) const {
  TRY(file.reserve(size_));
  const bool in_any_order = !file.temporary_path().empty();
  return emit(in_any_order ? threads : 1, [&](uint64_t place, std::span<const std::byte> part) {
    return file.write_at(place, part);
  });
}

}  // namespace wherry::tflite
