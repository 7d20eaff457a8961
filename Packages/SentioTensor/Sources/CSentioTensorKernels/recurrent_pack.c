#include <string.h>

#include "clones.h"
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

typedef float lanes __attribute__((vector_size(LANES * 4)));

// Blocks of `SIZE` by `SIZE` change places across the diagonal.
#define EXCHANGE(SIZE)                                                        \
  for (int i = 0; i < LANES; i++) {                                           \
    if (i & SIZE) continue;                                                   \
    const lanes a = rows[i], b = rows[i + SIZE];                              \
    rows[i] = __builtin_shufflevector(a, b, LOW_##SIZE);                      \
    rows[i + SIZE] = __builtin_shufflevector(a, b, HIGH_##SIZE);              \
  }
#define LOW_8 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define HIGH_8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31
#define LOW_4 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define HIGH_4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define LOW_2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define HIGH_2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LOW_1 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define HIGH_1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31

/// From 16 terms of each lane to 16 lanes of each term.
SENTIO_CLONES static void transpose(float block[LANES][LANES]) {
  lanes rows[LANES];
  memcpy(rows, block, sizeof rows);
  EXCHANGE(8)
  EXCHANGE(4)
  EXCHANGE(2)
  EXCHANGE(1)
  memcpy(block, rows, sizeof rows);
}

/// Writes `count` terms, from k on, of one vector of a panel, from the lanes of each. In bfloat16 a lane
/// holds two terms.
static void put(float terms[LANES][LANES], size_t k, size_t count, size_t vectors, int narrow,
                float *vector) {
  if (!narrow) {
    for (size_t i = 0; i < count; i++) {
      memcpy(vector + (k + i) * vectors * LANES, terms[i], sizeof terms[i]);
    }
    return;
  }
  uint16_t half[LANES][LANES];
  sentio_float_to_bfloat16(terms[0], half[0], LANES * LANES);
  for (size_t i = 0; i < count; i += 2) {
    uint16_t *out = (uint16_t *)(vector + (k + i) / 2 * vectors * LANES);
    for (size_t lane = 0; lane < LANES; lane++) {
      out[2 * lane] = half[i][lane];
      out[2 * lane + 1] = half[i + 1][lane];
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
          if (row == NONE || here == 0) continue;
          memcpy(block[lane], weights + row * columns + k, here * sizeof(float));
        }
        transpose(block);
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
          memcpy(block[i], weights + row * columns + column, here * sizeof(float));
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
