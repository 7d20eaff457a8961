#ifndef SENTIO_RECURRENT_FORWARD_H
#define SENTIO_RECURRENT_FORWARD_H

// A block of sequences through one direction of a layer.
//
// The inputs' part of the sums does not depend on the state: it is computed for some steps at once,
// which then are in the cache when their turn comes.

#include "recurrent_product.h"

/// Rows of a product of inputs.
enum { CHUNK_ROWS = 128 };

static inline size_t chunk_steps(const struct sentio_recurrent_layer *layer) {
  const size_t most = layer->rows < CHUNK_ROWS ? CHUNK_ROWS / layer->rows : 1;
  return layer->steps < most ? layer->steps : most;
}

/// What a block keeps beside its arguments.
struct forward_state {
  size_t gates, padded, columns, words, chunk;
  float *hidden;     // [rows][padded]
  float *cell;       // the same
  float *dropout;    // the same
  float *operand;    // [rows][words], what enters the product
  float *recurrent;  // [rows][columns], the recurrent part of a GRU's sums
  float *inputs;     // [chunk][rows][words of inputs]
  float *sums;       // [chunk][rows][columns]
};

/// Lays the state out in scratch memory, and returns how many floats it takes.
static inline size_t forward_layout(const struct sentio_recurrent_forward *work, float *scratch,
                                    struct forward_state *state) {
  const struct sentio_recurrent_layer *layer = &work->layer;
  const size_t rows = layer->rows, gates = sentio_recurrent_gates(layer->cell);
  const size_t padded = padded_units(layer->hidden), columns = gates * padded;
  *state = (struct forward_state){
      .gates = gates, .padded = padded, .columns = columns,
      .words = words(padded, layer->narrow), .chunk = chunk_steps(layer)};
  size_t used = 0;
#define PLACE(NAME, COUNT)                                         \
  state->NAME = scratch ? scratch + used : NULL;                   \
  used += ((size_t)(COUNT) + LANES - 1) / LANES * LANES;
  PLACE(hidden, rows * padded)
  PLACE(cell, rows * padded)
  PLACE(dropout, layer->dropout ? rows * padded : 0)
  PLACE(operand, layer->dropout || layer->narrow || layer->cell == SENTIO_RECURRENT_GRU_RESET_FIRST
                     ? rows * state->words : 0)
  PLACE(recurrent, is_gru(layer->cell) ? rows * columns : 0)
  PLACE(inputs, state->chunk * rows * words(layer->inputs, layer->narrow))
  PLACE(sums, work->gates.start ? 0 : state->chunk * rows * columns)
#undef PLACE
  return used;
}

SENTIO_INLINE void copy_units(const float *x, size_t hidden, size_t padded, float *out) {
  if (x) memcpy(out, x, hidden * sizeof *out);
  memset(out + (x ? hidden : 0), 0, (padded - (x ? hidden : 0)) * sizeof *out);
}

static inline float *sums_of(const struct sentio_recurrent_forward *work,
                             const struct forward_state *state, size_t row, size_t index) {
  if (work->gates.start) return at(&work->gates, row, step_at(&work->layer, index));
  return state->sums + ((index % state->chunk) * work->layer.rows + row) * state->columns;
}

/// Zeros for the units that fill up the last group: an infinite input times their weights is NaN.
SENTIO_INLINE void clear_padding(float *sums, size_t gates, size_t hidden) {
  const size_t rest = hidden % LANES;
  if (rest == 0) return;
  sums += hidden / LANES * gates * LANES;
  for (size_t gate = 0; gate < gates; gate++, sums += LANES) {
    memset(sums + rest, 0, (LANES - rest) * sizeof *sums);
  }
}

/// The inputs' part of the sums of the steps from `index` on.
SENTIO_INLINE void project_inputs(const struct sentio_recurrent_forward *work,
                                  const struct forward_state *state, size_t index, size_t count,
                                  const int narrow) {
  const struct sentio_recurrent_layer *layer = &work->layer;
  const size_t depth = words(layer->inputs, narrow), rows = count * layer->rows;
  float *sums[CHUNK_ROWS];
  for (size_t i = 0; i < rows; i++) {
    const size_t row = i % layer->rows, step = index + i / layer->rows;
    sums[i] = sums_of(work, state, row, step);
    write_words(at(&work->x, row, step_at(layer, step)), layer->inputs, narrow,
                state->inputs + i * depth);
  }
  product(rows, 0, depth, state->inputs, depth, work->input_panels,
          state->columns / LANES, panel_vectors(state->gates), sums, FROM_BIAS, work->bias);
  for (size_t i = 0; i < rows; i++) clear_padding(sums[i], state->gates, layer->hidden);
}

/// The state, without what dropout takes, as a product's operand.
SENTIO_INLINE void write_operand(const struct forward_state *state, const float *x, size_t row,
                                 int has_dropout, const int narrow) {
  float *out = state->operand + row * state->words;
  if (!has_dropout) {
    write_words(x, state->padded, narrow, out);
    return;
  }
  for (size_t u = 0; u < state->padded; u += LANES) {
    float group[LANES];
    for (size_t l = 0; l < LANES; l += WIDTH) {
      store(group + l, load(x + u + l) * load(state->dropout + row * state->padded + u + l));
    }
    write_words(group, LANES, narrow, out + words(u, narrow));
  }
}

SENTIO_INLINE void tanh_cell(float *sums, float *hidden, size_t padded, int rectified) {
  for (size_t u = 0; u < padded; u += WIDTH) {
    const vector sum = load(sums + u);
    const vector h = rectified ? rectify(sum) : hyperbolic_tangent(sum);
    store(sums + u, h);
    store(hidden + u, h);
  }
}

/// In two loops, for the last step of a cell waits for all others: so the next cell need not.
SENTIO_INLINE void lstm_cell(float *sums, float *cell, float *hidden, size_t padded) {
  float *s = sums;
  for (size_t u = 0; u < padded; u += LANES, s += 4 * LANES) {
    for (size_t l = 0; l < LANES; l += WIDTH) {
      const vector i = sigmoid(load(s + l)), f = sigmoid(load(s + LANES + l));
      const vector g = hyperbolic_tangent(load(s + 2 * LANES + l));
      store(cell + u + l, f * load(cell + u + l) + i * g);
      store(s + l, i);
      store(s + LANES + l, f);
      store(s + 2 * LANES + l, g);
      store(s + 3 * LANES + l, sigmoid(load(s + 3 * LANES + l)));
    }
  }
  for (size_t u = 0; u < padded; u += LANES, sums += 4 * LANES) {
    for (size_t l = 0; l < LANES; l += WIDTH) {
      const vector t = hyperbolic_tangent(load(cell + u + l));
      store(hidden + u + l, load(sums + 3 * LANES + l) * t);
    }
  }
}

/// r and z in place; for the variant that resets first also r times the state that enters products.
SENTIO_INLINE void gru_gates(float *sums, const float *recurrent, size_t padded) {
  for (size_t u = 0; u < padded; u += LANES, sums += 3 * LANES, recurrent += 3 * LANES) {
    for (size_t l = 0; l < 2 * LANES; l += WIDTH) {
      store(sums + l, sigmoid(load(sums + l) + load(recurrent + l)));
    }
  }
}

/// The new state from r, z and the two parts of n's sum.
SENTIO_INLINE void gru_cell(float *sums, const float *recurrent, float *hidden, float *candidate,
                            size_t padded, int reset_first) {
  for (size_t u = 0; u < padded; u += LANES, sums += 3 * LANES, recurrent += 3 * LANES) {
    for (size_t l = 0; l < LANES; l += WIDTH) {
      const vector r = load(sums + l), z = load(sums + LANES + l);
      const vector part = load(recurrent + 2 * LANES + l);
      const vector sum = load(sums + 2 * LANES + l);
      const vector n = hyperbolic_tangent(reset_first ? sum + part : sum + r * part);
      const vector h = load(hidden + u + l);
      store(sums + 2 * LANES + l, n);
      store(hidden + u + l, n + z * (h - n));
      if (candidate && !reset_first) store(candidate + u + l, part);
    }
  }
}

/// Writes r times the state that enters products, and keeps it.
SENTIO_INLINE void gru_reset(const struct forward_state *state, const float *sums, float *candidate,
                             size_t row, int has_dropout, const int narrow) {
  for (size_t u = 0; u < state->padded; u += LANES, sums += 3 * LANES) {
    float group[LANES];
    for (size_t l = 0; l < LANES; l += WIDTH) {
      vector h = load(state->hidden + row * state->padded + u + l);
      if (has_dropout) h = h * load(state->dropout + row * state->padded + u + l);
      store(group + l, load(sums + l) * h);
    }
    if (candidate) memcpy(candidate + u, group, sizeof group);
    write_words(group, LANES, narrow, state->operand + row * state->words + words(u, narrow));
  }
}

SENTIO_INLINE void forward_step(const struct sentio_recurrent_forward *work,
                                const struct forward_state *state, size_t index, const int narrow) {
  const struct sentio_recurrent_layer *layer = &work->layer;
  const enum sentio_recurrent_cell cell = layer->cell;
  const size_t rows = layer->rows, padded = state->padded, step = step_at(layer, index);
  const size_t vectors = state->columns / LANES, panel = panel_vectors(state->gates);
  float *sums[SENTIO_RECURRENT_ROWS], *recurrent[SENTIO_RECURRENT_ROWS];
  for (size_t row = 0; row < rows; row++) {
    sums[row] = sums_of(work, state, row, index);
    recurrent[row] = state->recurrent + row * state->columns;
    const float *h = state->hidden + row * padded, *c = state->cell + row * padded;
    if (work->hidden_before.start) {
      memcpy(at(&work->hidden_before, row, step), h, padded * sizeof *h);
    }
    if (work->cell_before.start) memcpy(at(&work->cell_before, row, step), c, padded * sizeof *c);
    if (narrow || layer->dropout) write_operand(state, h, row, layer->dropout != NULL, narrow);
  }
  const float *operand = narrow || layer->dropout ? state->operand : state->hidden;
  if (!is_gru(cell)) {
    product(rows, 0, state->words, operand, state->words, work->recurrent_panels, vectors,
            panel, sums, FROM_SUMS, NULL);
  } else {
    product(rows, 0, state->words, operand, state->words, work->recurrent_panels, vectors,
            panel, recurrent, FROM_ZERO, NULL);
  }
  if (cell == SENTIO_RECURRENT_GRU_RESET_FIRST) {
    for (size_t row = 0; row < rows; row++) {
      gru_gates(sums[row], recurrent[row], padded);
      gru_reset(state, sums[row], work->candidate.start ? at(&work->candidate, row, step) : NULL,
                row, layer->dropout != NULL, narrow);
    }
    product(rows, 0, state->words, state->operand, state->words, work->recurrent_panels,
            vectors, panel, recurrent, FROM_ZERO, NULL);
  }
  for (size_t row = 0; row < rows; row++) {
    float *h = state->hidden + row * padded;
    float *y = at(&work->y, row, step);
    if (!counts(layer, row, step)) {
      memset(y, 0, layer->hidden * sizeof *y);
      continue;
    }
    switch (cell) {
      case SENTIO_RECURRENT_TANH: tanh_cell(sums[row], h, padded, 0); break;
      case SENTIO_RECURRENT_RELU: tanh_cell(sums[row], h, padded, 1); break;
      case SENTIO_RECURRENT_LSTM:
        lstm_cell(sums[row], state->cell + row * padded, h, padded);
        break;
      case SENTIO_RECURRENT_GRU: {
        float *part = recurrent[row];
        for (size_t u = 0; u < padded; u += WIDTH) {
          float *place = part + u / LANES * 3 * LANES + 2 * LANES + u % LANES;
          store(place, load(place) + load(work->candidate_bias + u));
        }
        gru_gates(sums[row], part, padded);
        gru_cell(sums[row], part, h, work->candidate.start ? at(&work->candidate, row, step) : NULL,
                 padded, 0);
        break;
      }
      case SENTIO_RECURRENT_GRU_RESET_FIRST:
        gru_cell(sums[row], recurrent[row], h, NULL, padded, 1);
        break;
    }
    memcpy(y, h, layer->hidden * sizeof *y);
  }
}

SENTIO_INLINE void forward_sequence(const struct sentio_recurrent_forward *work, float *scratch,
                                    const int narrow) {
  const struct sentio_recurrent_layer *layer = &work->layer;
  struct forward_state state;
  forward_layout(work, scratch, &state);
  const size_t hidden = layer->hidden, padded = state.padded;
  for (size_t row = 0; row < layer->rows; row++) {
    const ptrdiff_t start = (ptrdiff_t)row * work->start_row;
    copy_units(work->hidden_start ? work->hidden_start + start : NULL, hidden, padded,
               state.hidden + row * padded);
    copy_units(work->cell_start ? work->cell_start + start : NULL, hidden, padded,
               state.cell + row * padded);
    if (layer->dropout) {
      copy_units(layer->dropout + (ptrdiff_t)row * layer->dropout_row, hidden, padded,
                 state.dropout + row * padded);
    }
  }
  for (size_t index = 0; index < layer->steps; index++) {
    if (index % state.chunk == 0) {
      const size_t left = layer->steps - index;
      project_inputs(work, &state, index, left < state.chunk ? left : state.chunk, narrow);
    }
    forward_step(work, &state, index, narrow);
  }
  for (size_t row = 0; row < layer->rows; row++) {
    const ptrdiff_t end = (ptrdiff_t)row * work->end_row;
    memcpy(work->hidden_end + end, state.hidden + row * padded, hidden * sizeof(float));
    if (work->cell_end) memcpy(work->cell_end + end, state.cell + row * padded, hidden * sizeof(float));
  }
}

#endif
