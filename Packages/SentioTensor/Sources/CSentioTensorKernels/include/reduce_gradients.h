#ifndef CSENTIO_TENSOR_REDUCE_GRADIENTS_H
#define CSENTIO_TENSOR_REDUCE_GRADIENTS_H

#include <stddef.h>

/// y · (g − Σ g·y) along each row, where y is the row's softmax; `out` may be `g`.
void sentio_row_softmax_gradient(const float *y, const float *g, float *out, size_t rows,
                                 size_t columns);
/// g − e^y · Σ g along each row, where y is the row's log-softmax; `out` may be `g`.
void sentio_row_log_softmax_gradient(const float *y, const float *g, float *out, size_t rows,
                                     size_t columns);
/// The gradient that ``sentio_row_normalize`` hands to its input, from its means and inverse
/// deviations; `gain` may be null.
void sentio_row_normalize_gradient(const float *x, const float *gain, const float *mean,
                                   const float *inverse_deviation, const float *g, float *out,
                                   size_t rows, size_t columns);
/// The gradients that it hands to `columns` elements of its gain and of its offset: Σ g·(x − mean)/σ
/// and Σ g over the rows, which start at a distance of `row_length`.
void sentio_column_normalize_gradient(const float *x, const float *mean,
                                      const float *inverse_deviation, const float *g,
                                      float *gain_out, float *offset_out, size_t rows,
                                      size_t columns, size_t row_length);

#endif
