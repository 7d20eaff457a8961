#ifndef SENTIO_RECURRENT_H
#define SENTIO_RECURRENT_H

#include <stddef.h>
#include <stdint.h>

// Whole sequences of recurrent cells: a call takes a block of sequences through one direction of a layer,
// or back through it.
//
// Hidden units come in groups of 16, the last one filled up with units of zero weights ("padded"). The
// sums of a step lie in the order [group][gate][16], so that the gates of a unit stand in neighbouring
// vectors; for a cell of one gate this is the plain order. Weights are packed into panels of
// sentio_recurrent_panel vectors: [panel][depth][vector][16].

enum sentio_recurrent_cell {
  SENTIO_RECURRENT_TANH,
  SENTIO_RECURRENT_RELU,
  SENTIO_RECURRENT_LSTM,            // gates i, f, g, o
  SENTIO_RECURRENT_GRU,             // gates r, z, n; r scales the recurrent part of n's sum
  SENTIO_RECURRENT_GRU_RESET_FIRST  // r scales the state before its product
};

/// The most sequences in a block. Sums over blocks do not depend on how many threads share them.
enum { SENTIO_RECURRENT_ROWS = 16 };

size_t sentio_recurrent_gates(enum sentio_recurrent_cell cell);

/// The loops of an instruction set; those that the chip has not are never taken.
enum sentio_recurrent_instructions {
  SENTIO_RECURRENT_BEST,
  SENTIO_RECURRENT_AVX2,
  SENTIO_RECURRENT_PORTABLE
};

/// Whether products of bfloat16 numbers are faster than those of single precision on this chip.
int sentio_recurrent_has_narrow(void);

/// Floats that the panels of `vectors` · 16 columns of `depth` terms take.
size_t sentio_recurrent_panel_size(size_t vectors, size_t depth, int narrow);

/// Packs weights [gates · hidden × columns] for sums of `depth` terms, of which those from `columns` on
/// are zeros.
void sentio_recurrent_pack(enum sentio_recurrent_cell cell, const float *weights, size_t hidden,
                           size_t columns, size_t depth, int narrow, float *panels);

/// Packs weights [gates · hidden × columns] for the way back: from the sums' gradients to those of
/// what entered them.
void sentio_recurrent_pack_back(enum sentio_recurrent_cell cell, const float *weights,
                                size_t hidden, size_t columns, int narrow, float *panels);

/// Copies the rows of [gates · hidden × columns] into the order of the sums; zeros for padding.
void sentio_recurrent_order_rows(enum sentio_recurrent_cell cell, const float *weights,
                                 size_t hidden, size_t columns, float *ordered);

/// The way back: rows from the order of the sums, `ordered_row` apart, to [gates · hidden × columns].
/// Of the gates, those in the bit set `gates` are written.
void sentio_recurrent_restore_rows(enum sentio_recurrent_cell cell, const float *ordered,
                                   size_t ordered_row, size_t hidden, size_t columns,
                                   unsigned gates, float *weights);

/// An array that is walked by sequence and by step; null where there is none.
struct sentio_recurrent_walk {
  float *start;
  ptrdiff_t row, step;
};

/// What both ways have in common.
struct sentio_recurrent_layer {
  enum sentio_recurrent_cell cell;
  enum sentio_recurrent_instructions instructions;
  int narrow, reversed;
  size_t rows, steps, inputs, hidden;
  /// [rows][steps], `mask_row` apart: 0 where the step does not count; null where all do.
  const float *mask;
  ptrdiff_t mask_row;
  /// What the state is multiplied by on its way into the products, [rows][hidden]; or null.
  const float *dropout;
  ptrdiff_t dropout_row;
};

struct sentio_recurrent_forward {
  struct sentio_recurrent_layer layer;
  const float *input_panels, *recurrent_panels;
  /// In the order of the sums; for a GRU without that of the recurrent part of n.
  const float *bias;
  /// The latter, [padded]; for SENTIO_RECURRENT_GRU.
  const float *candidate_bias;
  /// [rows][hidden], or null for zeros.
  const float *hidden_start, *cell_start;
  ptrdiff_t start_row;
  struct sentio_recurrent_walk x;  // inputs
  struct sentio_recurrent_walk y;  // hidden
  float *hidden_end, *cell_end;    // [rows][hidden]; the cell's may be null
  ptrdiff_t end_row;
  // What the way back needs, or null: the gates' values, the states that each step found [padded], and for
  // the GRUs what r was multiplied by, or the product [padded].
  struct sentio_recurrent_walk gates, hidden_before, cell_before, candidate;
};

struct sentio_recurrent_backward {
  struct sentio_recurrent_layer layer;
  /// Steps after which the gradient goes no further, counted from the sequence's start; 0 for never.
  size_t truncation;
  const float *back_panels;
  /// The gradient that arrives; any may be null.
  struct sentio_recurrent_walk y;
  const float *hidden_end, *cell_end;  // [rows][hidden]
  ptrdiff_t end_row;
  /// From the forward way. The gates' values become the gradients of their sums, the hidden states
  /// what entered the products, and the GRU's candidate the gradient of the recurrent part.
  struct sentio_recurrent_walk gates, hidden_before, cell_before, candidate;
  /// Sums over rows and steps, in the order of the sums, and [padded] for the candidate; added to.
  double *bias, *candidate_bias;
  /// [rows][hidden]; the cell's may be null.
  float *hidden_start, *cell_start;
  ptrdiff_t start_row;
};

/// Of rows begin..<end, one for each sequence and step: gradients of the sums times weights.
struct sentio_recurrent_input_gradient {
  enum sentio_recurrent_instructions instructions;
  int narrow;
  size_t begin, end, directions, sums, columns;
  /// [rows][directions][sums], `gates_row` apart.
  const float *gates;
  size_t gates_row;
  const float *panels[2];  // packed for the way back, of each direction
  float *out;              // [rows][columns]
};

/// Of `count` neighbours among the sums: their gradients, transposed, times what entered them, over all rows.
struct sentio_recurrent_weight_gradient {
  enum sentio_recurrent_instructions instructions;
  int narrow;
  size_t rows, count, columns;
  /// Whole groups of all gates, where there is a candidate.
  const float *gates;
  size_t gates_row;
  /// What takes the place of the third gate, or null.
  const float *candidate;
  size_t candidate_row;
  const float *x;
  size_t x_row;
  /// [count][columns, filled up to whole vectors]
  float *out;
};

/// Floats of scratch memory that the calls want, 64-byte aligned.
size_t sentio_recurrent_forward_scratch(const struct sentio_recurrent_forward *work);
size_t sentio_recurrent_backward_scratch(const struct sentio_recurrent_backward *work);

size_t sentio_recurrent_input_gradient_scratch(const struct sentio_recurrent_input_gradient *work);
size_t sentio_recurrent_weight_gradient_scratch(
    const struct sentio_recurrent_weight_gradient *work);

void sentio_recurrent_forward(const struct sentio_recurrent_forward *work, float *scratch);
void sentio_recurrent_backward(const struct sentio_recurrent_backward *work, float *scratch);
void sentio_recurrent_input_gradient(const struct sentio_recurrent_input_gradient *work,
                                     float *scratch);
void sentio_recurrent_weight_gradient(const struct sentio_recurrent_weight_gradient *work,
                                      float *scratch);

#endif
