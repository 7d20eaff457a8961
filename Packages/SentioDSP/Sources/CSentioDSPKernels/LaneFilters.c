#include "LaneFilters.h"

#include "LaneTypes.h"

SENTIO_CLONES
void sentio_dsp_lane_sparse_filters(const float *data, size_t bands, const uint32_t *starts,
                                    const uint32_t *offsets, const float *weights, float *out) {
  for (size_t b = 0; b < bands; b++) {
    const lanes *in = (const lanes *)data + starts[b];
    const float *w = weights + offsets[b];
    const size_t count = offsets[b + 1] - offsets[b];
    lanes even = {0}, odd = {0};
    size_t i = 0;
    for (; i + 2 <= count; i += 2) {
      even += in[i] * w[i];
      odd += in[i + 1] * w[i + 1];
    }
    if (i < count) even += in[i] * w[i];
    ((lanes *)out)[b] = even + odd;
  }
}

// `rows` is a constant at each call, so that the sums stay in registers.
SENTIO_INLINE void some_rows(const lanes *in, const float *matrix, size_t rows, size_t columns,
                             lanes *out) {
  lanes sums[12];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) sums[r] = (lanes){0};
  for (size_t c = 0; c < columns; c++) {
    const lanes x = in[c];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) sums[r] += x * matrix[r * columns + c];
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) out[r] = sums[r];
}

SENTIO_CLONES
void sentio_dsp_lane_matrix(const float *data, const float *matrix, size_t rows, size_t columns,
                            float *result) {
  const lanes *in = (const lanes *)data;
  lanes *out = (lanes *)result;
  size_t r = 0;
  for (; r + 12 <= rows; r += 12) some_rows(in, matrix + r * columns, 12, columns, out + r);
  for (; r + 4 <= rows; r += 4) some_rows(in, matrix + r * columns, 4, columns, out + r);
  for (; r < rows; r++) some_rows(in, matrix + r * columns, 1, columns, out + r);
}

SENTIO_CLONES
void sentio_dsp_lane_normalize_by_maximum(float *data, size_t rows) {
  lanes *values = (lanes *)data;
  lanes largest = {0};
  for (size_t r = 0; r < rows; r++) largest = LANES_MAX(values[r], largest);
  largest = largest < 1.17549435e-38f ? (lanes){0} + 1 : largest;
  for (size_t r = 0; r < rows; r++) values[r] /= largest;
}

SENTIO_CLONES
void sentio_dsp_lane_mean_rise(const float *before, const float *now, size_t rows, float *out) {
  const lanes *previous = (const lanes *)before, *block = (const lanes *)now;
  lanes sum = {0};
  for (size_t r = 0; r < rows; r++) {
    const lanes shifted = __builtin_shufflevector(previous[r], block[r], 15, 16, 17, 18, 19, 20, 21,
                                                  22, 23, 24, 25, 26, 27, 28, 29, 30);
    const lanes rise = block[r] - shifted;
    sum += rise > 0 ? rise : (lanes){0};
  }
  *(lanes *)out = sum / (float)rows;
}
