// Reads Python's pickles as plain data: nothing is called, imported or executed.
#pragma once

#include <deque>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace wherry::keras {

/// One value of a pickle. Values may be shared and may even contain themselves.
struct PickleValue {
  enum class Kind : uint8_t {
    nothing,
    number,  ///< an integer or a boolean
    text,
    bytes,
    global,    ///< "module name", something that Python would import
    sequence,  ///< tuple, list or set
    mapping,   ///< keys and values in turn
    object,    ///< a call that Python would make: the callable, the arguments; then `state`
  };
  Kind kind = Kind::nothing;
  int64_t number = 0;
  std::string_view text;             ///< of a text; the name of a global without its module
  std::span<const std::byte> bytes;  ///< a view into the pickle
  std::vector<const PickleValue*> items;
  const PickleValue* state = nullptr;
};

class Pickle {
 public:
  /// Reads one pickle of protocol 2 to 4; the bytes must outlive it. Errors: malformed,
  /// unsupported.
  static Expected<Pickle> read(std::span<const std::byte> bytes);
  const PickleValue& root() const { return *root_; }

 private:
  friend class PickleReader;
  std::deque<PickleValue> values_;
  const PickleValue* root_ = nullptr;
};

}  // namespace wherry::keras
