// Which values share memory: views, joined inputs, results that overwrite an operand.
#pragma once

#include "runtime/segment.h"

namespace wherry {

/// Memory that one or more values use, and when.
struct MemoryGroup {
  int64_t size = 0;
  int first = 0, last = 0;
  std::vector<ValueId> members = {};
  int buffer = -1;  ///< of an earlier segment: does not move, cannot grow
};

class Sharing {
 public:
  Sharing(GraphState& state, int first, int last, std::vector<Decision>& decisions);

  /// Decides what shares memory. Views and joins that cannot be shared become copies: see
  /// copies_of().
  void decide();

  /// Bytes that a view or join has to copy while running.
  struct Copy {
    ValueId from, to;
    int64_t from_offset, to_offset, bytes;
  };
  const std::vector<Copy>& copies_of(NodeId n) { return copies_[n]; }
  const std::vector<MemoryGroup>& groups() const { return groups_; }
  bool in_arena(ValueId id) const { return group_of_[static_cast<size_t>(id)] >= 0; }
  int group_of(ValueId id) const { return group_of_[static_cast<size_t>(id)]; }
  int64_t offset_of(ValueId id) const { return offset_of_[static_cast<size_t>(id)]; }

 private:
  void add_group(ValueId id, int first);
  void note_uses();
  void count_live();
  int last_use(ValueId id) const { return last_use_[static_cast<size_t>(id)]; }
  MemoryGroup& group(ValueId id) { return groups_[static_cast<size_t>(group_of(id))]; }
  bool lives_with_input(ValueId id) const;
  int64_t bytes_of(ValueId id) const;

  void share_view(Decision& decision);
  bool share_part(ValueId from, ValueId to, int64_t offset);
  void share_join(Decision& decision);
  bool can_stand_inside(const Decision& decision, ValueId piece) const;
  void overwrite(const Decision& decision);
  bool may_overwrite(const Decision& decision, ValueId from, ValueId to) const;
  /// Moves the members of one group into another; refuses when that raises the peak.
  bool holds_variable(const MemoryGroup& group) const;
  bool merge(int from, int into, int64_t offset, bool even_if_larger);

  GraphState& state_;
  int first_, last_;
  std::vector<Decision>& decisions_;
  std::vector<MemoryGroup> groups_;
  std::vector<int> group_of_;
  std::vector<int64_t> offset_of_;
  std::vector<int> last_use_;
  std::vector<int64_t> live_;  ///< bytes at each time, from first_ on
  std::map<NodeId, std::vector<Copy>> copies_;
};

}  // namespace wherry
