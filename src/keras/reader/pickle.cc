// A stack machine for pickles that builds descriptions instead of objects.
#include "keras/reader/pickle.h"

#include "base/byte_reader.h"

namespace wherry::keras {
namespace {

using Kind = PickleValue::Kind;

Error damaged(std::string_view what) {
  return Error{.code = ErrorCode::malformed, .message = cat("a pickle is damaged: ", what)};
}

constexpr size_t most_values = size_t{1} << 22;

enum Opcode : uint8_t {
  mark = '(',
  stop = '.',
  none = 'N',
  reduce = 'R',
  build = 'b',
  append = 'a',
  appends = 'e',
  set_item = 's',
  set_items = 'u',
  tuple = 't',
  empty_tuple = ')',
  empty_list = ']',
  empty_dict = '}',
  int_4 = 'J',
  int_1 = 'K',
  int_2 = 'M',
  text_4 = 'X',
  bytes_4 = 'B',
  bytes_1 = 'C',
  global = 'c',
  put_1 = 'q',
  put_4 = 'r',
  get_1 = 'h',
  get_4 = 'j',
  real = 'G',
  protocol = 0x80,
  new_object = 0x81,
  tuple_1 = 0x85,
  tuple_2 = 0x86,
  tuple_3 = 0x87,
  true_ = 0x88,
  false_ = 0x89,
  long_1 = 0x8a,
  text_1 = 0x8c,
  bytes_8 = 0x8e,
  empty_set = 0x8f,
  add_items = 0x90,
  stack_global = 0x93,
  memoize = 0x94,
  frame = 0x95,
};

}  // namespace

/// Reads one pickle; every operation takes at least a byte, so the work is bounded by its size.
class PickleReader {
 public:
  PickleReader(Pickle& pickle, std::span<const std::byte> bytes)
      : pickle_(pickle), reader_(bytes) {}

  Status run() {
    while (true) {
      uint8_t opcode = reader_.u8();
      if (reader_.failed()) return damaged("it ends too early");
      if (opcode == stop) break;
      ENSURE_CODE(ErrorCode::too_large, pickle_.values_.size() < most_values,
                  "a pickle holds more than ", most_values, " values");
      bool known = push_scalar(opcode) || push_bytes(opcode) || push_container(opcode) ||
                   push_reference(opcode) || keep(opcode) || change(opcode);
      ENSURE_CODE(ErrorCode::unsupported, known, "a pickle uses operation ", opcode,
                  ", which is not known");
      if (reader_.failed() || broken_) return damaged("an operation lacks its operands");
    }
    if (stack_.size() != 1) return damaged("it leaves more than one value");
    pickle_.root_ = stack_[0];
    return {};
  }

 private:
  PickleValue& push(Kind kind) {
    PickleValue& value = pickle_.values_.emplace_back();
    value.kind = kind;
    stack_.push_back(&value);
    return value;
  }

  PickleValue* pop() {
    if (stack_.empty()) {
      broken_ = true;
      return &nothing_;
    }
    PickleValue* value = stack_.back();
    stack_.pop_back();
    return value;
  }

  /// Takes what lies above the last mark.
  std::vector<const PickleValue*> pop_marked() {
    size_t start = marks_.empty() ? 0 : marks_.back();
    broken_ |= marks_.empty() || start > stack_.size();
    if (broken_) return {};
    marks_.pop_back();
    std::vector<const PickleValue*> taken(stack_.begin() + static_cast<ptrdiff_t>(start),
                                          stack_.end());
    stack_.resize(start);
    return taken;
  }

  void push_number(uint64_t bits, int size) {
    int unused = 64 - 8 * size;
    push(Kind::number).number = size == 0 ? 0 : static_cast<int64_t>(bits << unused) >> unused;
  }

  bool push_scalar(uint8_t opcode) {
    switch (opcode) {
      case none:
        push(Kind::nothing);
        return true;
      case true_:
        push(Kind::number).number = 1;
        return true;
      case false_:
        push(Kind::number);
        return true;
      case int_1:
        push(Kind::number).number = reader_.u8();
        return true;
      case int_2:
        push(Kind::number).number = reader_.u16();
        return true;
      case int_4:
        push_number(reader_.u32(), 4);
        return true;
      case real:
        reader_.skip(8);
        push(Kind::nothing);
        return true;
      case long_1: {
        uint8_t size = reader_.u8();
        broken_ |= size > 8;
        push_number(reader_.number(size > 8 ? 0 : size), size > 8 ? 0 : size);
        return true;
      }
      default:
        return false;
    }
  }

  bool push_bytes(uint8_t opcode) {
    switch (opcode) {
      case text_1:
        push(Kind::text).text = reader_.text(reader_.u8());
        return true;
      case text_4:
        push(Kind::text).text = reader_.text(reader_.u32());
        return true;
      case bytes_1:
        push(Kind::bytes).bytes = reader_.take(reader_.u8());
        return true;
      case bytes_4:
        push(Kind::bytes).bytes = reader_.take(reader_.u32());
        return true;
      case bytes_8:
        push(Kind::bytes).bytes = reader_.take(reader_.u64());
        return true;
      default:
        return false;
    }
  }

  void push_sequence(size_t count) {
    std::vector<const PickleValue*> items(count);
    for (size_t i = count; i-- > 0;) items[i] = pop();
    push(Kind::sequence).items = std::move(items);
  }

  std::string_view line() {
    size_t size = 0;
    ByteReader ahead = reader_;
    while (!ahead.failed() && ahead.u8() != '\n') ++size;
    std::string_view text = reader_.text(size);
    reader_.skip(1);
    return text;
  }

  bool push_container(uint8_t opcode) {
    switch (opcode) {
      case empty_tuple:
      case empty_list:
      case empty_set:
        push(Kind::sequence);
        return true;
      case empty_dict:
        push(Kind::mapping);
        return true;
      case tuple_1:
        push_sequence(1);
        return true;
      case tuple_2:
        push_sequence(2);
        return true;
      case tuple_3:
        push_sequence(3);
        return true;
      case tuple: {
        std::vector<const PickleValue*> items = pop_marked();
        push(Kind::sequence).items = std::move(items);
        return true;
      }
      default:
        return false;
    }
  }

  bool push_reference(uint8_t opcode) {
    switch (opcode) {
      case global: {
        line();
        std::string_view name = line();
        push(Kind::global).text = name;
        return true;
      }
      case stack_global: {
        std::string_view name = pop()->text;
        pop();
        push(Kind::global).text = name;
        return true;
      }
      case reduce:
      case new_object: {
        const PickleValue* arguments = pop();
        const PickleValue* callable = pop();
        push(Kind::object).items = {callable, arguments};
        return true;
      }
      default:
        return false;
    }
  }

  bool keep(uint8_t opcode) {
    switch (opcode) {
      case protocol:
        reader_.skip(1);
        return true;
      case frame:
        reader_.skip(8);
        return true;
      case mark:
        marks_.push_back(stack_.size());
        return true;
      case memoize:
        remember(memo_.size());
        return true;
      case put_1:
        remember(reader_.u8());
        return true;
      case put_4:
        remember(reader_.u32());
        return true;
      case get_1:
        recall(reader_.u8());
        return true;
      case get_4:
        recall(reader_.u32());
        return true;
      default:
        return false;
    }
  }

  void remember(size_t index) {
    // Python numbers the memo in order, so a pickle that skips numbers is not Python's.
    broken_ |= stack_.empty() || index > memo_.size();
    if (broken_) return;
    if (index == memo_.size()) memo_.push_back(nullptr);
    memo_[index] = stack_.back();
  }

  void recall(size_t index) {
    broken_ |= index >= memo_.size();
    if (!broken_) stack_.push_back(memo_[index]);
  }

  /// Adds to the container on top of the stack, or gives it its state.
  bool change(uint8_t opcode) {
    std::vector<const PickleValue*> added;
    switch (opcode) {
      case build: {
        const PickleValue* state = pop();
        PickleValue* object = stack_.empty() ? &nothing_ : stack_.back();
        broken_ |= stack_.empty();
        object->state = state;
        return true;
      }
      case append:
        added = {pop()};
        break;
      case set_item: {
        const PickleValue* value = pop();
        added = {pop(), value};
        break;
      }
      case appends:
      case set_items:
      case add_items:
        added = pop_marked();
        break;
      default:
        return false;
    }
    broken_ |= stack_.empty();
    if (broken_) return true;
    std::vector<const PickleValue*>& items = stack_.back()->items;
    items.insert(items.end(), added.begin(), added.end());
    return true;
  }

  Pickle& pickle_;
  ByteReader reader_;
  std::vector<PickleValue*> stack_, memo_;
  std::vector<size_t> marks_;
  PickleValue nothing_;
  bool broken_ = false;
};

Expected<Pickle> Pickle::read(std::span<const std::byte> bytes) {
  Pickle pickle;
  TRY(PickleReader(pickle, bytes).run());
  return pickle;
}

}  // namespace wherry::keras
