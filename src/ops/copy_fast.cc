// Plans boxes as strided copies and spreads them over threads.
#include "ops/copy_fast.h"

#include <cstring>

#include "ops/work_split.h"

namespace wherry {
namespace {

struct Piece {
  kernels::StridedCopy copy;
  int input, output;
  size_t from_bytes, to_bytes;
  size_t tasks;
};

struct Fill {
  int output, value_input;
  size_t elements, element_bytes;
  int64_t value;

  template <class T>
  void run(const StepRun& step) const {
    T bits;
    if (value_input >= 0)
      bits = *step.input<T>(value_input);
    else
      bits = static_cast<T>(value);
    std::fill_n(step.output<T>(output), elements, bits);
  }
  void operator()(const StepRun& step) const {
    if (element_bytes == 1) return run<uint8_t>(step);
    if (element_bytes == 2) return run<uint16_t>(step);
    if (element_bytes == 4) return run<uint32_t>(step);
    run<uint64_t>(step);
  }
};

}  // namespace

size_t element_bytes(DType dtype) {
  if (dtype == DType::string || bits_of(dtype) % 8 != 0) return 0;
  const auto bytes = static_cast<size_t>(bits_of(dtype)) / 8;
  return bytes <= 8 ? bytes : 0;
}

PlanResult plan_copies(PlanContext& context, std::vector<MovedBox> boxes,
                       std::optional<Border> border) {
  const size_t bytes = element_bytes(context.output().dtype);
  if (bytes == 0) return declined("needs elements of 1, 2, 4 or 8 bytes");
  std::vector<Piece> pieces;
  for (const MovedBox& box : boxes) {
    std::vector<kernels::BoxAxis> axes;
    const auto element = static_cast<ptrdiff_t>(bytes);
    for (size_t i = 0; i < box.extents.size(); ++i)
      if (box.extents[i] != 1)
        axes.push_back({static_cast<size_t>(box.extents[i]), box.from_steps[i] * element,
                        box.to_steps[i] * element});
    if (axes.size() > kernels::StridedCopy::max_axes) return declined("has too many axes");
    Piece piece{kernels::StridedCopy(axes.data(), axes.size(), bytes),
                box.input,
                box.output,
                static_cast<size_t>(box.from) * bytes,
                static_cast<size_t>(box.to) * bytes,
                1};
    piece.tasks = tasks_for(context.threads(), piece.copy.bytes() / 16);
    if (!piece.copy.empty()) pieces.push_back(piece);
  }
  std::optional<Fill> fill;
  if (border)
    fill = {border->output, border->value_input, static_cast<size_t>(border->elements), bytes,
            border->value};
  return Step([pieces, fill](const StepRun& run) {
    if (fill) (*fill)(run);
    for (const Piece& piece : pieces) {
      const std::byte* from = run.input<std::byte>(piece.input) + piece.from_bytes;
      std::byte* to = run.output<std::byte>(piece.output) + piece.to_bytes;
      split_work(run.pool(), piece.tasks, piece.copy.parts(), 1,
                 [&](size_t begin, size_t end, size_t) { piece.copy.run(from, to, begin, end); });
    }
  });
}

}  // namespace wherry
