#include "reduce.h"

#include <math.h>

#include "clones.h"
#include "narrow_elements.h"
#include "row_sum.h"
#include "vector_math.h"

SENTIO_INLINE float row_maximum(const float *x, size_t columns) {
  float lanes[LANES], largest = -INFINITY;
  int nan = 0, nans[LANES] = {0};
  for (int l = 0; l < LANES; l++) lanes[l] = -INFINITY;
  size_t j = 0;
  for (; j + LANES <= columns; j += LANES) {
    for (int l = 0; l < LANES; l++) {
      const float v = x[j + (size_t)l];
      lanes[l] = v > lanes[l] ? v : lanes[l];
      nans[l] |= v != v;
    }
  }
  for (int l = 0; l < LANES; l++) {
    largest = lanes[l] > largest ? lanes[l] : largest;
    nan |= nans[l];
  }
  for (; j < columns; j++) {
    largest = x[j] > largest ? x[j] : largest;
    nan |= x[j] != x[j];
  }
  return nan ? NAN : largest;
}

SENTIO_CLONES void sentio_row_sum(const float *x, float *out, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns) {
    double total;
    ROW_SUM(total, columns, x[i]);
    out[r] = (float)total;
  }
}

SENTIO_CLONES void sentio_row_squares(const float *x, const float *center, float *out, size_t rows,
                                      size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns) {
    const float c = center[r];
    double total;
    ROW_SUM(total, columns, (x[i] - c) * (x[i] - c));
    out[r] = (float)total;
  }
}

SENTIO_CLONES void sentio_row_maximum(const float *x, float *out, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns) out[r] = row_maximum(x, columns);
}

SENTIO_CLONES void sentio_row_minimum(const float *x, float *out, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns) {
    float lanes[LANES], smallest = INFINITY;
    int nan = 0, nans[LANES] = {0};
    for (int l = 0; l < LANES; l++) lanes[l] = INFINITY;
    size_t j = 0;
    for (; j + LANES <= columns; j += LANES) {
      for (int l = 0; l < LANES; l++) {
        const float v = x[j + (size_t)l];
        lanes[l] = v < lanes[l] ? v : lanes[l];
        nans[l] |= v != v;
      }
    }
    for (int l = 0; l < LANES; l++) {
      smallest = lanes[l] < smallest ? lanes[l] : smallest;
      nan |= nans[l];
    }
    for (; j < columns; j++) {
      smallest = x[j] < smallest ? x[j] : smallest;
      nan |= x[j] != x[j];
    }
    out[r] = nan ? NAN : smallest;
  }
}

SENTIO_CLONES void sentio_row_log_sum_exp(const float *x, float *out, size_t rows,
                                          size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns) {
    const float largest = row_maximum(x, columns);
    if (!(fabsf(largest) < INFINITY)) {
      // All -infinity, an infinity, or a NaN: the largest is the result itself.
      out[r] = largest;
      continue;
    }
    double total;
    ROW_SUM(total, columns, sentio_expf(x[i] - largest));
    out[r] = (float)((double)largest + log(total));
  }
}

SENTIO_CLONES void sentio_column_sum(const float *x, float *out, size_t rows, size_t columns,
                                     size_t row_length) {
  enum { STRIP = 128 };
  for (size_t left = 0; left < columns; left += STRIP) {
    const size_t width = left + STRIP < columns ? STRIP : columns - left;
    double totals[STRIP] = {0};
    for (size_t r = 0; r < rows; r++) {
      const float *row = x + r * row_length + left;
      for (size_t c = 0; c < width; c++) totals[c] += (double)row[c];
    }
    for (size_t c = 0; c < width; c++) out[left + c] = (float)totals[c];
  }
}

SENTIO_CLONES void sentio_row_normalize(const float *x, const float *gain, const float *offset,
                                        float epsilon, float *out, float *mean,
                                        float *inverse_deviation, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns, out += columns) {
    double total;
    ROW_SUM(total, columns, x[i]);
    const float center = (float)(total / (double)columns);
    ROW_SUM(total, columns, (x[i] - center) * (x[i] - center));
    const float scale = (float)(1.0 / sqrt(total / (double)columns + (double)epsilon));
    if (gain && offset) {
      for (size_t i = 0; i < columns; i++) out[i] = (x[i] - center) * scale * gain[i] + offset[i];
    } else {
      for (size_t i = 0; i < columns; i++) {
        out[i] = (x[i] - center) * scale * (gain ? gain[i] : 1.0f) + (offset ? offset[i] : 0.0f);
      }
    }
    if (mean) mean[r] = center;
    if (inverse_deviation) inverse_deviation[r] = scale;
  }
}

SENTIO_CLONES void sentio_row_normalize_narrow(const float *x, const float *gain,
                                               const float *offset, float epsilon, uint16_t *out,
                                               float *mean, float *inverse_deviation, size_t rows,
                                               size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns, out += columns) {
    double total;
    ROW_SUM(total, columns, x[i]);
    const float center = (float)(total / (double)columns);
    ROW_SUM(total, columns, (x[i] - center) * (x[i] - center));
    const float scale = (float)(1.0 / sqrt(total / (double)columns + (double)epsilon));
    _Pragma("clang loop vectorize(assume_safety)") for (size_t i = 0; i < columns; i++) {
      out[i] = sentio_narrowed((x[i] - center) * scale * gain[i] + offset[i]);
    }
    if (mean) mean[r] = center;
    if (inverse_deviation) inverse_deviation[r] = scale;
  }
}
