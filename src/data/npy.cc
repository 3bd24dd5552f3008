// Reads and writes NumPy arrays, without trusting their headers.
#include "data/npy.h"

#include <algorithm>
#include <cstring>

#include "base/checked.h"
#include "base/text.h"
#include "base/zip.h"

namespace wherry {
namespace {

struct Header {
  std::string descr;
  bool fortran_order = false;
  Shape shape;
};

/// What stands after `key` in the header's dictionary.
Expected<std::string_view> after_key(std::string_view text, std::string_view key) {
  size_t place = text.find(cat("'", key, "'"));
  ENSURE_CODE(ErrorCode::malformed, place != std::string_view::npos, "the .npy header has no ",
              key);
  size_t colon = text.find(':', place);
  ENSURE_CODE(ErrorCode::malformed, colon != std::string_view::npos,
              "the .npy header is damaged at ", key);
  return trimmed(text.substr(colon + 1));
}

Expected<Header> parse_header(std::string_view text) {
  Header header;
  std::string_view descr = TRY(after_key(text, "descr"));
  ENSURE_CODE(ErrorCode::malformed, descr.starts_with('\''),
              "arrays with fields are not supported");
  header.descr = descr.substr(1, descr.find('\'', 1) - 1);
  header.fortran_order = TRY(after_key(text, "fortran_order")).starts_with("True");
  std::string_view shape = TRY(after_key(text, "shape"));
  size_t end = shape.find(')');
  ENSURE_CODE(ErrorCode::malformed, shape.starts_with('(') && end != std::string_view::npos,
              "the .npy header has no shape");
  for (std::string_view part : split(shape.substr(1, end - 1), ',')) {
    part = trimmed(part);
    if (part.empty()) continue;
    int64_t extent = 0;
    ENSURE_CODE(ErrorCode::malformed, parse_number(part, extent) && extent >= 0,
                "the .npy shape has the extent ", quoted(part));
    header.shape.push_back(extent);
  }
  return header;
}

struct TypeRow {
  std::string_view code;
  DType dtype;
};
constexpr TypeRow type_rows[] = {{"f4", DType::f32}, {"f8", DType::f64},   {"f2", DType::f16},
                                 {"i1", DType::i8},  {"i2", DType::i16},   {"i4", DType::i32},
                                 {"i8", DType::i64}, {"u1", DType::u8},    {"u2", DType::u16},
                                 {"u4", DType::u32}, {"u8", DType::u64},   {"b1", DType::boolean},
                                 {"c8", DType::c64}, {"c16", DType::c128}, {"V2", DType::bf16}};

void swap_bytes(std::byte* data, size_t count, size_t width) {
  for (size_t i = 0; i < count; ++i) std::reverse(data + i * width, data + (i + 1) * width);
}

Expected<Tensor> string_tensor(const Header& header, std::span<const std::byte> content) {
  int64_t width = 0;
  ENSURE_CODE(ErrorCode::malformed,
              parse_number(std::string_view(header.descr).substr(2), width) && width >= 0 &&
                  width < (1 << 28),
              "the .npy element type ", quoted(header.descr), " is invalid");
  int64_t count = TRY(header.shape.checked_elements());
  ENSURE_CODE(ErrorCode::malformed,
              static_cast<uint64_t>(TRY(checked_multiply(count, width))) <= content.size() &&
                  (width > 0 || count < (1 << 20)),
              "the .npy file ends early");
  std::vector<std::string_view> strings;
  for (int64_t i = 0; i < count; ++i) {
    std::string_view text(reinterpret_cast<const char*>(content.data()) + i * width,
                          static_cast<size_t>(width));
    strings.push_back(text.substr(0, text.find_last_not_of('\0') + 1));
  }
  std::vector<std::byte> bytes = string_bytes(std::span<const std::string_view>(strings));
  Tensor tensor = TRY(Tensor::sized({DType::string, header.shape, {}, {}}, bytes.size()));
  std::copy(bytes.begin(), bytes.end(), tensor.buffer.data());
  return tensor;
}

/// Copies `width`-byte elements stored first-axis-fastest into C order.
void reorder(const std::byte* from, std::byte* to, const Shape& shape, size_t width) {
  int64_t count = shape.elements();
  std::vector<int64_t> index(static_cast<size_t>(shape.rank()), 0);
  for (int64_t i = 0; i < count; ++i) {
    int64_t flat = 0;
    for (int axis = 0; axis < shape.rank(); ++axis)
      flat = flat * shape[axis] + index[static_cast<size_t>(axis)];
    std::memcpy(to + static_cast<size_t>(flat) * width, from + static_cast<size_t>(i) * width,
                width);
    for (int axis = 0; axis < shape.rank(); ++axis) {
      if (++index[static_cast<size_t>(axis)] < shape[axis]) break;
      index[static_cast<size_t>(axis)] = 0;
    }
  }
}

}  // namespace

Expected<Tensor> parse_npy(const SharedBytes& file) {
  std::span<const std::byte> bytes = file.bytes;
  ENSURE_CODE(ErrorCode::malformed,
              bytes.size() >= 12 && std::memcmp(bytes.data(), "\x93NUMPY", 6) == 0,
              "not a .npy file");
  bool wide = std::to_integer<int>(bytes[6]) >= 2;
  uint32_t length = 0;
  std::memcpy(&length, bytes.data() + 8, wide ? 4 : 2);
  size_t start = wide ? 12 : 10;
  ENSURE_CODE(ErrorCode::malformed, fits(start, length, bytes.size()),
              "the .npy header ends outside the file");
  Header header = TRY(parse_header({reinterpret_cast<const char*>(bytes.data()) + start, length}));
  std::span<const std::byte> content = bytes.subspan(start + length);
  ENSURE_CODE(ErrorCode::malformed, header.descr.size() >= 3, "the .npy element type ",
              quoted(header.descr), " is invalid");
  if (header.descr[1] == 'S') return string_tensor(header, content);
  for (const TypeRow& row : type_rows) {
    if (std::string_view(header.descr).substr(1) != row.code) continue;
    TensorType type{row.dtype, header.shape, {}, {}};
    int64_t size = TRY(byte_size(row.dtype, TRY(header.shape.checked_elements())));
    ENSURE_CODE(ErrorCode::malformed, static_cast<uint64_t>(size) <= content.size(),
                "the .npy file ends early: ", header.shape, " needs ", size, " bytes, it has ",
                content.size());
    Tensor tensor = TRY(Tensor::sized(type, static_cast<size_t>(size)));
    size_t width = static_cast<size_t>(bits_of(row.dtype) / 8);
    if (header.fortran_order)
      reorder(content.data(), tensor.buffer.data(), header.shape, width);
    else if (size)
      std::memcpy(tensor.buffer.data(), content.data(), static_cast<size_t>(size));
    if (header.descr[0] == '>')
      swap_bytes(tensor.buffer.data(), static_cast<size_t>(size) / width, width);
    return tensor;
  }
  return Error{.code = ErrorCode::unsupported,
               .message = cat("the .npy element type ", quoted(header.descr), " is not supported")};
}

Expected<std::vector<std::pair<std::string, Tensor>>> parse_npz(const SharedBytes& file) {
  ZipReader archive = TRY(ZipReader::open(file));
  std::vector<std::pair<std::string, Tensor>> arrays;
  for (const ZipEntry& entry : archive.entries()) {
    std::string name = entry.name;
    if (name.ends_with(".npy")) name.resize(name.size() - 4);
    SharedBytes content = TRY(archive.read(entry));
    arrays.emplace_back(name, TRY(parse_npy(content).context(cat("in the array ", quoted(name)))));
  }
  return arrays;
}

Expected<std::vector<std::byte>> npy_bytes(const TensorView& tensor) {
  std::string descr;
  std::vector<std::byte> content;
  if (tensor.dtype() == DType::string) {
    std::vector<std::string_view> strings = TRY(strings_of(tensor));
    size_t width = 1;
    for (std::string_view text : strings) width = std::max(width, text.size());
    descr = cat("|S", width);
    content.resize(
        TRY(checked_multiply(static_cast<int64_t>(width), static_cast<int64_t>(strings.size()))));
    for (size_t i = 0; i < strings.size(); ++i)
      std::copy_n(reinterpret_cast<const std::byte*>(strings[i].data()), strings[i].size(),
                  content.data() + i * width);
  } else if (tensor.dtype() == DType::bf16) {
    descr = "<f4";
    content.resize(static_cast<size_t>(tensor.elements()) * 4);
    for (int64_t i = 0; i < tensor.elements(); ++i) {
      float value = tensor.as<bfloat16>()[i];
      std::memcpy(content.data() + 4 * i, &value, 4);
    }
  } else {
    for (const TypeRow& row : type_rows) {
      if (row.dtype == tensor.dtype()) descr = cat(bits_of(row.dtype) == 8 ? '|' : '<', row.code);
    }
    ENSURE_CODE(ErrorCode::unsupported, !descr.empty(), "a tensor of ", tensor.dtype(),
                " cannot be stored as .npy");
    content.assign(tensor.data, tensor.data + tensor.bytes);
  }
  std::string shape;
  for (int64_t extent : tensor.shape()) shape += cat(extent, ",");
  std::string text =
      cat("{'descr': '", descr, "', 'fortran_order': False, 'shape': (", shape, "), }");
  text.append(63 - (10 + text.size()) % 64, ' ');
  text += '\n';
  std::string head("\x93NUMPY\x01\x00", 8);
  head += static_cast<char>(text.size() & 0xff);
  head += static_cast<char>(text.size() >> 8);
  head += text;
  auto* first = reinterpret_cast<const std::byte*>(head.data());
  content.insert(content.begin(), first, first + head.size());
  return content;
}

Expected<std::vector<std::byte>> npz_bytes(
    const std::vector<std::pair<std::string, TensorView>>& arrays) {
  ZipWriter writer;
  for (const auto& [name, tensor] : arrays) {
    std::vector<std::byte> bytes =
        TRY(npy_bytes(tensor).context(cat("in the array ", quoted(name))));
    TRY(writer.add(name + ".npy", bytes, 64));
  }
  return writer.finish();
}

}  // namespace wherry
