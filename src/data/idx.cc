// Reads IDX arrays.
#include "data/idx.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "base/checked.h"

namespace wherry {
namespace {

bool is_gzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 18 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b};
}

/// Inflates; deflate packs at most about 1:1032, so a larger claim is refused by running out of
/// room.
Expected<std::vector<std::byte>> inflate_gzip(std::span<const std::byte> bytes) {
  std::vector<std::byte> result(std::min<size_t>(bytes.size() * 8, size_t{1} << 30));
  z_stream stream{};
  ENSURE_CODE(ErrorCode::internal, inflateInit2(&stream, 15 + 16) == Z_OK, "zlib does not start");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(std::min<size_t>(bytes.size(), UINT32_MAX));
  int code = Z_OK;
  while (code == Z_OK) {
    if (stream.total_out == result.size()) {
      if (result.size() > bytes.size() * 1100 || result.size() >= size_t{1} << 31) break;
      result.resize(result.size() * 2);
    }
    stream.next_out = reinterpret_cast<Bytef*>(result.data()) + stream.total_out;
    stream.avail_out = static_cast<uInt>(result.size() - stream.total_out);
    code = inflate(&stream, Z_NO_FLUSH);
  }
  size_t size = stream.total_out;
  inflateEnd(&stream);
  ENSURE_CODE(ErrorCode::malformed, code == Z_STREAM_END, "the gzip file is damaged or cut short");
  result.resize(size);
  return result;
}

std::optional<DType> idx_type(std::byte code) {
  switch (std::to_integer<int>(code)) {
    case 0x08:
      return DType::u8;
    case 0x09:
      return DType::i8;
    case 0x0b:
      return DType::i16;
    case 0x0c:
      return DType::i32;
    case 0x0d:
      return DType::f32;
    case 0x0e:
      return DType::f64;
    default:
      return std::nullopt;
  }
}

}  // namespace

bool is_idx(std::span<const std::byte> bytes) {
  if (is_gzip(bytes)) return true;
  return bytes.size() >= 8 && bytes[0] == std::byte{0} && bytes[1] == std::byte{0} &&
         idx_type(bytes[2]) && std::to_integer<int>(bytes[3]) >= 1 &&
         std::to_integer<int>(bytes[3]) <= 8;
}

Expected<Tensor> parse_idx(std::span<const std::byte> bytes) {
  std::vector<std::byte> inflated;
  if (is_gzip(bytes)) {
    inflated = TRY(inflate_gzip(bytes));
    bytes = inflated;
  }
  ENSURE_CODE(ErrorCode::malformed, is_idx(bytes) && !is_gzip(bytes), "not an IDX file");
  size_t rank = std::to_integer<size_t>(bytes[3]), start = 4 + 4 * rank;
  ENSURE_CODE(ErrorCode::malformed, bytes.size() >= start, "the IDX file ends in its header");
  TensorType type{*idx_type(bytes[2]), {}, {}, {}};
  for (size_t axis = 0; axis < rank; ++axis) {
    uint32_t extent = 0;
    for (size_t i = 0; i < 4; ++i)
      extent = extent << 8 | std::to_integer<uint32_t>(bytes[4 + 4 * axis + i]);
    type.shape.push_back(extent);
  }
  int64_t size = TRY(byte_size(type.dtype, TRY(type.shape.checked_elements())));
  ENSURE_CODE(ErrorCode::malformed, static_cast<uint64_t>(size) <= bytes.size() - start,
              "the IDX file ends early: ", type.shape, " needs ", size, " bytes");
  size_t width = static_cast<size_t>(bits_of(type.dtype) / 8);
  Tensor tensor = TRY(Tensor::sized(type, static_cast<size_t>(size)));
  std::copy_n(bytes.begin() + static_cast<ptrdiff_t>(start), size, tensor.buffer.data());
  for (std::byte* p = tensor.buffer.data(); width > 1 && p < tensor.buffer.data() + size;
       p += width)
    std::reverse(p, p + width);
  return tensor;
}

}  // namespace wherry
