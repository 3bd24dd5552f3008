// Where every value of a segment stands: sharing of memory, lifetimes, the arena, the final steps.
#pragma once

#include "runtime/segment.h"

namespace wherry {

/// Turns the decisions of the nodes [first, last) into steps, and gives every value its place.
/// Values that stand in the arena from earlier segments stay where they are. Errors: too_large.
Status lay_out(GraphState& state, int first, int last, std::vector<Decision>& decisions,
               std::vector<NodeReport>& reports, Segment& segment);

/// Fills in the pointers of all steps; after planning and whenever the arena has moved.
void bind(GraphState& state, Segment& segment);
/// Of one step: also before each run of a step that `moves`.
void bind_step(GraphState& state, PlannedStep& step);

}  // namespace wherry
