// Reads graphs in the text form.
#include <cctype>
#include <cstring>
#include <map>

#include "base/checked.h"
#include "ir/text.h"

namespace wherry {
namespace {

/// A number as written: integers keep all their digits.
struct Number {
  double real = 0;
  int64_t whole = 0;  ///< of a real number: the nearest integer towards zero, within the limits
  static Number of(int64_t whole) { return {static_cast<double>(whole), whole}; }
  static Number of(double real) {
    constexpr double limit = 0x1p63;
    int64_t whole = real >= limit    ? INT64_MAX
                    : real <= -limit ? INT64_MIN
                    : real == real   ? static_cast<int64_t>(real)
                                     : 0;
    return {real, whole};
  }
  template <class T>
  T to() const {
    if constexpr (std::is_integral_v<T>)
      return static_cast<T>(whole);
    else
      return T(static_cast<float>(real));
  }
};

class Parser {
 public:
  Parser(std::string_view text, FindOp find_op) : text_(text), find_op_(find_op) {}

  Expected<Model> model() {
    Model model;
    while (skip_space(), at_ < text_.size())
      model.graphs.push_back(TRY(graph().context(cat("in line ", line()))));
    ENSURE(!model.graphs.empty(), "the text has no graph");
    return model;
  }

 private:
  int line() const {
    int count = 1;
    for (size_t i = 0; i < std::min(at_, text_.size()); ++i) count += text_[i] == '\n';
    return count;
  }
  void skip_space() {
    while (at_ < text_.size()) {
      if (std::isspace(static_cast<unsigned char>(text_[at_])))
        ++at_;
      else if (text_.substr(at_).starts_with("//"))
        at_ = std::min(text_.find('\n', at_), text_.size());
      else
        return;
    }
  }
  bool accept(std::string_view token) {
    skip_space();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  Status expect(std::string_view token) {
    ENSURE(accept(token), "expected ", quoted(token), " before ", quoted(text_.substr(at_, 20)));
    return {};
  }
  bool accept_word(std::string_view word) {
    skip_space();
    size_t before = at_;
    if (accept(word) &&
        (at_ == text_.size() ||
         !(std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_')))
      return true;
    at_ = before;
    return false;
  }

  /// A plain word ("a/b:0;c.1") or a quoted one. A colon belongs to it only before a word
  /// character.
  Expected<std::string> name() {
    skip_space();
    std::string out;
    if (accept("\"")) {
      while (at_ < text_.size() && text_[at_] != '"') {
        if (text_[at_] == '\\') ++at_;
        if (at_ < text_.size()) out += text_[at_++];
      }
      TRY(expect("\""));
      return out;
    }
    while (at_ < text_.size()) {
      char c = text_[at_];
      bool next_is_word =
          at_ + 1 < text_.size() &&
          (std::isalnum(static_cast<unsigned char>(text_[at_ + 1])) || text_[at_ + 1] == '_');
      if (!std::isalnum(static_cast<unsigned char>(c)) && !std::strchr("_/.;", c) &&
          !(c == ':' && next_is_word))
        break;
      out += c;
      ++at_;
    }
    ENSURE(!out.empty(), "expected a name before ", quoted(text_.substr(at_, 20)));
    return out;
  }

  Expected<Number> number() {
    skip_space();
    size_t end = at_;
    while (end < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[end])) || std::strchr("+-.", text_[end])))
      ++end;
    std::string_view word = text_.substr(at_, end - at_);
    at_ = end;
    if (word == "true" || word == "false") return Number::of(int64_t{word == "true"});
    int64_t whole = 0;
    if (parse_number(word, whole)) return Number::of(whole);
    double real = 0;
    ENSURE(parse_number(word, real), "expected a number, got ", quoted(word));
    return Number::of(real);
  }

  Expected<std::vector<Number>> numbers() {
    TRY(expect("["));
    std::vector<Number> values;
    while (!accept("]")) {
      values.push_back(TRY(number()));
      accept(",");
    }
    return values;
  }

  Expected<TensorType> type() {
    TensorType type;
    std::string word = TRY(name());
    auto dtype = dtype_named(word);
    ENSURE(dtype.has_value(), "unknown element type ", quoted(word));
    type.dtype = *dtype;
    TRY(expect("["));
    bool open = false;
    while (!accept("]")) {
      bool unknown = accept("?");
      open = open || unknown;
      int64_t extent = unknown ? -1 : TRY(number()).whole;
      type.signature.push_back(extent);
      type.shape.push_back(unknown ? 1 : extent);
      accept(",");
    }
    if (!open) type.signature = {};
    TRY(type.shape.checked_elements());
    if (accept("{")) TRY(quantization(type));
    return type;
  }

  Status quantization(TensorType& type) {
    Quantization q;
    while (!accept("}")) {
      if (accept("@")) {
        q.axis = TRY(number()).to<int32_t>();
        continue;
      }
      q.scales.push_back(TRY(number()).to<float>());
      TRY(expect(":"));
      q.zero_points.push_back(TRY(number()).whole);
      accept(",");
    }
    type.quantization = std::move(q);
    return {};
  }

  Expected<Constant> elements(const TensorType& type) {
    int64_t count = TRY(type.shape.checked_elements());
    ENSURE(count <= 1 << 24, "constants in text have at most 2^24 elements");
    std::vector<Number> values;
    if (accept_word("random")) {
      uint64_t state = TRY(number()).to<uint64_t>() * 0x9e3779b97f4a7c15u + 1;
      bool real = float_types.contains(type.dtype);
      for (int64_t i = 0; i < count; ++i) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        double unit = static_cast<double>(state >> 40) / (1 << 24);
        values.push_back(real ? Number::of(unit * 2 - 1)
                              : Number::of(static_cast<int64_t>(unit * 100)));
      }
    } else {
      values = TRY(numbers());
    }
    ENSURE(static_cast<int64_t>(values.size()) == count, "the constant needs ", count,
           " elements, got ", values.size());
    Constant constant;
    bool known = for_type<float, double, half, bfloat16, int8_t, uint8_t, int16_t, uint16_t,
                          int32_t, uint32_t, int64_t, uint64_t>(type.dtype, [&]<class T>() {
      std::vector<T> converted;
      for (const Number& value : values) converted.push_back(value.to<T>());
      constant = Constant::of(std::move(converted));
    });
    if (type.dtype == DType::boolean) {
      std::vector<uint8_t> truths;
      for (const Number& value : values) truths.push_back(value.whole != 0);
      constant = Constant::of(std::move(truths)), known = true;
    }
    ENSURE(known, "constants of type ", type.dtype, " have no text form");
    return constant;
  }

  Expected<ValueId> lookup() {
    if (accept("-")) return no_value;
    std::string word = TRY(name());
    auto place = ids_.find(word);
    ENSURE(place != ids_.end(), "unknown value ", quoted(word));
    return place->second;
  }

  Expected<ValueId> define(const std::string& word, TensorType type) {
    ENSURE(!ids_.count(word), "the value ", quoted(word), " is defined twice");
    ValueId id = graph_.add({.name = word, .type = std::move(type)});
    ids_[word] = id;
    return id;
  }

  Expected<Graph> graph() {
    graph_ = {};
    ids_.clear();
    TRY(expect("graph"));
    graph_.name = TRY(name());
    TRY(expect("("));
    while (!accept(")")) {
      std::string word = TRY(name());
      TRY(expect(":"));
      graph_.inputs.push_back(TRY(define(word, TRY(type()))));
      accept(",");
    }
    TRY(expect("->"));
    TRY(expect("("));
    std::vector<std::string> outputs;
    while (!accept(")")) {
      outputs.push_back(TRY(name()));
      accept(",");
    }
    TRY(expect("{"));
    while (!accept("}")) TRY(statement());
    for (const std::string& word : outputs) {
      ENSURE(ids_.count(word), "the output ", quoted(word), " is never defined");
      graph_.outputs.push_back(ids_[word]);
    }
    return std::move(graph_);
  }

  Status statement() {
    std::vector<ValueId> outputs;
    std::string word = accept("-") ? "-" : TRY(name());
    if (accept("=")) {
      bool variable = accept_word("variable");
      if (!variable) TRY(expect("const"));
      ValueId id = TRY(define(word, TRY(type())));
      graph_.value(id).is_variable = variable;
      if (!variable) graph_.value(id).constant = TRY(elements(graph_.value(id).type));
      return {};
    }
    while (true) {
      if (word == "-") {
        outputs.push_back(no_value);
      } else {
        TRY(expect(":"));
        outputs.push_back(TRY(define(word, TRY(type()))));
      }
      if (accept("=")) break;
      TRY(expect(","));
      word = accept("-") ? "-" : TRY(name());
    }
    return node(std::move(outputs));
  }

  Status node(std::vector<ValueId> outputs) {
    std::string op_name = TRY(name());
    Node node{.op = find_op_(op_name), .outputs = std::move(outputs)};
    ENSURE(node.op, "unknown operator ", quoted(op_name));
    TRY(expect("("));
    while (!accept(")")) {
      node.inputs.push_back(TRY(lookup()));
      accept(",");
    }
    std::shared_ptr<void> data = node.op->attributes->make();
    if (accept("{")) {
      while (!accept("}")) {
        TRY(option(*node.op->attributes, data.get()));
        accept(",");
      }
    }
    node.attributes = Attributes(*node.op->attributes, std::move(data));
    graph_.nodes.push_back(std::move(node));
    return {};
  }

  Status option(const AttributesType& type, void* data) {
    std::string word = TRY(name());
    TRY(expect("="));
    for (const Field& field : type.fields) {
      if (field.name == word) return option_value(field, data);
    }
    return Error{.code = ErrorCode::invalid_model, .message = cat("unknown option ", quoted(word))};
  }

  template <class T>
  Status list_value(const Field& field, void* data) {
    std::vector<T> list;
    for (const Number& value : TRY(numbers())) list.push_back(value.to<T>());
    field.in<std::vector<T>>(data) = std::move(list);
    return {};
  }

  Status option_value(const Field& field, void* data) {
    switch (field.kind) {
      case FieldKind::boolean:
        field.in<bool>(data) = TRY(number()).whole != 0;
        break;
      case FieldKind::int8:
        field.in<int8_t>(data) = TRY(number()).to<int8_t>();
        break;
      case FieldKind::int32:
        field.in<int32_t>(data) = TRY(number()).to<int32_t>();
        break;
      case FieldKind::int64:
        field.in<int64_t>(data) = TRY(number()).to<int64_t>();
        break;
      case FieldKind::uint32:
        field.in<uint32_t>(data) = TRY(number()).to<uint32_t>();
        break;
      case FieldKind::real:
        field.in<float>(data) = TRY(number()).to<float>();
        break;
      case FieldKind::text:
        field.in<std::string>(data) = TRY(name());
        break;
      case FieldKind::bytes:
        return list_value<uint8_t>(field, data);
      case FieldKind::int32_list:
        return list_value<int32_t>(field, data);
      case FieldKind::int64_list:
        return list_value<int64_t>(field, data);
      case FieldKind::real_list:
        return list_value<float>(field, data);
      case FieldKind::enumeration:
        return enumeration_value(field, data);
      case FieldKind::dtype: {
        auto dtype = dtype_named(TRY(name()));
        ENSURE(dtype.has_value(), "unknown element type for ", field.name);
        field.in<DType>(data) = *dtype;
      }
    }
    return {};
  }

  Status enumeration_value(const Field& field, void* data) {
    std::string word = TRY(name());
    for (size_t i = 0; i < field.names.size(); ++i) {
      if (field.names[i] != word) continue;
      field.in<int8_t>(data) = static_cast<int8_t>(i);
      return {};
    }
    return Error{.code = ErrorCode::invalid_model,
                 .message = cat("unknown value ", quoted(word), " of ", field.name)};
  }

  std::string_view text_;
  FindOp find_op_;
  size_t at_ = 0;
  Graph graph_;
  std::map<std::string, ValueId> ids_;
};

}  // namespace

Expected<Model> parse_text(std::string_view text, FindOp find_op) {
  return Parser(text, find_op).model();
}

}  // namespace wherry
