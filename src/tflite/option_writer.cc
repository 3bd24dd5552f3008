// Writes option tables field by field.
#include "tflite/option_writer.h"

#include "tflite/vtable.h"

namespace wherry::tflite {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::uoffset_t;

template <class T>
uoffset_t list(FlatBufferBuilder& builder, const Field& field, const void* data) {
  const auto& values = field.in<std::vector<T>>(data);
  return values.empty() ? 0 : builder.CreateVector(values).o;
}

/// Strings and vectors must be complete before their table begins.
uoffset_t write_child(FlatBufferBuilder& builder, const Field& field, const void* data) {
  switch (field.kind) {
    case FieldKind::text: {
      const std::string& text = field.in<std::string>(data);
      return text.empty() ? 0 : builder.CreateString(text).o;
    }
    case FieldKind::bytes:
      return list<uint8_t>(builder, field, data);
    case FieldKind::int32_list:
      return list<int32_t>(builder, field, data);
    case FieldKind::int64_list:
      return list<int64_t>(builder, field, data);
    case FieldKind::real_list:
      return list<float>(builder, field, data);
    default:
      return 0;
  }
}

template <class T>
void write_as(FlatBufferBuilder& builder, const Field& field, const void* data) {
  builder.AddElement<T>(entry(field.slot), field.in<T>(data), static_cast<T>(field.absent));
}

void write_scalar(FlatBufferBuilder& builder, const Field& field, const void* data) {
  switch (field.kind) {
    case FieldKind::boolean:
      builder.AddElement<uint8_t>(entry(field.slot), field.in<bool>(data),
                                  static_cast<uint8_t>(field.absent));
      break;
    case FieldKind::int8:
    case FieldKind::enumeration:
    case FieldKind::dtype:
      write_as<int8_t>(builder, field, data);
      break;
    case FieldKind::int32:
      write_as<int32_t>(builder, field, data);
      break;
    case FieldKind::int64:
      write_as<int64_t>(builder, field, data);
      break;
    case FieldKind::uint32:
      write_as<uint32_t>(builder, field, data);
      break;
    case FieldKind::real:
      write_as<float>(builder, field, data);
      break;
    default:
      break;
  }
}

}  // namespace

uoffset_t write_options(FlatBufferBuilder& builder, const AttributesType& type, const void* data) {
  std::vector<uoffset_t> children(type.fields.size());
  for (size_t i = 0; i < children.size(); ++i) {
    if (type.fields[i].slot >= 0) children[i] = write_child(builder, type.fields[i], data);
  }
  uoffset_t start = builder.StartTable();
  for (size_t i = 0; i < children.size(); ++i) {
    const Field& field = type.fields[i];
    if (field.slot < 0) continue;
    if (children[i])
      builder.AddOffset(entry(field.slot), flatbuffers::Offset<void>(children[i]));
    else
      write_scalar(builder, field, data);
  }
  return builder.EndTable(start);
}

}  // namespace wherry::tflite
