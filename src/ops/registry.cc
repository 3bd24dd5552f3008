// Builds the list of all operators from the files of src/ops.
#include "ops/registry.h"

#include <algorithm>
#include <vector>

namespace wherry {

#define X(stem)         \
  namespace op {        \
  OpTable stem##_ops(); \
  }
#include "op_list.inc"
#undef X

namespace {

struct Registry {
  std::vector<const OpDef*> all;
  const OpDef* by_code[256] = {};

  Registry() {
    auto add = [this](const OpTable& table) {
      for (size_t i = 0; i < table.count; ++i) {
        const OpDef& op = table.first[i];
        all.push_back(&op);
        if (op.code != custom_code && op.code >= 0 && op.code < 256) by_code[op.code] = &op;
      }
    };
#define X(stem) add(op::stem##_ops());
#include "op_list.inc"
#undef X
    std::sort(all.begin(), all.end(),
              [](const OpDef* a, const OpDef* b) { return a->name < b->name; });
  }
};

const Registry& registry() {
  static const Registry instance;
  return instance;
}

}  // namespace

std::span<const OpDef* const> all_ops() { return registry().all; }

const OpDef* find_op(int code) {
  return code < 0 || code >= 256 ? nullptr : registry().by_code[code];
}

const OpDef* find_op_named(std::string_view name) {
  for (const OpDef* op : all_ops()) {
    if (op->name == name) return op;
  }
  return nullptr;
}

const OpDef* find_custom_op(std::string_view code) {
  const OpDef* op = find_op_named(code);
  return op && op->code == custom_code ? op : nullptr;
}

}  // namespace wherry
