#ifndef SENTIO_RECURRENT_LAYOUT_H
#define SENTIO_RECURRENT_LAYOUT_H

// How sums, states and panels lie in memory: see recurrent.h.

#include "recurrent.h"

enum { LANES = 16, PANEL_VECTORS = 4 };

static inline size_t padded_units(size_t hidden) { return (hidden + LANES - 1) / LANES * LANES; }

/// Vectors a panel: the gates of a group of units, or four groups of a cell of one gate.
static inline size_t panel_vectors(size_t gates) { return gates == 1 ? PANEL_VECTORS : gates; }

/// What a product adds up a term at a time: floats, or pairs of bfloat16 numbers in as much memory.
static inline size_t words(size_t depth, int narrow) { return narrow ? (depth + 1) / 2 : depth; }

static inline int is_gru(enum sentio_recurrent_cell cell) {
  return cell == SENTIO_RECURRENT_GRU || cell == SENTIO_RECURRENT_GRU_RESET_FIRST;
}

static inline size_t step_at(const struct sentio_recurrent_layer *layer, size_t index) {
  return layer->reversed ? layer->steps - 1 - index : index;
}

static inline int counts(const struct sentio_recurrent_layer *layer, size_t row, size_t step) {
  return !layer->mask || layer->mask[(ptrdiff_t)row * layer->mask_row + (ptrdiff_t)step] != 0;
}

static inline float *at(const struct sentio_recurrent_walk *walk, size_t row, size_t step) {
  return walk->start + (ptrdiff_t)row * walk->row + (ptrdiff_t)step * walk->step;
}

#endif
