// How the columns of packed weights are cut into panels.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

/// Columns are counted in units of 8. A panel is a whole number of grains (the widest vector, in
/// units); panels differ by one grain at most, and the last one may lack some units of its last
/// grain. Packed panels lie one after another, so a panel begins where its first column says.
struct Panels {
  static constexpr size_t unit = 8;

  size_t columns = 0;  ///< useful columns
  size_t grain = 1;    ///< units in the widest vector
  size_t count = 0;    ///< panels
  size_t base = 0;     ///< grains in every panel
  size_t extra = 0;    ///< panels, at the beginning, with one more grain

  struct Panel {
    size_t first_column;
    size_t units;
    size_t columns;  ///< useful ones among units * 8
    size_t width() const { return units * unit; }
  };

  static constexpr Panels cut(size_t columns, size_t grain, size_t max_units) {
    const size_t grains = (columns + unit * grain - 1) / (unit * grain);
    const size_t widest = max_units / grain;
    const size_t count = (grains + widest - 1) / widest;
    return {columns, grain, count, count ? grains / count : 0, count ? grains % count : 0};
  }

  constexpr Panel operator[](size_t i) const {
    const size_t first = i * base + (i < extra ? i : extra);
    const size_t grains = base + (i < extra ? 1 : 0);
    const size_t first_column = first * grain * unit;
    const size_t left = columns - first_column;
    const size_t units_left = (left + unit - 1) / unit;
    const size_t units = grains * grain < units_left ? grains * grain : units_left;
    return {first_column, units, left < units * unit ? left : units * unit};
  }

  /// Units of the widest panel.
  constexpr size_t widest() const { return count ? (*this)[0].units : 0; }
  /// Columns with those that fill up the last panel.
  constexpr size_t padded_columns() const { return (columns + unit - 1) / unit * unit; }
};

}  // namespace wherry::kernels
