// Which tiles the AVX-512 matrix products come in: 24 of the 32 registers hold sums.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels::x86_avx512 {

constexpr size_t tile_grain = 2, tile_max_units = 8, tile_pitch = 12;
constexpr uint8_t tile_best_rows[] = {12, 12, 12, 12, 8, 8, 6, 6};

/// Tile<units, rows>::run for the smallest tile of `rows` rows or more.
template <class Run, template <size_t, size_t> class Tile, size_t units, size_t rows>
constexpr Run* pick_tile() {
  constexpr size_t best = tile_best_rows[units - 1];
  if constexpr (rows > best)
    return nullptr;
  else if constexpr (rows > 8)
    return &Tile<units, 12>::run;
  else if constexpr (rows > 6 || (rows > 4 && best > 6))
    return &Tile<units, 8>::run;
  else if constexpr (rows > 4)
    return &Tile<units, 6>::run;
  else if constexpr (rows > 2)
    return &Tile<units, 4>::run;
  else
    return &Tile<units, rows>::run;
}

/// [(units - 1) * tile_pitch + rows - 1]
template <class Run>
struct TileTable {
  Run* run[tile_max_units * tile_pitch];
};

template <class Run, template <size_t, size_t> class Tile, size_t units>
constexpr void fill_line(TileTable<Run>& table) {
  Run* const line[] = {pick_tile<Run, Tile, units, 1>(),  pick_tile<Run, Tile, units, 2>(),
                       pick_tile<Run, Tile, units, 3>(),  pick_tile<Run, Tile, units, 4>(),
                       pick_tile<Run, Tile, units, 5>(),  pick_tile<Run, Tile, units, 6>(),
                       pick_tile<Run, Tile, units, 7>(),  pick_tile<Run, Tile, units, 8>(),
                       pick_tile<Run, Tile, units, 9>(),  pick_tile<Run, Tile, units, 10>(),
                       pick_tile<Run, Tile, units, 11>(), pick_tile<Run, Tile, units, 12>()};
  for (size_t i = 0; i < tile_pitch; ++i) table.run[(units - 1) * tile_pitch + i] = line[i];
}

template <class Run, template <size_t, size_t> class Tile>
constexpr TileTable<Run> tile_table() {
  TileTable<Run> table{};
  fill_line<Run, Tile, 1>(table);
  fill_line<Run, Tile, 2>(table);
  fill_line<Run, Tile, 3>(table);
  fill_line<Run, Tile, 4>(table);
  fill_line<Run, Tile, 5>(table);
  fill_line<Run, Tile, 6>(table);
  fill_line<Run, Tile, 7>(table);
  fill_line<Run, Tile, 8>(table);
  return table;
}

}  // namespace wherry::kernels::x86_avx512
