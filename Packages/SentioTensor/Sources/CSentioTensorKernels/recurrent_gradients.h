#ifndef SENTIO_RECURRENT_GRADIENTS_H
#define SENTIO_RECURRENT_GRADIENTS_H

// The products that follow the way back: from the gradients of all sums to those of inputs and weights.

#include "recurrent_product.h"

/// Rows of all steps and sequences that are in the cache at a time.
enum { GRADIENT_ROWS = 128 };

static inline size_t padded_count(size_t count) { return (count + LANES - 1) / LANES * LANES; }

static inline size_t inputs_scratch(const struct sentio_recurrent_input_gradient *work) {
  return GRADIENT_ROWS * (words(work->sums, work->narrow) + padded_count(work->columns));
}

/// Rows of gradients times the weights' panels.
SENTIO_INLINE void input_gradient(const struct sentio_recurrent_input_gradient *work,
                                  float *scratch, const int narrow) {
  const size_t depth = words(work->sums, narrow), padded = padded_count(work->columns);
  float *results = scratch + GRADIENT_ROWS * depth, *sums[GRADIENT_ROWS];
  const int direct = padded == work->columns;
  for (size_t first = work->begin; first < work->end; first += GRADIENT_ROWS) {
    const size_t left = work->end - first, rows = left < GRADIENT_ROWS ? left : GRADIENT_ROWS;
    for (size_t i = 0; i < rows; i++) {
      sums[i] = direct ? work->out + (first + i) * work->columns : results + i * padded;
    }
    for (size_t direction = 0; direction < work->directions; direction++) {
      const float *a = work->gates + first * work->gates_row + direction * work->sums;
      size_t a_row = work->gates_row;
      if (narrow) {
        for (size_t i = 0; i < rows; i++) {
          write_words(a + i * a_row, work->sums, narrow, scratch + i * depth);
        }
        a = scratch;
        a_row = depth;
      }
      product(rows, 0, depth, a, a_row, work->panels[direction], padded / LANES, PANEL_VECTORS,
              sums, direction == 0 ? FROM_ZERO : FROM_SUMS, NULL);
    }
    if (direct) continue;
    for (size_t i = 0; i < rows; i++) {
      memcpy(work->out + (first + i) * work->columns, sums[i], work->columns * sizeof(float));
    }
  }
}

/// Two rows as one of words: in bfloat16 a word holds a number of each, and `odd` may be null.
SENTIO_INLINE void interleave(const float *even, const float *odd, size_t count, float *out) {
#ifdef NARROW
  for (size_t i = 0; i < count; i += LANES) {
    const size_t left = count - i;
    const __mmask16 here = left < LANES ? (__mmask16)((1u << left) - 1) : (__mmask16)0xffff;
    const __m512 low = _mm512_maskz_loadu_ps(here, even + i);
    const __m512 high = odd ? _mm512_maskz_loadu_ps(here, odd + i) : _mm512_setzero_ps();
    const __m512i a = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(low));
    const __m512i b = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(high));
    _mm512_storeu_si512(out + i, _mm512_or_si512(a, _mm512_slli_epi32(b, 16)));
  }
#else
  (void)odd;
  memcpy(out, even, count * sizeof *out);
#endif
}

static inline size_t weights_scratch(const struct sentio_recurrent_weight_gradient *work) {
  const size_t pointers = work->count * (sizeof(float *) / sizeof(float));
  return GRADIENT_ROWS * (work->count + LANES + padded_count(work->columns)) + pointers;
}

/// A range of gradient columns, transposed, times the rows of what entered the sums.
SENTIO_INLINE void weight_gradient(const struct sentio_recurrent_weight_gradient *work,
                                   float *scratch, const int narrow) {
  const size_t padded = padded_count(work->columns), vectors = padded / LANES;
  // A row more than a power of two apart: the terms of a tile would share a few lines of the cache.
  const size_t a_row = work->count + LANES, per_word = narrow ? 2 : 1;
  float *panels = scratch + GRADIENT_ROWS * a_row;
  float **sums = (float **)(panels + GRADIENT_ROWS * padded);
  for (size_t i = 0; i < work->count; i++) sums[i] = work->out + i * padded;
  for (size_t first = 0; first < work->rows; first += GRADIENT_ROWS) {
    const size_t left = work->rows - first, rows = left < GRADIENT_ROWS ? left : GRADIENT_ROWS;
    const size_t depth = words(rows, narrow);
    for (size_t k = 0; k < depth; k++) {
      const size_t row = first + k * per_word;
      const int pair = narrow && row + 1 < work->rows;
      const float *g = work->gates + row * work->gates_row;
      interleave(g, pair ? g + work->gates_row : NULL, work->count, scratch + k * a_row);
      if (work->candidate) {
        // Of a GRU's n the recurrent part has a gradient of its own.
        const float *c = work->candidate + row * work->candidate_row;
        for (size_t u = 0; u < work->count / 3; u += LANES) {
          interleave(c + u, pair ? c + u + work->candidate_row : NULL, LANES,
                     scratch + k * a_row + 3 * u + 2 * LANES);
        }
      }
      const float *x = work->x + row * work->x_row;
      for (size_t v = 0; v < vectors; v += PANEL_VECTORS) {
        const size_t here = vectors - v < PANEL_VECTORS ? vectors - v : PANEL_VECTORS;
        float *out = panels + (v * depth + k * here) * LANES;
        const size_t column = v * LANES;
        const size_t rest = work->columns - column, width = here * LANES;
        interleave(x + column, pair ? x + column + work->x_row : NULL, rest < width ? rest : width,
                   out);
        if (rest < width) memset(out + rest, 0, (width - rest) * sizeof *out);
      }
    }
    product(work->count, 1, depth, scratch, a_row, panels, vectors, PANEL_VECTORS, sums,
            first == 0 ? FROM_ZERO : FROM_SUMS, NULL);
  }
}

#endif
