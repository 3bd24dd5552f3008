// keras.ops.rearrange: axes split, exchanged and joined by a pattern, "b (h p) c -> b h (p c)".
#include <algorithm>
#include <map>

#include "keras/functions/function_call.h"

namespace wherry::keras {
namespace {

using Group = std::vector<std::string>;  ///< axes that stand or shall stand in one

/// The groups of one side of a pattern; nothing when its brackets do not fit.
std::optional<std::vector<Group>> groups_of(std::string_view side) {
  std::vector<Group> groups;
  std::string word;
  bool inside = false;
  auto end_word = [&] {
    if (word.empty()) return;
    if (!inside) groups.push_back({});
    groups.back().push_back(std::move(word));
    word.clear();
  };
  for (char c : side) {
    bool in_word = std::isalnum(static_cast<unsigned char>(c)) || c == '_';
    if (in_word) word += c;
    if (!in_word) end_word();
    if (c == '(' && inside) return std::nullopt;
    if (c == ')' && !inside) return std::nullopt;
    if (c == '(') groups.push_back({});
    if (c == '(' || c == ')') inside = c == '(';
    if (!in_word && c != '(' && c != ')' && c != ' ') return std::nullopt;
  }
  end_word();
  if (inside) return std::nullopt;
  return groups;
}

Group joined_groups(const std::vector<Group>& groups) {
  Group all;
  for (const Group& group : groups) all.insert(all.end(), group.begin(), group.end());
  return all;
}

/// What a pattern says: axes before, and how they stand behind.
struct Pattern {
  std::vector<Group> before, behind;
  std::vector<int64_t> order;  ///< of single axes
};

Expected<Pattern> pattern_of(std::string_view text) {
  size_t arrow = text.find("->");
  auto wrong = [&] {
    return Error{.code = ErrorCode::invalid_model,
                 .message = "the pattern should name the same axes on both sides of '->'",
                 .received = quoted(text)};
  };
  if (arrow == std::string_view::npos) return wrong();
  auto before = groups_of(text.substr(0, arrow)), behind = groups_of(text.substr(arrow + 2));
  if (!before || !behind) return wrong();
  Pattern pattern{std::move(*before), std::move(*behind), {}};
  Group from = joined_groups(pattern.before), to = joined_groups(pattern.behind);
  if (from.size() != to.size()) return wrong();
  for (const std::string& axis : to) {
    auto place = std::find(from.begin(), from.end(), axis);
    if (place == from.end() || std::count(to.begin(), to.end(), axis) != 1) return wrong();
    pattern.order.push_back(place - from.begin());
  }
  return pattern;
}

/// The extents of single axes: one of each group may follow from the others.
Expected<Extents> split_extents(FunctionCall& call, ValueId x, const Pattern& pattern) {
  Extents extents;
  for (size_t i = 0; i < pattern.before.size(); ++i) {
    const Group& group = pattern.before[i];
    int axis = static_cast<int>(i);
    if (group.size() == 1) {
      call.ignore(group[0]);
      extents.push_back(call.extent(x, axis));
      continue;
    }
    int64_t known = 1, whole = call.shape(x)[axis];
    std::vector<int64_t> sizes;
    for (const std::string& name : group) sizes.push_back(TRY(call.integer(name, -1, -1)));
    for (int64_t size : sizes) {
      bool is_too_large = size > 0 && __builtin_mul_overflow(known, size, &known);
      ENSURE(!is_too_large, "an axis cannot be split into the sizes ", sizes);
    }
    bool has_open = std::count(sizes.begin(), sizes.end(), -1) == 1;
    ENSURE(std::count_if(sizes.begin(), sizes.end(), [](int64_t size) { return size <= 0; }) ==
                   has_open &&
               (whole < 0 || whole % known == 0),
           "the axis of ", whole, " elements cannot be split into the sizes ", sizes);
    for (int64_t size : sizes)
      extents.push_back(size > 0 ? size : whole < 0 ? Extent(-1) : Extent(whole / known));
  }
  return extents;
}

Expected<Results> import_rearranged(FunctionCall& call) {
  ValueId x = TRY(call.tensor("tensor", 0));
  const PyValue& written = call.argument("pattern", 1);
  Pattern pattern = TRY(pattern_of(written.text()));
  ENSURE(static_cast<int>(pattern.before.size()) == call.rank(x), "the pattern ", written.shown(),
         " does not fit a tensor of shape ", text_of(call.shape(x)));
  Extents split = TRY(split_extents(call, x, pattern));
  bool is_split = std::any_of(pattern.before.begin(), pattern.before.end(),
                              [](const Group& group) { return group.size() != 1; });
  if (is_split) x = TRY(call.reshape(x, split));
  x = TRY(call.transpose(x, pattern.order));
  for (size_t i = 0; i < pattern.behind.size(); ++i) {
    int first = static_cast<int>(i), count = static_cast<int>(pattern.behind[i].size());
    if (count == 0) x = TRY(call.expand(x, first));
    if (count > 1) x = TRY(call.merge_axes(x, first, first + count));
  }
  return x;
}

constexpr FunctionDef functions[] = {
    {{}, {"Rearrange"}, import_rearranged, {}, 0, "RESHAPE and TRANSPOSE"},
};

}  // namespace

FunctionTable rearrange_functions() { return function_table(functions); }

}  // namespace wherry::keras
