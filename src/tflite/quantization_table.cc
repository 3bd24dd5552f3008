// Reads the quantisation table of a tensor and the details of its four kinds.
#include "tflite/quantization_table.h"

namespace wherry::tflite {
namespace {

Status read_details(uint8_t kind, const TableView& table, Quantization& q) {
  switch (kind) {
    case QuantizationDetails::none:
      return {};
    case QuantizationDetails::custom:
      q.custom = table.list<uint8_t>(0);
      return {};
    case QuantizationDetails::blockwise:
      q.blockwise = BlockwiseQuantization{table.get<int32_t>(0), table.get<int32_t>(1),
                                          table.get<int32_t>(2)};
      return {};
    case QuantizationDetails::multi_axis:
      q.multi_axis =
          MultiAxisQuantization{table.get<int32_t>(0), table.get<int32_t>(1),
                                table.get<int32_t>(2), table.list<int32_t>(3)};
      return {};
  }
  return Error{.code = ErrorCode::unsupported,
               .message = "quantisation details of an unknown kind are not supported",
               .received = cat(static_cast<int>(kind))};
}

}  // namespace

Expected<std::optional<Quantization>> read_quantization(const TableView& table) {
  if (!table) return std::optional<Quantization>();
  Quantization q;
  q.min = table.list<float>(0);
  q.max = table.list<float>(1);
  q.scales = table.list<float>(2);
  q.zero_points = table.list<int64_t>(3);
  q.axis = table.get<int32_t>(6);
  TRY(read_details(table.get<uint8_t>(4), table.table(5), q));
  if (q == Quantization()) return std::optional<Quantization>();
  return std::optional<Quantization>(std::move(q));
}

}  // namespace wherry::tflite
