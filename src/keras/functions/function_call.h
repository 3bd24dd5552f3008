// One call of a function that is being imported: its arguments, and the nodes to emit.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "keras/functions/function_def.h"
#include "keras/layer_import.h"

namespace wherry::keras {

/// Arguments are asked for by all names they have ("axis|dim") and, where Keras 3 passes them in
/// the call, by their place in it. What nobody asked for is an error in the end: no argument is
/// dropped silently.
class FunctionCall : public Emitter {
 public:
  /// Which function, and what it is called with.
  struct Use {
    const FunctionDef& def;
    std::string name;  ///< as in the file: "compat.v1.where"
    LayerCall call = {};
    PyValue config = {};  ///< further arguments
    bool newer = false;
  };
  FunctionCall(ImportState& state, GraphState& graph, Origin origin, Use use)
      : Emitter(graph, std::move(origin)), state_(&state), use_(std::move(use)) {}

  ImportState& state() { return *state_; }
  const FunctionDef& def() const { return use_.def; }
  std::string_view name() const { return use_.name; }
  /// True for an operation of Keras 3, false for a function of TensorFlow.
  bool newer() const { return use_.newer; }

  // Arguments. None counts as absent.
  const PyValue& argument(std::string_view names, int place = -1) const;
  bool has(std::string_view names, int place = -1) const {
    return !argument(names, place).is_none();
  }
  /// Whether it was written down at all, be it as None.
  bool is_written(std::string_view name) const { return find(name) != nullptr; }
  /// Arguments that say nothing about the result.
  void ignore(std::string_view names) const { argument(names); }
  /// Only this value, or None, is supported. Errors: unsupported.
  Status only(std::string_view names, const PyValue& value) const;
  size_t place_count() const { return use_.call.positional.size(); }
  Status all_were_read() const;

  // Numbers known before running, also from small tensors whose values are. Errors: unsupported for
  // those computed while running, invalid_model for other kinds and missing ones.
  Expected<int64_t> integer(std::string_view names, int place = -1,
                            std::optional<int64_t> absent = {}) const;
  Expected<double> real(std::string_view names, int place = -1,
                        std::optional<double> absent = {}) const;
  Expected<bool> flag(std::string_view names, bool absent, int place = -1) const;
  Expected<std::string> text(std::string_view names, std::string_view absent, int place = -1) const;
  /// A number or a list of them; nothing when absent.
  Expected<std::vector<int64_t>> integers(std::string_view names, int place = -1) const;
  using Emitter::integers;
  /// One number for each of `count` axes; a single one counts for all.
  Expected<std::vector<int64_t>> sizes(std::string_view names, int count,
                                       std::optional<int64_t> absent = {}) const;
  /// Axes of x from the front, each once, in order; all of them when absent.
  Expected<std::vector<int64_t>> axes(std::string_view names, ValueId x) const;
  Expected<DType> dtype_argument(std::string_view names, DType absent, int place = -1) const;

  // Tensors; numbers and lists of them become constants.
  Expected<ValueId> tensor(std::string_view names, int place = 0);
  Expected<ValueId> tensor_like(std::string_view names, int place, DType dtype);
  Expected<ValueId> float_tensor(std::string_view names, int place = 0) {
    return to_float(TRY(tensor(names, place)));
  }
  /// The only argument of most functions, whatever its name.
  Expected<ValueId> first();
  Expected<ValueId> float_first() { return to_float(TRY(first())); }
  /// All tensors of a list argument, of one element type.
  Expected<std::vector<ValueId>> tensors(std::string_view names, int place = 0);
  /// Two operands, brought to the element type in which they meet.
  struct Operands {
    ValueId a = no_value, b = no_value;
  };
  Expected<Operands> operands(std::string_view a, std::string_view b);
  /// The same of written values.
  Expected<Operands> met(const PyValue& a, const PyValue& b);
  Expected<Operands> float_operands(std::string_view a, std::string_view b);
  /// A shape or the like: an int32 tensor of rank 1; where its parts are computed while running, so
  /// is it.
  Expected<ValueId> integer_tensor(const PyValue& value);
  /// A written value as a tensor: of `dtype`, or of the type its elements suggest.
  Expected<ValueId> constant_of(const PyValue& value, std::optional<DType> dtype = {});
  /// The value that a scalar has in every run, where it is known.
  std::optional<int64_t> known_integer(const PyValue& value) const;

  /// An error of kind unsupported about this function.
  Error unsupported(std::string message, std::string received = {}, std::string advice = {}) const;
  Error unsupported_argument(std::string_view names, const PyValue& value) const;

 private:
  const PyValue* find(std::string_view name) const;
  Error wrong_kind(std::string_view names, const PyValue& value, std::string_view expected) const;
  Expected<PyValue> known(std::string_view names, int place) const;
  PyValue known_value(const PyValue& value) const;

  ImportState* state_;
  Use use_;
  mutable std::set<const PyValue*> read_;
};

/// The element type in which two types meet, as Keras 3 and NumPy see it.
DType joint_dtype(DType a, DType b);
/// "float32" and the like; floats of any width are float32 here. Nothing for unknown names.
std::optional<DType> dtype_of_name(std::string_view name);
/// An element type as Keras writes it.
std::optional<DType> written_dtype(const PyValue& value);

}  // namespace wherry::keras
