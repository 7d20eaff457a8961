#include <string.h>

#include "narrow.h"
#include "recurrent_layout.h"

size_t sentio_recurrent_panel_size(size_t vectors, size_t depth, int narrow) {
  return vectors * LANES * words(depth, narrow);
}

/// The row of [gates · hidden] weights that belongs to a column of the sums; NONE for padding.
#define NONE ((size_t)-1)
static size_t source_row(size_t column, size_t gates, size_t hidden) {
  const size_t unit = column / (gates * LANES) * LANES + column % LANES;
  return unit < hidden ? column / LANES % gates * hidden + unit : NONE;
}

/// Writes 16 terms, from k on, of one vector of a panel. Term by term the lanes are neighbours; in
/// bfloat16 a lane holds two terms.
static void put(const float terms[LANES][LANES], size_t k, size_t count, size_t vectors, int narrow,
                float *vector) {
  for (size_t i = 0; i < count; i++) {
    for (size_t lane = 0; lane < LANES; lane++) {
      const float value = terms[lane][i];
      if (!narrow) {
        vector[(k + i) * vectors * LANES + lane] = value;
      } else {
        uint16_t *half = (uint16_t *)(vector + (k + i) / 2 * vectors * LANES);
        sentio_float_to_bfloat16(&value, half + lane * 2 + (k + i) % 2, 1);
      }
    }
  }
}

void sentio_recurrent_pack(enum sentio_recurrent_cell cell, const float *weights, size_t hidden,
                           size_t columns, size_t depth, int narrow, float *panels) {
  const size_t gates = sentio_recurrent_gates(cell), size = panel_vectors(gates);
  const size_t all = gates * padded_units(hidden) / LANES;
  const size_t terms = narrow ? (depth + 1) / 2 * 2 : depth;
  for (size_t first = 0; first < all; first += size) {
    const size_t vectors = all - first < size ? all - first : size;
    for (size_t v = 0; v < vectors; v++) {
      for (size_t k = 0; k < terms; k += LANES) {
        float block[LANES][LANES] = {{0}};
        const size_t count = terms - k < LANES ? terms - k : LANES;
        const size_t here = k >= columns ? 0 : columns - k < count ? columns - k : count;
        for (size_t lane = 0; lane < LANES; lane++) {
          const size_t row = source_row((first + v) * LANES + lane, gates, hidden);
          if (row != NONE && here) memcpy(block[lane], weights + row * columns + k, here * sizeof(float));
        }
        put(block, k, count, vectors, narrow, panels + v * LANES);
      }
    }
    panels += sentio_recurrent_panel_size(vectors, depth, narrow);
  }
}

void sentio_recurrent_pack_back(enum sentio_recurrent_cell cell, const float *weights,
                                size_t hidden, size_t columns, int narrow, float *panels) {
  const size_t gates = sentio_recurrent_gates(cell), depth = gates * padded_units(hidden);
  const size_t all = padded_units(columns) / LANES;
  for (size_t first = 0; first < all; first += PANEL_VECTORS) {
    const size_t vectors = all - first < PANEL_VECTORS ? all - first : PANEL_VECTORS;
    for (size_t v = 0; v < vectors; v++) {
      const size_t column = (first + v) * LANES;
      const size_t here = columns - column < LANES ? columns - column : LANES;
      for (size_t k = 0; k < depth; k += LANES) {
        float block[LANES][LANES] = {{0}};
        for (size_t i = 0; i < LANES; i++) {
          const size_t row = source_row(k + i, gates, hidden);
          if (row == NONE) continue;
          const float *source = weights + row * columns + column;
          for (size_t lane = 0; lane < here; lane++) block[lane][i] = source[lane];
        }
        put(block, k, LANES, vectors, narrow, panels + v * LANES);
      }
    }
    panels += sentio_recurrent_panel_size(vectors, depth, narrow);
  }
}

void sentio_recurrent_order_rows(enum sentio_recurrent_cell cell, const float *weights,
                                 size_t hidden, size_t columns, float *ordered) {
  const size_t gates = sentio_recurrent_gates(cell), count = gates * padded_units(hidden);
  for (size_t i = 0; i < count; i++, ordered += columns) {
    const size_t row = source_row(i, gates, hidden);
    if (row == NONE) {
      memset(ordered, 0, columns * sizeof *ordered);
    } else {
      memcpy(ordered, weights + row * columns, columns * sizeof *ordered);
    }
  }
}

void sentio_recurrent_restore_rows(enum sentio_recurrent_cell cell, const float *ordered,
                                   size_t ordered_row, size_t hidden, size_t columns,
                                   unsigned chosen, float *weights) {
  const size_t gates = sentio_recurrent_gates(cell), count = gates * padded_units(hidden);
  for (size_t i = 0; i < count; i++, ordered += ordered_row) {
    const size_t row = source_row(i, gates, hidden);
    if (row == NONE || !(chosen >> (row / hidden) & 1)) continue;
    memcpy(weights + row * columns, ordered, columns * sizeof *weights);
  }
}
