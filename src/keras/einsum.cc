// Sorts the axes of an equation by class and emits the matrix product.
#include "keras/einsum.h"

#include <algorithm>

namespace wherry::keras {
namespace {

/// Axes that "..." stands for have letters from here on, counted from the last.
constexpr char first_hidden = 1;

bool contains(std::string_view letters, char letter) {
  return letters.find(letter) != std::string_view::npos;
}

/// The letters of an operand without "..." and blanks, one for each of its `rank` axes.
Expected<std::string> letters_of(std::string_view written, int rank) {
  std::string letters(written);
  std::erase(letters, ' ');
  size_t dots = letters.find("...");
  if (dots != std::string::npos) {
    int hidden = rank - static_cast<int>(letters.size()) + 3;
    ENSURE(hidden >= 0 && hidden <= 16, "the operand ", quoted(written),
           " of an einsum equation does not fit a tensor of rank ", rank);
    std::string stood_for;
    for (int i = hidden; i-- > 0;) stood_for += static_cast<char>(first_hidden + i);
    letters.replace(dots, 3, stood_for);
  }
  ENSURE(static_cast<int>(letters.size()) == rank && !contains(letters, '.'), "the operand ",
         quoted(written), " of an einsum equation does not fit a tensor of rank ", rank);
  std::string sorted = letters;
  std::sort(sorted.begin(), sorted.end());
  ENSURE_CODE(
      ErrorCode::unsupported, std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end(),
      "an axis twice in one operand of an einsum equation is not supported: ", quoted(written));
  return letters;
}

/// The letters of the result, with those of "..." as the operands have them.
Expected<std::string> result_letters(std::string_view written, const std::string& operands) {
  std::string letters(written);
  std::erase(letters, ' ');
  size_t dots = letters.find("...");
  if (dots != std::string::npos) {
    std::string stood_for;
    for (char letter = 16; letter >= first_hidden; --letter) {
      if (contains(operands, letter)) stood_for += letter;
    }
    letters.replace(dots, 3, stood_for);
  }
  for (size_t i = 0; i < letters.size(); ++i) {
    bool known = contains(operands, letters[i]) && !contains(letters.substr(i + 1), letters[i]);
    ENSURE(known, "the result ", quoted(written),
           " of an einsum equation has an axis twice, or "
           "one that no operand has");
  }
  return letters;
}

struct Letters {
  std::string left, right, result;
};

/// "ab,bc->ac" in its three parts.
Expected<Letters> parts_of(std::string_view equation, int left_rank, int right_rank) {
  size_t comma = equation.find(','), arrow = equation.find("->");
  bool complete = comma != std::string_view::npos && arrow != std::string_view::npos &&
                  comma < arrow && equation.find(',', comma + 1) == std::string_view::npos;
  ENSURE_CODE(ErrorCode::unsupported, complete,
              "an einsum equation of the form \"ab,bc->ac\" is "
              "needed, got ",
              quoted(equation));
  Letters letters;
  letters.left = TRY(letters_of(equation.substr(0, comma), left_rank));
  letters.right = TRY(letters_of(equation.substr(comma + 1, arrow - comma - 1), right_rank));
  letters.result = TRY(result_letters(equation.substr(arrow + 2), letters.left + letters.right));
  return letters;
}

std::string selected(std::string_view from, std::string_view also, std::string_view not_in,
                     bool in_both) {
  std::string found;
  for (char letter : from) {
    bool fits = in_both ? contains(also, letter) && contains(not_in, letter)
                        : contains(also, letter) && !contains(not_in, letter);
    if (fits) found += letter;
  }
  return found;
}

std::vector<int64_t> places(std::string_view letters, std::string_view in) {
  std::vector<int64_t> found;
  for (char letter : letters) found.push_back(static_cast<int64_t>(in.find(letter)));
  return found;
}

/// Adds up the axes that only this operand has.
Expected<ValueId> without_summed(Emitter& emitter, EinsumOperand& operand, ValueId x) {
  if (operand.summed.empty()) return x;
  ValueId y = TRY(emitter.reduce("SUM", x, operand.summed, false));
  for (std::vector<int64_t>* axes : {&operand.batch, &operand.free, &operand.contracted}) {
    for (int64_t& axis : *axes)
      axis -= std::count_if(operand.summed.begin(), operand.summed.end(),
                            [&](int64_t gone) { return gone < axis; });
  }
  operand.summed.clear();
  return y;
}

/// The extents of these axes of x.
Extents extents_of(const Emitter& emitter, ValueId x, const std::vector<int64_t>& axes) {
  Extents extents;
  for (int64_t axis : axes) extents.push_back(emitter.extent(x, static_cast<int>(axis)));
  return extents;
}

/// Adds their product, 1 for none; only one product of a shape may be unknown.
Status append_product(const Extents& extents, Extents& to) {
  if (extents.size() == 1) {
    to.push_back(extents[0]);
    return {};
  }
  int64_t product = 1;
  for (const Extent& extent : extents)
    product = product < 0 || extent.size < 0 ? -1 : product * extent.size;
  auto is_left_over = [](const Extent& e) { return e.size < 0 && e.of == no_value; };
  ENSURE_CODE(ErrorCode::unsupported,
              product >= 0 || std::none_of(to.begin(), to.end(), is_left_over),
              "an einsum over several axes of unknown size is not supported");
  to.push_back(product);
  return {};
}

void append(Extents& to, const Extents& extents) {
  to.insert(to.end(), extents.begin(), extents.end());
}

/// The stock product takes tensors of up to five axes.
constexpr size_t most_batch_axes = 3;

struct Factor {
  ValueId value = no_value;
  bool transposed = false;  ///< its last two axes are exchanged against what a product takes
};

/// Whether the axes are those of a product as they are, so that none is joined or parted.
bool is_matrix(const std::vector<int64_t>& batch, const std::vector<int64_t>& rows,
               const std::vector<int64_t>& columns) {
  return batch.size() <= most_batch_axes && rows.size() == 1 && columns.size() == 1;
}

/// [batch..., rows, columns], where columns are contracted for the left factor and rows for the
/// right one; whichever of the two orders needs no transposition.
Expected<Factor> factor(Emitter& emitter, const EinsumOperand& operand, ValueId x, bool is_left) {
  std::vector<int64_t> order = operand.batch, exchanged = operand.batch;
  const std::vector<int64_t>& first = is_left ? operand.free : operand.contracted;
  const std::vector<int64_t>& second = is_left ? operand.contracted : operand.free;
  order.insert(order.end(), first.begin(), first.end());
  order.insert(order.end(), second.begin(), second.end());
  exchanged.insert(exchanged.end(), second.begin(), second.end());
  exchanged.insert(exchanged.end(), first.begin(), first.end());
  auto moves = [](const std::vector<int64_t>& axes) {
    return !std::is_sorted(axes.begin(), axes.end());
  };
  // The right factor moves into [free, contracted], which products read row by row.
  bool transposed = moves(order) && (!moves(exchanged) || !is_left);
  Extents batch = extents_of(emitter, x, operand.batch), to;
  if (batch.size() > most_batch_axes)
    TRY(append_product(batch, to));
  else
    append(to, batch);
  TRY(append_product(extents_of(emitter, x, transposed ? second : first), to));
  TRY(append_product(extents_of(emitter, x, transposed ? first : second), to));
  ValueId moved = TRY(emitter.transpose(x, transposed ? exchanged : order));
  if (is_matrix(operand.batch, first, second)) return Factor{moved, transposed};
  return Factor{TRY(emitter.reshape(moved, to)), transposed};
}

bool frees_right_first(const Einsum& plan) {
  int64_t batch = static_cast<int64_t>(plan.left.batch.size()),
          left = static_cast<int64_t>(plan.left.free.size());
  for (int64_t place : plan.result) {
    if (place >= batch) return place >= batch + left;
  }
  return false;
}

/// The plan with its operands exchanged.
void exchange_operands(Einsum& plan) {
  int64_t batch = static_cast<int64_t>(plan.left.batch.size()),
          left = static_cast<int64_t>(plan.left.free.size()),
          right = static_cast<int64_t>(plan.right.free.size());
  for (int64_t& place : plan.result) {
    if (place >= batch) place += place < batch + left ? right : -left;
  }
  std::swap(plan.left, plan.right);
}

}  // namespace

Expected<Einsum> parse_einsum(std::string_view equation, int left_rank, int right_rank) {
  Letters all = TRY(parts_of(equation, left_rank, right_rank));
  std::string batch = selected(all.result, all.left, all.right, true),
              left = selected(all.result, all.left, all.right, false),
              right = selected(all.result, all.right, all.left, false),
              contracted = selected(all.left, all.right, all.result, false);
  auto operand = [&](const std::string& own, const std::string& other, const std::string& free) {
    std::string summed;
    for (char letter : own) {
      if (!contains(other, letter) && !contains(all.result, letter)) summed += letter;
    }
    return EinsumOperand{places(batch, own), places(free, own), places(contracted, own),
                         places(summed, own)};
  };
  return Einsum{operand(all.left, all.right, left), operand(all.right, all.left, right),
                places(all.result, batch + left + right), all.result};
}

Expected<ValueId> einsum(Emitter& emitter, Einsum plan, ValueId left, ValueId right) {
  left = TRY(without_summed(emitter, plan.left, left));
  right = TRY(without_summed(emitter, plan.right, right));
  if (frees_right_first(plan)) {
    exchange_operands(plan);
    std::swap(left, right);
  }
  Factor a = TRY(factor(emitter, plan.left, left, true)),
         b = TRY(factor(emitter, plan.right, right, false));
  ValueId product = TRY(emitter.matmul(a.value, b.value, a.transposed, b.transposed));
  if (is_matrix(plan.left.batch, plan.left.free, plan.right.free))
    return emitter.transpose(product, plan.result);
  Extents to = extents_of(emitter, left, plan.left.batch);
  append(to, extents_of(emitter, left, plan.left.free));
  append(to, extents_of(emitter, right, plan.right.free));
  return emitter.transpose(TRY(emitter.reshape(product, to)), plan.result);
}

Expected<ValueId> einsum(Emitter& emitter, const Einsum& plan, ValueId left,
                         const EinsumWeights& weights) {
  CHECK(plan.left.batch.empty() && plan.right.summed.empty());
  EinsumOperand operand = plan.left;
  left = TRY(without_summed(emitter, operand, left));
  std::vector<int64_t> order = operand.free;
  order.insert(order.end(), operand.contracted.begin(), operand.contracted.end());
  Extents rows = extents_of(emitter, left, operand.free), result = rows;
  TRY(append_product(extents_of(emitter, left, operand.contracted), rows));
  for (int64_t extent : weights.free) result.push_back(extent);
  ValueId x = TRY(emitter.transpose(left, order));
  if (operand.contracted.size() != 1) x = TRY(emitter.reshape(x, rows));
  ValueId y = TRY(emitter.fully_connected(x, weights.matrix, weights.bias));
  if (weights.free.rank() != 1) y = TRY(emitter.reshape(y, result));
  return emitter.transpose(y, plan.result);
}

}  // namespace wherry::keras
