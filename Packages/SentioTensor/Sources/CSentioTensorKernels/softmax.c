#include <math.h>
#include <stdint.h>
#include <string.h>

#include "reduce.h"
#include "reduce_gradients.h"
#include "vector_width.h"

// In rows of a few hundred numbers most of the time goes to the exponentials, and to what a row begins and
// ends with. So these are written in vectors, and not as loops for the compiler to find them in.
#define KERNELS "softmax_kernels.h"
#include "widths.h"

void sentio_row_softmax(const float *x, float *out, size_t rows, size_t columns) {
  BY_WIDTH(row_softmax, x, out, rows, columns)
}

void sentio_row_log_softmax(const float *x, float *out, size_t rows, size_t columns) {
  BY_WIDTH(row_log_softmax, x, out, rows, columns)
}

void sentio_row_softmax_gradient(const float *y, const float *g, float *out, size_t rows,
                                 size_t columns) {
  BY_WIDTH(row_softmax_gradient, y, g, out, rows, columns)
}

void sentio_row_log_softmax_gradient(const float *y, const float *g, float *out, size_t rows,
                                     size_t columns) {
  BY_WIDTH(row_log_softmax_gradient, y, g, out, rows, columns)
}

void sentio_column_softmax(const float *x, float *out, size_t rows, size_t columns,
                           size_t row_length) {
  BY_WIDTH(column_softmax, x, out, rows, columns, row_length)
}

void sentio_column_log_softmax(const float *x, float *out, size_t rows, size_t columns,
                           size_t row_length) {
  BY_WIDTH(column_log_softmax, x, out, rows, columns, row_length)
}

void sentio_column_softmax_gradient(const float *y, const float *g, float *out, size_t rows,
                                    size_t columns,
                           size_t row_length) {
  BY_WIDTH(column_softmax_gradient, y, g, out, rows, columns, row_length)
}

void sentio_column_log_softmax_gradient(const float *y, const float *g, float *out, size_t rows,
                                        size_t columns,
                           size_t row_length) {
  BY_WIDTH(column_log_softmax_gradient, y, g, out, rows, columns, row_length)
}
