// Python's x[a:b, i, ..., newaxis, list, tensor].
#include <algorithm>

#include "keras/functions/elementwise.h"
#include "keras/functions/function_call.h"
#include "keras/functions/indexing.h"
#include "keras/functions/shape.h"
#include "ops/shape/strided_slice.h"

namespace wherry::keras {
namespace {

using Kind = PyValue::Kind;

/// What happens on the way from the axes of x to those of the result.
class Slicing {
 public:
  Slicing(FunctionCall& call, ValueId x) : call_(call), x_(x) {}

  Expected<ValueId> run(const std::vector<PyValue>& key) {
    int taken = 0;
    bool has_ellipsis = false;
    for (const PyValue& entry : key) {
      has_ellipsis = has_ellipsis || entry.kind() == Kind::ellipsis;
      taken += axes_of(entry);
    }
    int rank = call_.rank(x_);
    ENSURE(taken <= rank, taken, " indices are too many for a tensor of shape ",
           text_of(call_.shape(x_)));
    for (const PyValue& entry : key) {
      if (entry.kind() != Kind::ellipsis) {
        TRY(add(entry));
        continue;
      }
      for (int i = taken; i < rank; ++i) TRY(add(PyValue::slice({}, {}, {})));
    }
    for (int i = static_cast<int>(begin_.size()); i < rank; ++i)
      TRY(add(PyValue::slice({}, {}, {})));
    return finish();
  }

 private:
  /// Axes of x that an entry consumes.
  int axes_of(const PyValue& entry) const {
    if (entry.kind() == Kind::none || entry.kind() == Kind::ellipsis) return 0;
    if (entry.is_tensor() && call_.dtype(entry.tensor().value) == DType::boolean)
      return call_.rank(entry.tensor().value);
    return 1;
  }

  struct Pick {
    int axis = 0;  ///< of the sliced tensor
    ValueId places = no_value;
  };

  void add_range(PyValue begin, PyValue end, PyValue step, bool shrinks) {
    uint32_t bit = 1u << begin_.size();
    if (begin.is_none()) options_.begin_mask |= static_cast<int32_t>(bit);
    if (end.is_none()) options_.end_mask |= static_cast<int32_t>(bit);
    if (shrinks) options_.shrink_axis_mask |= static_cast<int32_t>(bit);
    auto number_of = [](const PyValue& value, int64_t absent) {
      return value.is_none() ? PyValue::of(absent) : value;
    };
    whole_ = whole_ && begin.is_none() && end.is_none() && number_of(step, 1).integer() == 1;
    begin_.push_back(number_of(begin, 0));
    end_.push_back(number_of(end, 0));
    steps_.push_back(number_of(step, 1));
    if (!shrinks) ++axes_;
  }

  Status add(const PyValue& entry) {
    if (entry.kind() == Kind::none) {
      new_axes_.push_back(axes_++);
      return {};
    }
    if (entry.kind() == Kind::slice) {
      add_range(entry.items()[0], entry.items()[1], entry.items()[2], false);
      return {};
    }
    if (std::optional<int64_t> place = call_.known_integer(entry); place && !entry.is_list()) {
      PyValue end = *place == -1 ? PyValue() : PyValue::of(*place + 1);
      add_range(PyValue::of(*place), std::move(end), {}, true);
      return {};
    }
    if (entry.is_tensor() && call_.dtype(entry.tensor().value) == DType::boolean)
      return call_.unsupported("a mask among other indices is not supported", entry.shown(),
                               "use boolean_mask");
    if (!entry.is_tensor() && !entry.is_list())
      return call_.unsupported("an index is neither a number nor a slice", entry.shown());
    ValueId places = TRY(call_.constant_of(entry, DType::i32));
    bool has_list = std::any_of(picks_.begin(), picks_.end(),
                                [this](const Pick& pick) { return call_.rank(pick.places) > 0; });
    ENSURE_CODE(ErrorCode::unsupported, !has_list || call_.rank(places) == 0,
                "more than one list as index is not supported");
    picks_.push_back({axes_, places});
    add_range({}, {}, {}, false);
    return {};
  }

  Expected<ValueId> finish() {
    ValueId y = x_;
    if (!whole_) {
      std::vector<ValueId> inputs = {x_};
      for (const std::vector<PyValue>* part : {&begin_, &end_, &steps_})
        inputs.push_back(TRY(call_.integer_tensor(PyValue::list(*part))));
      y = TRY(call_.node(op::strided_slice, options_, inputs));
    }
    if (!new_axes_.empty()) {
      Extents to = call_.extents(y);
      for (int axis : new_axes_) to.insert(to.begin() + axis, Extent(1));
      y = TRY(call_.reshape(y, to));
    }
    for (size_t i = picks_.size(); i-- > 0;) {  // from the back: a single place drops its axis
      ValueId places = TRY(places_from_front(call_, picks_[i].places, y, picks_[i].axis));
      y = TRY(gather(call_, y, places, picks_[i].axis));
    }
    return y;
  }

  FunctionCall& call_;
  ValueId x_;
  op::StridedSlice options_;
  std::vector<PyValue> begin_, end_, steps_;
  std::vector<int> new_axes_;  ///< places in the result
  std::vector<Pick> picks_;
  int axes_ = 0;  ///< of the result so far
  bool whole_ = true;
};

bool is_mask(const FunctionCall& call, const PyValue& key) {
  return key.is_tensor() && call.dtype(key.tensor().value) == DType::boolean;
}

Expected<Results> import_item(FunctionCall& call) {
  ValueId x = TRY(call.first());
  const PyValue& key = call.argument("slice_spec|key", 1);
  if (is_mask(call, key)) return TRY(masked_slices(call, x, key.tensor().value, 0));
  std::vector<PyValue> entries = key.is_list() ? key.items() : std::vector<PyValue>{key};
  if (entries.size() == 1 && is_mask(call, entries[0]))
    return TRY(masked_slices(call, x, entries[0].tensor().value, 0));
  return TRY(Slicing(call, x).run(entries));
}

constexpr FunctionDef functions[] = {
    {{"__operators__.getitem", "_slice_helper", "slice_helper"},
     {"GetItem"},
     import_item,
     {},
     0,
     "STRIDED_SLICE, RESHAPE and GATHER"},
};

}  // namespace

FunctionTable slicing_functions() { return function_table(functions); }

}  // namespace wherry::keras
