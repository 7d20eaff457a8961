#include <stdint.h>
#include <string.h>

#include "reduce_gradients.h"
#include "vector_width.h"

// One pass over the rows gives the gradients of all three operands; by loops of its own each would read both
// the input and what arrives again.
#define KERNELS "layer_norm_kernels.h"
#include "widths.h"

void sentio_row_normalize_gradients(const float *x, const float *gain, const float *mean,
                                    const float *inverse_deviation, const float *g,
                                    const float *addend, float *out,
                                    float *gain_sums, float *offset_sums, size_t rows,
                                    size_t columns) {
  BY_WIDTH(row_normalize_gradients, x, gain, mean, inverse_deviation, g, addend, out, gain_sums, offset_sums,
           rows, columns)
}
