// Einstein's summation: an equation over axes, as transpositions and products of matrices.
#include <algorithm>
#include <map>

#include "keras/functions/linear.h"

namespace wherry::keras {
namespace {

/// A tensor whose axes have labels.
struct Labelled {
  ValueId value = no_value;
  std::string labels;

  bool has(char label) const { return labels.find(label) != std::string::npos; }
  int place(char label) const { return static_cast<int>(labels.find(label)); }
};

struct Equation {
  std::vector<std::string> inputs;
  std::string output;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// The axes behind "..." are called '0', '1', ... from the last one.
Expected<std::string> without_ellipsis(std::string_view term, int hidden) {
  std::string labels;
  size_t dots = term.find("...");
  for (size_t i = 0; i < term.size(); ++i) {
    if (i == dots) {
      for (int axis = hidden; axis-- > 0;) labels += static_cast<char>('0' + axis);
      i += 2;
      continue;
    }
    ENSURE(is_letter(term[i]), "the equation of an einsum holds ", quoted(term.substr(i, 1)));
    labels += term[i];
  }
  return labels;
}

Expected<Equation> parsed(std::string_view text, const Emitter& emitter,
                          const std::vector<ValueId>& operands) {
  std::string plain;
  for (char c : text) {
    if (c != ' ') plain += c;
  }
  size_t arrow = plain.find("->");
  std::vector<std::string_view> terms = split(std::string_view(plain).substr(0, arrow), ',');
  ENSURE(terms.size() == operands.size(), "the equation ", quoted(text), " has ", terms.size(),
         " operands, but the call ", operands.size());
  Equation equation;
  int most_hidden = 0;
  std::map<char, int> counts;
  for (size_t i = 0; i < terms.size(); ++i) {
    bool has_dots = terms[i].find("...") != std::string_view::npos;
    int named = static_cast<int>(terms[i].size()) - (has_dots ? 3 : 0);
    int hidden = has_dots ? emitter.rank(operands[i]) - named : 0;
    ENSURE(hidden >= 0 && hidden <= 10 && named + hidden == emitter.rank(operands[i]), "the term ",
           quoted(terms[i]), " of an einsum does not fit the shape ",
           text_of(emitter.shape(operands[i])));
    most_hidden = std::max(most_hidden, hidden);
    equation.inputs.push_back(TRY(without_ellipsis(terms[i], hidden)));
    for (char label : equation.inputs.back()) ++counts[label];
  }
  if (arrow != std::string::npos) {
    equation.output = TRY(without_ellipsis(std::string_view(plain).substr(arrow + 2), most_hidden));
    return equation;
  }
  for (int axis = most_hidden; axis-- > 0;) equation.output += static_cast<char>('0' + axis);
  for (const auto& [label, count] : counts) {
    if (is_letter(label) && count == 1) equation.output += label;
  }
  return equation;
}

class Summation {
 public:
  Summation(Emitter& emitter, std::string_view text) : emitter_(emitter), text_(text) {}

  Expected<ValueId> run(const Equation& equation, const std::vector<ValueId>& operands) {
    std::vector<Labelled> terms;
    for (size_t i = 0; i < operands.size(); ++i) {
      terms.push_back({operands[i], equation.inputs[i]});
      TRY(check(terms.back()));
    }
    for (char label : equation.output) {
      bool known = std::any_of(terms.begin(), terms.end(),
                               [&](const Labelled& term) { return term.has(label); });
      ENSURE(known, "the result of the einsum ", quoted(text_), " has an unknown axis");
    }
    while (terms.size() > 1) {
      Labelled a = terms[0], b = terms[1];
      terms.erase(terms.begin(), terms.begin() + 2);
      std::string wanted = equation.output;
      for (const Labelled& term : terms) wanted += term.labels;
      terms.insert(terms.begin(), TRY(product(a, b, wanted)));
    }
    Labelled last = TRY(summed(
        terms[0], [&](char label) { return equation.output.find(label) == std::string::npos; }));
    return arranged(last, equation.output);
  }

 private:
  Status check(const Labelled& term) const {
    std::string sorted = term.labels;
    std::sort(sorted.begin(), sorted.end());
    ENSURE_CODE(ErrorCode::unsupported,
                std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end(), "the einsum ",
                quoted(text_), " names an axis twice in one operand, which is not supported");
    return {};
  }

  template <class Goes>
  Expected<Labelled> summed(Labelled term, Goes goes) {
    std::vector<int64_t> axes;
    std::string left;
    for (size_t i = 0; i < term.labels.size(); ++i) {
      if (goes(term.labels[i]))
        axes.push_back(static_cast<int64_t>(i));
      else
        left += term.labels[i];
    }
    if (axes.empty()) return term;
    return Labelled{TRY(emitter_.reduce("SUM", term.value, axes, false)), left};
  }

  Expected<ValueId> arranged(const Labelled& term, const std::string& order) {
    std::vector<int64_t> axes;
    for (char label : order) axes.push_back(term.place(label));
    return emitter_.transpose(term.value, axes);
  }

  /// Axes of one element that the other operand has more of go.
  Expected<Labelled> without_ones(Labelled term, const Labelled& other) {
    for (size_t i = term.labels.size(); i-- > 0;) {
      char label = term.labels[i];
      int axis = static_cast<int>(i);
      bool spreads = other.has(label) && emitter_.shape(term.value)[axis] == 1 &&
                     emitter_.shape(other.value)[other.place(label)] != 1;
      if (!spreads) continue;
      term.value = TRY(emitter_.squeeze(term.value, axis));
      term.labels.erase(i, 1);
    }
    return term;
  }

  Expected<Labelled> product(Labelled a, Labelled b, const std::string& wanted) {
    a = TRY(without_ones(a, b)), b = TRY(without_ones(b, a));
    auto stays = [&](char label) { return wanted.find(label) != std::string::npos; };
    a = TRY(summed(a, [&](char label) { return !b.has(label) && !stays(label); }));
    b = TRY(summed(b, [&](char label) { return !a.has(label) && !stays(label); }));
    std::string batch, inner, free_a, free_b;
    for (char label : a.labels) (!b.has(label) ? free_a : stays(label) ? batch : inner) += label;
    for (char label : b.labels) {
      if (!a.has(label)) free_b += label;
    }
    if (inner.empty()) return elementwise(a, b, batch + free_a + free_b);
    Extents shape;
    for (char label : batch + free_a) shape.push_back(emitter_.extent(a.value, a.place(label)));
    for (char label : free_b) shape.push_back(emitter_.extent(b.value, b.place(label)));
    ValueId left = TRY(matrix(a, batch, free_a, inner));
    ValueId right = TRY(matrix(b, batch, inner, free_b));
    ValueId y = TRY(matrix_product(emitter_, left, right));
    return Labelled{TRY(emitter_.reshape(y, shape)), batch + free_a + free_b};
  }

  /// [batch, rows, columns], each of several axes joined; without a batch [rows, columns].
  Expected<ValueId> matrix(const Labelled& term, const std::string& batch, const std::string& rows,
                           const std::string& columns) {
    ValueId y = TRY(arranged(term, batch + rows + columns));
    int first = static_cast<int>(batch.size()), second = first + static_cast<int>(rows.size());
    y = TRY(emitter_.merge_axes(y, second, emitter_.rank(y)));
    y = TRY(emitter_.merge_axes(y, first, second));
    return batch.empty() ? y : TRY(emitter_.merge_axes(y, 0, first));
  }

  /// Both brought to the same order of axes, with axes of one element for missing ones.
  Expected<Labelled> elementwise(const Labelled& a, const Labelled& b, const std::string& order) {
    auto aligned = [&](const Labelled& term) -> Expected<ValueId> {
      std::string own;
      for (char label : order) {
        if (term.has(label)) own += label;
      }
      ValueId y = TRY(arranged(term, own));
      for (size_t i = 0; i < order.size(); ++i) {
        if (!term.has(order[i])) y = TRY(emitter_.expand(y, static_cast<int>(i)));
      }
      return y;
    };
    return Labelled{TRY(emitter_.multiply(TRY(aligned(a)), TRY(aligned(b)))), order};
  }

  Emitter& emitter_;
  std::string_view text_;
};

}  // namespace

Expected<ValueId> einsum(Emitter& emitter, std::string_view equation,
                         const std::vector<ValueId>& operands) {
  Equation terms = TRY(parsed(equation, emitter, operands));
  return Summation(emitter, equation).run(terms, operands);
}

}  // namespace wherry::keras
