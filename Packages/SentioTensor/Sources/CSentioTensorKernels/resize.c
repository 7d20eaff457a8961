#include "resize.h"

#include <string.h>

#include "clones.h"

SENTIO_CLONES void sentio_resize(const float *x, const struct sentio_taps *rows,
                                 const struct sentio_taps *columns, float *row, float *out,
                                 size_t planes) {
  const size_t width = columns->extent, out_width = columns->out_extent;
  for (size_t plane = 0; plane < planes; plane++, x += rows->extent * width) {
    for (size_t r = 0; r < rows->out_extent; r++, out += out_width) {
      // The rows first: their sum is dense, and the columns gather from the nearest cache.
      float *restrict sum = row;
      memset(sum, 0, (width + 1) * sizeof *sum);
      for (size_t k = 0; k < rows->taps; k++) {
        const int32_t place = rows->places[k * rows->out_extent + r];
        if ((size_t)place == rows->extent) continue;
        const float weight = rows->weights[k * rows->out_extent + r];
        const float *source = x + (size_t)place * width;
        for (size_t c = 0; c < width; c++) sum[c] += weight * source[c];
      }
      float *restrict target = out;
      memset(target, 0, out_width * sizeof *target);
      for (size_t k = 0; k < columns->taps; k++) {
        const int32_t *places = columns->places + k * out_width;
        const float *weights = columns->weights + k * out_width;
        for (size_t c = 0; c < out_width; c++) target[c] += weights[c] * sum[places[c]];
      }
    }
  }
}
