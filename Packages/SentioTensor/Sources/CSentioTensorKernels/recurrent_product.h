#ifndef SENTIO_RECURRENT_PRODUCT_H
#define SENTIO_RECURRENT_PRODUCT_H

// Rows times packed panels. A tile of TILE_ROWS rows by a panel's vectors stays in registers while the
// panel streams by; each sum runs from its first term to its last in one register, whatever the
// tile, so that a row's result does not depend on the rows beside it.

#include "recurrent_vector.h"

/// What the sums start from.
enum start { FROM_ZERO, FROM_BIAS, FROM_SUMS };

SENTIO_INLINE vector add_product(vector sum, const float *a, vector b, const int narrow) {
#ifdef NARROW
  if (narrow) {
    int32_t pair;
    memcpy(&pair, a, sizeof pair);
    return (vector)_mm512_dpbf16_ps((__m512)sum, (__m512bh)_mm512_set1_epi32(pair), (__m512bh)b);
  }
#endif
  (void)narrow;
  return sum + *a * b;
}

/// The terms of a row are neighbours, or, where `transposed`, those of all rows at one depth are.
SENTIO_INLINE void tile(const int rows, const int vectors, const int narrow, const int transposed,
                        size_t depth, const float *a, size_t a_row, const float *panel, float *const *sums,
                        size_t column, enum start start, const float *bias) {
  // Narrow registers take the 16 lanes in turn.
  for (int part = 0; part < LANES; part += WIDTH) {
    vector sum[TILE_ROWS][PANEL_VECTORS];
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; m++) {
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) {
        const size_t place = column + (size_t)(v * LANES + part);
        sum[m][v] = start == FROM_SUMS ? load(sums[m] + place)
                    : start == FROM_BIAS ? load(bias + place) : all(0.0f);
      }
    }
    const float *b = panel + part;
    for (size_t k = 0; k < depth; k++, b += vectors * LANES) {
      vector terms[PANEL_VECTORS];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) terms[v] = load(b + v * LANES);
#pragma clang loop unroll(full)
      for (int m = 0; m < rows; m++) {
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) {
          const float *term = transposed ? a + k * a_row + m : a + (size_t)m * a_row + k;
          sum[m][v] = add_product(sum[m][v], term, terms[v], narrow);
        }
      }
    }
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; m++) {
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) {
        store(sums[m] + column + (size_t)(v * LANES + part), sum[m][v]);
      }
    }
  }
}

#define TILE(ROWS, VECTORS)                                                                    \
  case ROWS * 8 + VECTORS:                                                                     \
    tile(ROWS, VECTORS, narrow, transposed, depth, a, a_row, panel, sums, column, start, bias);           \
    break;
#define TILES(ROWS) TILE(ROWS, 1) TILE(ROWS, 2) TILE(ROWS, 3) TILE(ROWS, 4)

#if TILE_ROWS == 2
#define ALL_TILES TILES(1) TILES(2)
#elif TILE_ROWS == 3
#define ALL_TILES TILES(1) TILES(2) TILES(3)
#else
#define ALL_TILES TILES(1) TILES(2) TILES(3) TILES(4) TILES(5) TILES(6)
#endif

#define PANEL_TILE(NAME, NARROW_WORDS, TRANSPOSED)                                             \
  static void NAME(size_t rows, size_t vectors, size_t depth, const float *a, size_t a_row,    \
                   const float *panel, float *const *sums, size_t column, enum start start,    \
                   const float *bias) {                                                        \
    const int narrow = NARROW_WORDS, transposed = TRANSPOSED;                                  \
    switch (rows * 8 + vectors) { ALL_TILES }                                                  \
  }
#ifdef NARROW
PANEL_TILE(panel_tile, 1, 0)
PANEL_TILE(panel_tile_transposed, 1, 1)
#else
PANEL_TILE(panel_tile, 0, 0)
PANEL_TILE(panel_tile_transposed, 0, 1)
#endif

/// Adds `rows` rows of `depth` words, `a_row` apart, times all panels to the rows of sums.
SENTIO_INLINE void product(size_t rows, const int transposed, size_t depth, const float *a,
                           size_t a_row, const float *panels, size_t vectors, size_t panel_size,
                           float *const *sums, enum start start, const float *bias) {
  const size_t tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
  for (size_t first = 0; first < vectors; first += panel_size) {
    const size_t here = vectors - first < panel_size ? vectors - first : panel_size;
    // Tiles of about one size: the last would otherwise read the panel for few rows.
    for (size_t index = 0; index < tiles; index++) {
      const size_t begin = rows * index / tiles, end = rows * (index + 1) / tiles;
      if (transposed) {
        panel_tile_transposed(end - begin, here, depth, a + begin, a_row, panels, sums + begin,
                              first * LANES, start, bias);
      } else {
        panel_tile(end - begin, here, depth, a + begin * a_row, a_row, panels, sums + begin,
                   first * LANES, start, bias);
      }
    }
    panels += here * LANES * depth;
  }
}

/// Copies numbers to the form that products take; an odd one is followed by a zero.
SENTIO_INLINE void write_words(const float *x, size_t count, const int narrow, float *out) {
#ifdef NARROW
  if (narrow) {
    uint16_t *half = (uint16_t *)out;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
      const __m256bh rounded = _mm512_cvtneps_pbh(_mm512_loadu_ps(x + i));
      memcpy(half + i, &rounded, sizeof rounded);
    }
    if (i < count) {
      const __mmask16 rest = (__mmask16)((1u << (count - i)) - 1);
      const __m256bh rounded = _mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(rest, x + i));
      memcpy(half + i, &rounded, 2 * ((count - i + 1) & ~(size_t)1));
    }
    return;
  }
#endif
  (void)narrow;
  memcpy(out, x, count * sizeof *out);
}

#endif
