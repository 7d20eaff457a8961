#ifndef SENTIO_RECURRENT_BACKWARD_H
#define SENTIO_RECURRENT_BACKWARD_H

// A block of sequences back through one direction of a layer: the gradients of all sums, of which those of
// inputs and weights follow by two products over all steps at once.

#include "recurrent_product.h"

struct backward_state {
  size_t gates, padded, columns, words;
  float *hidden;   // [rows][padded], the gradient of the state
  float *cell;     // the same for the cell's
  float *dropout;  // the same shape
  float *arrived;  // the same: what comes back through the product, where it needs more work
  float *sums;     // [rows][columns], the gradients of what the product gave
  float *operand;  // [rows][words], these as an operand
};

static inline size_t backward_layout(const struct sentio_recurrent_backward *work, float *scratch,
                                     struct backward_state *state) {
  const struct sentio_recurrent_layer *layer = &work->layer;
  const size_t rows = layer->rows, gates = sentio_recurrent_gates(layer->cell);
  const size_t padded = padded_units(layer->hidden), columns = gates * padded;
  *state = (struct backward_state){.gates = gates, .padded = padded, .columns = columns,
                                   .words = words(columns, layer->narrow)};
  size_t used = 0;
#define PLACE(NAME, COUNT)                                         \
  state->NAME = scratch ? scratch + used : NULL;                   \
  used += ((size_t)(COUNT) + LANES - 1) / LANES * LANES;
  PLACE(hidden, rows * padded)
  PLACE(cell, rows * padded)
  PLACE(dropout, layer->dropout ? rows * padded : 0)
  PLACE(arrived, rows * padded)
  PLACE(sums, rows * columns)
  PLACE(operand, layer->narrow ? rows * state->words : 0)
#undef PLACE
  return used;
}

SENTIO_INLINE vector sigmoid_slope(vector y) { return y - y * y; }
SENTIO_INLINE vector tanh_slope(vector y) { return 1.0f - y * y; }

SENTIO_INLINE void tanh_cell_back(float *kept, float *sums, const float *gradient, size_t padded,
                                  int rectified) {
  for (size_t u = 0; u < padded; u += WIDTH) {
    const vector h = load(kept + u), g = load(gradient + u);
    const vector d = rectified ? pick(h > 0.0f, g, all(0.0f)) : g * tanh_slope(h);
    store(kept + u, d);
    store(sums + u, d);
  }
}

SENTIO_INLINE void lstm_cell_back(float *kept, const float *before, float *sums, const float *hidden,
                                  float *cell, size_t padded) {
  for (size_t u = 0; u < padded; u += LANES, kept += 4 * LANES, sums += 4 * LANES) {
    for (size_t l = 0; l < LANES; l += WIDTH) {
      const vector i = load(kept + l), f = load(kept + LANES + l);
      const vector g = load(kept + 2 * LANES + l), o = load(kept + 3 * LANES + l);
      const vector c = load(before + u + l), dh = load(hidden + u + l);
      const vector t = hyperbolic_tangent(f * c + i * g);
      const vector dc = load(cell + u + l) + dh * o * tanh_slope(t);
      const vector di = dc * g * sigmoid_slope(i), df = dc * c * sigmoid_slope(f);
      const vector dg = dc * i * tanh_slope(g), d_o = dh * t * sigmoid_slope(o);
      store(cell + u + l, dc * f);
      store(kept + l, di);
      store(kept + LANES + l, df);
      store(kept + 2 * LANES + l, dg);
      store(kept + 3 * LANES + l, d_o);
      store(sums + l, di);
      store(sums + LANES + l, df);
      store(sums + 2 * LANES + l, dg);
      store(sums + 3 * LANES + l, d_o);
    }
  }
}

/// Leaves in `hidden` what goes to the state before without a product.
SENTIO_INLINE void gru_cell_back(float *kept, const float *before, float *candidate, float *sums,
                                 float *hidden, size_t padded, int reset_first) {
  for (size_t u = 0; u < padded; u += LANES, kept += 3 * LANES, sums += 3 * LANES) {
    for (size_t l = 0; l < LANES; l += WIDTH) {
      const vector r = load(kept + l), z = load(kept + LANES + l), n = load(kept + 2 * LANES + l);
      const vector h = load(before + u + l), dh = load(hidden + u + l);
      const vector dn = (dh - dh * z) * tanh_slope(n);
      const vector dz = dh * (h - n) * sigmoid_slope(z);
      store(hidden + u + l, dh * z);
      store(kept + LANES + l, dz);
      store(kept + 2 * LANES + l, dn);
      if (reset_first) {
        // The product takes n's part alone first; r's gradient comes out of it.
        store(sums + l, all(0.0f));
        store(sums + LANES + l, all(0.0f));
        store(sums + 2 * LANES + l, dn);
      } else {
        const vector part = load(candidate + u + l);
        const vector dr = dn * part * sigmoid_slope(r);
        store(kept + l, dr);
        store(candidate + u + l, dn * r);
        store(sums + l, dr);
        store(sums + LANES + l, dz);
        store(sums + 2 * LANES + l, dn * r);
      }
    }
  }
}

/// The second half for the variant that resets first: `arrived` is the gradient of r · m · h.
SENTIO_INLINE void gru_reset_back(float *kept, const float *before, float *sums, float *hidden,
                                  const float *arrived, const float *dropout, size_t padded) {
  for (size_t u = 0; u < padded; u += LANES, kept += 3 * LANES, sums += 3 * LANES) {
    for (size_t l = 0; l < LANES; l += WIDTH) {
      const vector m = dropout ? load(dropout + u + l) : all(1.0f);
      const vector r = load(kept + l), g = load(arrived + u + l) * m;
      const vector dr = g * load(before + u + l) * sigmoid_slope(r);
      store(hidden + u + l, load(hidden + u + l) + g * r);
      store(kept + l, dr);
      store(sums + l, dr);
      store(sums + LANES + l, load(kept + LANES + l));
      store(sums + 2 * LANES + l, all(0.0f));
    }
  }
}

/// Adds a row's sums to what is summed in double precision.
SENTIO_INLINE void add_rows(double *total, const float *const *rows, size_t count, size_t columns) {
  for (size_t i = 0; i < columns; i += WIDTH) {
    vector sum = load(rows[0] + i);
    for (size_t row = 1; row < count; row++) sum += load(rows[row] + i);
    vector_double *place = (vector_double *)(total + i);
    *place += __builtin_convertvector(sum, vector_double);
  }
}

SENTIO_INLINE void product_back(const struct sentio_recurrent_backward *work,
                                const struct backward_state *state, float *target,
                                enum start start, const int narrow) {
  const size_t rows = work->layer.rows;
  const float *operand = state->sums;
  if (narrow) {
    for (size_t row = 0; row < rows; row++) {
      write_words(state->sums + row * state->columns, state->columns, narrow,
                  state->operand + row * state->words);
    }
    operand = state->operand;
  }
  float *targets[SENTIO_RECURRENT_ROWS];
  for (size_t row = 0; row < rows; row++) targets[row] = target + row * state->padded;
  product(rows, 0, state->words, operand, state->words, work->back_panels,
          state->padded / LANES, PANEL_VECTORS, targets, start, NULL);
}

SENTIO_INLINE void backward_step(const struct sentio_recurrent_backward *work,
                                 const struct backward_state *state, size_t index,
                                 const int narrow) {
  const struct sentio_recurrent_layer *layer = &work->layer;
  const enum sentio_recurrent_cell cell = layer->cell;
  const size_t rows = layer->rows, padded = state->padded, step = step_at(layer, index);
  const float *gates[SENTIO_RECURRENT_ROWS], *candidates[SENTIO_RECURRENT_ROWS];
  for (size_t row = 0; row < rows; row++) {
    float *h = state->hidden + row * padded, *sums = state->sums + row * state->columns;
    float *kept = at(&work->gates, row, step);
    const float *before = is_gru(cell) ? at(&work->hidden_before, row, step) : NULL;
    float *candidate = work->candidate.start ? at(&work->candidate, row, step) : NULL;
    // Of all but a GRU's n, which has two gradients, the rows that enter the product are the same.
    gates[row] = is_gru(cell) ? kept : sums;
    candidates[row] = candidate;
    if (!counts(layer, row, step)) {
      memset(kept, 0, state->columns * sizeof *kept);
      memset(sums, 0, state->columns * sizeof *sums);
      if (candidate) memset(candidate, 0, padded * sizeof *candidate);
      continue;
    }
    if (work->y.start) {
      const float *y = at(&work->y, row, step);
      for (size_t u = 0; u < layer->hidden; u++) h[u] += y[u];
    }
    switch (cell) {
      case SENTIO_RECURRENT_TANH: tanh_cell_back(kept, sums, h, padded, 0); break;
      case SENTIO_RECURRENT_RELU: tanh_cell_back(kept, sums, h, padded, 1); break;
      case SENTIO_RECURRENT_LSTM:
        lstm_cell_back(kept, at(&work->cell_before, row, step), sums, h,
                       state->cell + row * padded, padded);
        break;
      case SENTIO_RECURRENT_GRU:
      case SENTIO_RECURRENT_GRU_RESET_FIRST:
        gru_cell_back(kept, before, candidate, sums, h, padded,
                      cell == SENTIO_RECURRENT_GRU_RESET_FIRST);
        break;
    }
    // What goes to the state before goes through the product alone, but for a GRU.
    if (!is_gru(cell)) memset(h, 0, padded * sizeof *h);
  }
  if (cell == SENTIO_RECURRENT_GRU_RESET_FIRST) {
    product_back(work, state, state->arrived, FROM_ZERO, narrow);
    for (size_t row = 0; row < rows; row++) {
      if (!counts(layer, row, step)) continue;
      gru_reset_back(at(&work->gates, row, step), at(&work->hidden_before, row, step),
                     state->sums + row * state->columns, state->hidden + row * padded,
                     state->arrived + row * padded,
                     layer->dropout ? state->dropout + row * padded : NULL, padded);
    }
  }
  if (work->bias) add_rows(work->bias, gates, rows, state->columns);
  if (work->candidate_bias) add_rows(work->candidate_bias, candidates, rows, padded);
  if (layer->dropout) {
    product_back(work, state, state->arrived, FROM_ZERO, narrow);
    for (size_t row = 0; row < rows; row++) {
      float *before = work->hidden_before.start ? at(&work->hidden_before, row, step) : NULL;
      for (size_t u = 0; u < padded; u += WIDTH) {
        const vector m = load(state->dropout + row * padded + u);
        const vector g = load(state->arrived + row * padded + u);
        float *h = state->hidden + row * padded + u;
        store(h, load(h) + m * g);
        if (before) store(before + u, m * load(before + u));
      }
    }
  } else {
    product_back(work, state, state->hidden, FROM_SUMS, narrow);
  }
}

SENTIO_INLINE void backward_sequence(const struct sentio_recurrent_backward *work, float *scratch,
                                     const int narrow) {
  const struct sentio_recurrent_layer *layer = &work->layer;
  struct backward_state state;
  backward_layout(work, scratch, &state);
  const size_t hidden = layer->hidden, padded = state.padded, rows = layer->rows;
  memset(state.hidden, 0, rows * padded * sizeof(float));
  memset(state.cell, 0, rows * padded * sizeof(float));
  for (size_t row = 0; row < rows; row++) {
    const ptrdiff_t end = (ptrdiff_t)row * work->end_row;
    float *h = state.hidden + row * padded, *c = state.cell + row * padded;
    if (work->hidden_end) memcpy(h, work->hidden_end + end, hidden * sizeof *h);
    if (work->cell_end) memcpy(c, work->cell_end + end, hidden * sizeof *c);
    if (layer->dropout) {
      float *m = state.dropout + row * padded;
      memset(m, 0, padded * sizeof *m);
      memcpy(m, layer->dropout + (ptrdiff_t)row * layer->dropout_row, hidden * sizeof *m);
    }
  }
  for (size_t index = layer->steps; index-- > 0;) {
    backward_step(work, &state, index, narrow);
    if (work->truncation && index > 0 && index % work->truncation == 0) {
      memset(state.hidden, 0, rows * padded * sizeof(float));
      memset(state.cell, 0, rows * padded * sizeof(float));
    }
  }
  for (size_t row = 0; row < rows; row++) {
    const ptrdiff_t start = (ptrdiff_t)row * work->start_row;
    memcpy(work->hidden_start + start, state.hidden + row * padded, hidden * sizeof(float));
    if (work->cell_start) {
      memcpy(work->cell_start + start, state.cell + row * padded, hidden * sizeof(float));
    }
  }
}

#endif
