#ifndef CSENTIO_TENSOR_BFLOAT16_H
#define CSENTIO_TENSOR_BFLOAT16_H

#include <stddef.h>
#include <stdint.h>

/// What a layer applies to its sums.
enum sentio_activation {
  SENTIO_IDENTITY,
  SENTIO_RELU,
  SENTIO_GELU,
  SENTIO_GELU_TANH,
  SENTIO_SILU,
  SENTIO_SIGMOID,
  SENTIO_TANH,
  SENTIO_ACTIVATIONS,
};

/// Applies an activation to sums in place, and keeps the sums, rounded to bfloat16, for its derivative.
void sentio_bfloat16_keep_and_activate(int activation, float *sums, uint16_t *kept, size_t count);

/// The activation of sums in bfloat16, rounded.
void sentio_bfloat16_activate(int activation, const uint16_t *sums, uint16_t *out, size_t count);

/// The gradient of the sums of an activation, rounded to bfloat16: `gradient` times the slope at `sums`, for
/// `columns` columns of `rows` rows that lie `step` apart in all three. The identity reads no sums.
///
/// The unrounded gradients' sums over each column, in double precision but for 64 rows at a time, are written to
/// `totals` unless it is NULL.
void sentio_bfloat16_gradient(int activation, const float *gradient, const uint16_t *sums,
                              uint16_t *out, float *totals, size_t rows, size_t columns, size_t step);

/// The same for a gradient that arrives in bfloat16.
void sentio_bfloat16_gradient_narrow(int activation, const uint16_t *gradient, const uint16_t *sums,
                                     uint16_t *out, float *totals, size_t rows, size_t columns,
                                     size_t step);

/// The gradient of the sums of an activation, from one that arrives in bfloat16, as above; the activation of the
/// sums, rounded, as `values`; and the unrounded gradients' sums over each column. Rows lie without gaps, and are
/// a hundred at most, as the sums are in single precision.
void sentio_bfloat16_gradient_and_value(int activation, const uint16_t *gradient,
                                        const uint16_t *sums, uint16_t *out, uint16_t *values,
                                        float *totals, size_t rows, size_t columns);

/// The sums over each column of rows without gaps, a hundred at most.
void sentio_bfloat16_column_sums(const uint16_t *x, float *totals, size_t rows, size_t columns);

#endif
