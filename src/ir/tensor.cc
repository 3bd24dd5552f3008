// Owned tensors, string tensors, sparse and sub-byte constants.
#include "ir/tensor.h"

#include <cstring>

#include "base/checked.h"
#include "base/large_pages.h"

namespace wherry {

Expected<Tensor> Tensor::sized(TensorType type, size_t bytes) {
  ENSURE_CODE(ErrorCode::too_large, bytes <= static_cast<size_t>(max_bytes), "a tensor of ", bytes,
              " bytes is too large");
  Tensor tensor{std::move(type), AlignedBuffer(bytes)};
  ENSURE_CODE(ErrorCode::too_large, tensor.buffer.data(), "no memory for a tensor of ", bytes,
              " bytes");
  prefer_large_pages({tensor.buffer.data(), bytes});
  return tensor;
}

Expected<Tensor> Tensor::zeros(TensorType type) {
  int64_t bytes = TRY(byte_size(type.dtype, TRY(type.shape.checked_elements())));
  Tensor tensor = TRY(sized(std::move(type), static_cast<size_t>(bytes)));
  std::memset(tensor.buffer.data(), 0, static_cast<size_t>(bytes));
  return tensor;
}

Expected<Tensor> Tensor::copy_of(const TensorView& view) {
  Tensor tensor = TRY(sized(*view.type, view.bytes));
  if (view.bytes) std::memcpy(tensor.buffer.data(), view.data, view.bytes);
  return tensor;
}

namespace {

int32_t int32_at(const std::byte* data, size_t index) {
  int32_t value;
  std::memcpy(&value, data + 4 * index, 4);
  return value;
}

template <class S>
std::vector<std::byte> pack_strings(std::span<const S> strings) {
  size_t header = 4 * (strings.size() + 2), total = header;
  for (const S& text : strings) total += text.size();
  std::vector<std::byte> bytes(total);
  auto put = [&](size_t index, size_t value) {
    int32_t number = static_cast<int32_t>(value);
    std::memcpy(bytes.data() + 4 * index, &number, 4);
  };
  put(0, strings.size());
  size_t offset = header;
  for (size_t i = 0; i < strings.size(); ++i) {
    put(i + 1, offset);
    if (!strings[i].empty())
      std::memcpy(bytes.data() + offset, strings[i].data(), strings[i].size());
    offset += strings[i].size();
  }
  put(strings.size() + 1, offset);
  return bytes;
}

}  // namespace

Expected<std::vector<std::string_view>> strings_of(const TensorView& view) {
  std::vector<std::string_view> strings;
  if (view.bytes == 0) {
    ENSURE(view.elements() == 0, "a string tensor of ", view.elements(), " elements has no data");
    return strings;
  }
  ENSURE(view.bytes >= 8, "a string tensor needs at least 8 bytes, got ", view.bytes);
  int64_t count = int32_at(view.data, 0);
  ENSURE(
      count >= 0 && 4 * (count + 2) <= static_cast<int64_t>(view.bytes) && count == view.elements(),
      "a string tensor of ", view.elements(), " elements and ", view.bytes, " bytes says it has ",
      count, " strings");
  for (int64_t i = 0; i < count; ++i) {
    int64_t first = int32_at(view.data, static_cast<size_t>(i + 1)),
            last = int32_at(view.data, static_cast<size_t>(i + 2));
    ENSURE(first >= 0 && first <= last && last <= static_cast<int64_t>(view.bytes), "string ", i,
           " of a string tensor lies outside its data");
    strings.emplace_back(reinterpret_cast<const char*>(view.data) + first,
                         static_cast<size_t>(last - first));
  }
  return strings;
}

std::vector<std::byte> string_bytes(std::span<const std::string> strings) {
  return pack_strings(strings);
}
std::vector<std::byte> string_bytes(std::span<const std::string_view> strings) {
  return pack_strings(strings);
}

std::vector<int8_t> unpack_sub_byte(const TensorView& view) {
  int bits = bits_of(view.dtype()), per_byte = 8 / bits;
  bool is_signed = view.dtype() != DType::u4;
  std::vector<int8_t> result(static_cast<size_t>(view.elements()));
  const uint8_t* packed = view.as<uint8_t>();
  for (size_t i = 0; i < result.size(); ++i) {
    int raw = packed[i / per_byte] >> (static_cast<int>(i % per_byte) * bits) & ((1 << bits) - 1);
    if (is_signed && raw >> (bits - 1)) raw -= 1 << bits;
    result[i] = static_cast<int8_t>(raw);
  }
  return result;
}

void pack_sub_byte(std::span<const int8_t> elements, const TensorView& packed) {
  const int bits = bits_of(packed.dtype());
  const size_t per_byte = static_cast<size_t>(8 / bits);
  std::fill_n(packed.data, packed.bytes, std::byte{0});
  for (size_t i = 0; i < elements.size(); ++i) {
    int raw = elements[i] & ((1 << bits) - 1);
    packed.data[i / per_byte] |=
        static_cast<std::byte>(raw << (static_cast<int>(i % per_byte) * bits));
  }
}

}  // namespace wherry
