#ifndef CSENTIO_TENSOR_REDUCE_H
#define CSENTIO_TENSOR_REDUCE_H

#include <stddef.h>
#include <stdint.h>

// Each function reduces `rows` rows of `columns` neighbours to one number a row. Sums run in 32 lanes
// over blocks of 512 numbers, and from block to block in double precision, so that the error does not
// grow with the row's length and the result does not depend on threads.

void sentio_row_sum(const float *x, float *out, size_t rows, size_t columns);
/// Sum of (x − center)², one center a row.
void sentio_row_squares(const float *x, const float *center, float *out, size_t rows,
                        size_t columns);
/// NaN where the row has one; -infinity for no columns.
void sentio_row_maximum(const float *x, float *out, size_t rows, size_t columns);
/// NaN where the row has one; infinity for no columns.
void sentio_row_minimum(const float *x, float *out, size_t rows, size_t columns);
/// ln Σ e^x; -infinity for no columns.
void sentio_row_log_sum_exp(const float *x, float *out, size_t rows, size_t columns);
/// e^x / Σ e^x along each row; `out` may be `x`.
void sentio_row_softmax(const float *x, float *out, size_t rows, size_t columns);
/// ln (e^x / Σ e^x) along each row; `out` may be `x`.
void sentio_row_log_softmax(const float *x, float *out, size_t rows, size_t columns);
/// The same two along each of `columns` columns of `rows` numbers, where rows start at a distance of
/// `row_length`; `out` is not `x`.
void sentio_column_softmax(const float *x, float *out, size_t rows, size_t columns,
                           size_t row_length);
void sentio_column_log_softmax(const float *x, float *out, size_t rows, size_t columns,
                           size_t row_length);
/// Σ over rows: `columns` sums of `rows` numbers, accumulated in double precision. Rows start at a
/// distance of `row_length`.
void sentio_column_sum(const float *x, float *out, size_t rows, size_t columns, size_t row_length);
/// (x − mean) / √(variance + epsilon) · gain + offset along each row; `gain` and `offset` have
/// `columns` numbers, or are null; `mean` and `inverse_deviation` take one number a row, or are null.
void sentio_row_normalize(const float *x, const float *gain, const float *offset, float epsilon,
                          float *out, float *mean, float *inverse_deviation, size_t rows,
                          size_t columns);

/// The same with a result in bfloat16; there are a gain and an offset.
void sentio_row_normalize_narrow(const float *x, const float *gain, const float *offset,
                                 float epsilon, uint16_t *out, float *mean,
                                 float *inverse_deviation, size_t rows, size_t columns);

#endif
