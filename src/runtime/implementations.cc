// Builds the list of fast implementations from the files src/ops/*/*_fast.cc.
#include <map>

#include "runtime/plan.h"

namespace wherry {

#define X(stem)                    \
  namespace op {                   \
  FastOp stem##_implementations(); \
  }
#include "fast_list.inc"
#undef X

namespace {

using Table = std::map<const OpDef*, std::vector<const Implementation*>>;

[[maybe_unused]] void add(Table& table, const FastOp& fast) {
  for (const OpDef* op : fast.ops) {
    for (const Implementation& implementation : fast.implementations)
      table[op].push_back(&implementation);
  }
}

Table make_table() {
  Table table;
#define X(stem) add(table, op::stem##_implementations());
#include "fast_list.inc"
#undef X
  return table;
}

}  // namespace

std::vector<const Implementation*> implementations_of(const OpDef& op) {
  static const Table table = make_table();
  auto found = table.find(&op);
  return found == table.end() ? std::vector<const Implementation*>() : found->second;
}

}  // namespace wherry
