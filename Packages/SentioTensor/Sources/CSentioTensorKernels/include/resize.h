#ifndef CSENTIO_TENSOR_RESIZE_H
#define CSENTIO_TENSOR_RESIZE_H

#include <stddef.h>
#include <stdint.h>

/// The taps of an axis's outputs: output o is Σ weights[k·out + o] · x[places[k·out + o]] over `taps`
/// values of k; a place of `extent` stands for no tap.
struct sentio_taps {
  size_t extent, out_extent, taps;
  const int32_t *places;
  const float *weights;
};

/// Weighs the rows and the columns of `planes` planes. `row` is scratch memory for one number more
/// than a plane has columns.
void sentio_resize(const float *x, const struct sentio_taps *rows, const struct sentio_taps *columns,
                   float *row, float *out, size_t planes);

#endif
