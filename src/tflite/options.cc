// Reads option tables field by field.
#include "tflite/options.h"

namespace wherry::tflite {
namespace {

Status read_enumeration(const Field& field, const TableView& table, void* data) {
  int8_t value = table.get(field.slot, static_cast<int8_t>(field.absent));
  ENSURE_CODE(ErrorCode::malformed, value >= 0 && static_cast<size_t>(value) < field.names.size(),
              "the option ", field.name, " has the unknown value ", static_cast<int>(value));
  field.in<int8_t>(data) = value;
  return {};
}

Status read_dtype(const Field& field, const TableView& table, void* data) {
  int8_t value = table.get(field.slot, static_cast<int8_t>(field.absent));
  ENSURE_CODE(ErrorCode::malformed, value >= 0 && value < dtype_count, "the option ", field.name,
              " names the unknown type ", static_cast<int>(value));
  field.in<DType>(data) = static_cast<DType>(value);
  return {};
}

template <class T, class Stored = T>
void read_list(const Field& field, const TableView& table, void* data) {
  field.in<std::vector<T>>(data) = table.list<Stored, T>(field.slot);
}

template <class T>
void read_scalar(const Field& field, const TableView& table, void* data) {
  field.in<T>(data) = table.get(field.slot, static_cast<T>(field.absent));
}

Status read_field(const Field& field, const TableView& table, void* data) {
  switch (field.kind) {
    case FieldKind::boolean:
      field.in<bool>(data) = table.get(field.slot, static_cast<uint8_t>(field.absent)) != 0;
      break;
    case FieldKind::int8:
      read_scalar<int8_t>(field, table, data);
      break;
    case FieldKind::int32:
      read_scalar<int32_t>(field, table, data);
      break;
    case FieldKind::int64:
      read_scalar<int64_t>(field, table, data);
      break;
    case FieldKind::uint32:
      read_scalar<uint32_t>(field, table, data);
      break;
    case FieldKind::real:
      read_scalar<float>(field, table, data);
      break;
    case FieldKind::text:
      field.in<std::string>(data) = table.text(field.slot);
      break;
    case FieldKind::bytes:
      read_list<uint8_t>(field, table, data);
      break;
    case FieldKind::int32_list:
      read_list<int32_t>(field, table, data);
      break;
    case FieldKind::int64_list:
      read_list<int64_t>(field, table, data);
      break;
    case FieldKind::real_list:
      read_list<float>(field, table, data);
      break;
    case FieldKind::enumeration:
      return read_enumeration(field, table, data);
    case FieldKind::dtype:
      return read_dtype(field, table, data);
  }
  return {};
}

}  // namespace

Expected<Attributes> read_options(const AttributesType& type, const TableView& table) {
  std::shared_ptr<void> data = type.make();
  for (const Field& field : type.fields) {
    // Without any options every flag is off, whatever the schema's default.
    if (!table && field.kind == FieldKind::boolean)
      field.in<bool>(data.get()) = false;
    else if (field.slot >= 0)
      TRY(read_field(field, table, data.get()));
  }
  if (table) TRY(table.wire().status());
  return Attributes(type, std::move(data));
}

}  // namespace wherry::tflite
