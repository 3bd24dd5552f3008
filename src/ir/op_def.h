// What an operator is to the rest of the program: the record that each file of src/ops fills in.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "ir/model.h"

namespace wherry {

class InferContext;
class Call;

/// A list with room for N elements that can be a constant.
template <class T, size_t N>
struct FixedList {
  T items[N] = {};
  size_t count = 0;
  constexpr FixedList() = default;
  constexpr FixedList(std::initializer_list<T> list) {
    for (const T& item : list) items[count++] = item;
  }
  constexpr const T* begin() const { return items; }
  constexpr const T* end() const { return items + count; }
  constexpr size_t size() const { return count; }
  constexpr const T& operator[](size_t i) const { return items[i]; }
};

enum class Presence : uint8_t {
  required,
  optional,  ///< may be absent: index -1, or missing at the end of the list
  variadic,  ///< this and any number of further ones; only last in a list
};

/// One input or output. The driver checks element types and presence before `infer` is called.
struct Argument {
  std::string_view name;
  TypeSet types;
  Presence presence = Presence::required;
};

/// The version written to a file is the highest whose condition holds; version 1 holds always.
struct VersionRule {
  int version = 1;
  std::string_view runtime =
      "";              ///< first TensorFlow Lite release that runs this version, "1.14.0"
  TypeSet types = {};  ///< holds when any input or output has one of these types ...
  bool (*when)(const Graph&, const Node&) = nullptr;  ///< ... or when this says so
};

/// How a float operator becomes a quantised one.
enum class QuantizationRule : uint8_t {
  none,           ///< stays float
  calibrated,     ///< output scale from the observed range
  same_as_input,  ///< inputs and outputs share one scale and zero point
  fixed_output,   ///< output scale and zero point prescribed by the operator
  plain_output,   ///< inputs quantised, output a plain integer or bool
};

struct FixedScale {
  float scale = 0;
  int32_t zero_point = 0;
};

struct QuantizationFacts {
  QuantizationRule rule = QuantizationRule::none;
  FixedScale fixed_i8 = {}, fixed_i16 = {};
  int weights = -1;       ///< input that is int8 weights, -1: none
  int bias = -1;          ///< input that is int32 bias with scale input * weights
  int channel_axis = -1;  ///< of the weights, for per-channel scales; -1: per tensor only
  int data = 0;           ///< input whose scale enters the bias
  bool int16 = false;     ///< has a 16x8 form
  bool hybrid = false;    ///< runs with float activations and int8 weights (dynamic range)
};

enum class Effects : uint8_t {
  pure,      ///< same inputs, same outputs: may be folded, merged and removed
  random,    ///< may be removed, not folded or merged
  stateful,  ///< reads or writes state, or runs other graphs: stays where it is
};

struct OpDef {
  std::string_view name;  ///< as in the schema: "CONV_2D"; custom operators: their custom code
  int code = 32;          ///< builtin operator code; 32: custom
  const AttributesType* attributes = &no_attributes;
  FixedList<Argument, 8> inputs, outputs;
  FixedList<VersionRule, 14> versions;
  /// Says types and shapes of the outputs, and validates everything that can be known before
  /// running.
  Status (*infer)(InferContext&) = nullptr;
  /// Computes the outputs, plainly; the judge of every fast version.
  Status (*reference)(Call&) = nullptr;
  QuantizationFacts quantization;
  int64_t (*macs)(const InferContext&) =
      nullptr;  ///< multiply-accumulates of one run; none: not counted
  Effects effects = Effects::pure;
  bool reads_types_only = false;  ///< SHAPE, RANK: the result follows from the input types alone
  std::string_view doc;
};

inline constexpr int custom_code = 32;

}  // namespace wherry
