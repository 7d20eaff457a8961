#include "reduce_gradients.h"

#include "clones.h"
#include "row_sum.h"
#include "vector_math.h"

SENTIO_CLONES void sentio_row_softmax_gradient(const float *y, const float *g, float *out,
                                               size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, y += columns, g += columns, out += columns) {
    double total;
    ROW_SUM(total, columns, g[i] * y[i]);
    const float shift = (float)total;
    for (size_t i = 0; i < columns; i++) out[i] = y[i] * (g[i] - shift);
  }
}

SENTIO_CLONES void sentio_row_log_softmax_gradient(const float *y, const float *g, float *out,
                                                   size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, y += columns, g += columns, out += columns) {
    double total;
    ROW_SUM(total, columns, g[i]);
    const float sum = (float)total;
    for (size_t i = 0; i < columns; i++) out[i] = g[i] - sentio_expf(y[i]) * sum;
  }
}

SENTIO_CLONES void sentio_row_normalize_gradient(const float *x, const float *gain,
                                                 const float *mean,
                                                 const float *inverse_deviation, const float *g,
                                                 float *out, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, x += columns, g += columns, out += columns) {
    const float center = mean[r], scale = inverse_deviation[r];
    // With h = g · gain and z = (x − mean)/σ: (h − mean(h) − z · mean(h·z)) / σ.
    double sum, moment;
    if (gain) {
      ROW_SUM(sum, columns, g[i] * gain[i]);
      ROW_SUM(moment, columns, g[i] * gain[i] * ((x[i] - center) * scale));
    } else {
      ROW_SUM(sum, columns, g[i]);
      ROW_SUM(moment, columns, g[i] * ((x[i] - center) * scale));
    }
    const float a = (float)(sum / (double)columns), b = (float)(moment / (double)columns);
    if (gain) {
      for (size_t i = 0; i < columns; i++) {
        out[i] = (g[i] * gain[i] - a - (x[i] - center) * scale * b) * scale;
      }
    } else {
      for (size_t i = 0; i < columns; i++) {
        out[i] = (g[i] - a - (x[i] - center) * scale * b) * scale;
      }
    }
  }
}

SENTIO_CLONES void sentio_column_normalize_gradient(const float *x, const float *mean,
                                                    const float *inverse_deviation,
                                                    const float *g, float *gain_out,
                                                    float *offset_out, size_t rows,
                                                    size_t columns, size_t row_length) {
  enum { STRIP = 128 };
  for (size_t left = 0; left < columns; left += STRIP) {
    const size_t width = left + STRIP < columns ? STRIP : columns - left;
    double products[STRIP] = {0}, sums[STRIP] = {0};
    for (size_t r = 0; r < rows; r++) {
      const float *xs = x + r * row_length + left, *gs = g + r * row_length + left;
      const float center = mean[r], scale = inverse_deviation[r];
      for (size_t c = 0; c < width; c++) {
        products[c] += (double)(gs[c] * ((xs[c] - center) * scale));
        sums[c] += (double)gs[c];
      }
    }
    for (size_t c = 0; c < width; c++) {
      gain_out[left + c] = (float)products[c];
      offset_out[left + c] = (float)sums[c];
    }
  }
}
