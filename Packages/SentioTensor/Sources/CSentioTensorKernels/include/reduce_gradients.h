#ifndef CSENTIO_TENSOR_REDUCE_GRADIENTS_H
#define CSENTIO_TENSOR_REDUCE_GRADIENTS_H

#include <stddef.h>

/// y · (g − Σ g·y) along each row, where y is the row's softmax; `out` may be `g`.
void sentio_row_softmax_gradient(const float *y, const float *g, float *out, size_t rows,
                                 size_t columns);
/// g − e^y · Σ g along each row, where y is the row's log-softmax; `out` may be `g`.
void sentio_row_log_softmax_gradient(const float *y, const float *g, float *out, size_t rows,
                                     size_t columns);
/// The same two along each of `columns` columns; `out` is neither `y` nor `g`.
void sentio_column_softmax_gradient(const float *y, const float *g, float *out, size_t rows,
                                    size_t columns,
                           size_t row_length);
void sentio_column_log_softmax_gradient(const float *y, const float *g, float *out, size_t rows,
                                        size_t columns,
                           size_t row_length);
/// The gradients that ``sentio_row_normalize`` hands on, from its means and inverse deviations: to its input
/// and, summed over these rows, to its gain and its offset. `gain` may be null, and so may each output. `addend`,
/// unless it is null, is added to the input's.
/// The sums are in single precision: of a hundred rows or two at most.
void sentio_row_normalize_gradients(const float *x, const float *gain, const float *mean,
                                    const float *inverse_deviation, const float *g,
                                    const float *addend, float *out,
                                    float *gain_sums, float *offset_sums, size_t rows,
                                    size_t columns);

#endif
