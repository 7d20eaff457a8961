#include <math.h>

#include "clones.h"
#include "normalize.h"
#include "span_moments.h"

enum { PLANE = 64, STRIP = 256 };

/// The gradient of a number is g·(γ/σ) + (x − mean)·slope + shift. Slope and shift carry what mean and
/// variance hand on: with n numbers, −γ/σ³ · Σ g·(x − mean) / n and −γ/σ · Σ g / n.
struct way_back {
  float center, scale, slope, shift;
};

SENTIO_INLINE struct way_back way_back(double sum, double moment, float gain, float mean,
                                       float variance, float epsilon, int isBatch, double count,
                                       float *gain_out, float *offset_out) {
  const double inverse = 1.0 / sqrt((double)variance + (double)epsilon);
  const double scale = (double)gain * inverse;
  struct way_back back = {mean, (float)scale, 0, 0};
  if (isBatch) {
    back.slope = (float)(-scale * inverse * inverse * moment / count);
    back.shift = (float)(-scale * sum / count);
  }
  *gain_out = (float)(moment * inverse);
  *offset_out = (float)sum;
  return back;
}

SENTIO_INLINE void plane_gradient(const float *x, const float *g, float *out, size_t count,
                                  struct way_back back, int isBatch) {
  if (isBatch) {
    for (size_t i = 0; i < count; i++) {
      out[i] = g[i] * back.scale + ((x[i] - back.center) * back.slope + back.shift);
    }
  } else {
    for (size_t i = 0; i < count; i++) out[i] = g[i] * back.scale;
  }
}

/// Σ g and Σ g·(x − mean) of a strip of channels with few places each.
SENTIO_INLINE void strip_products(const float *x, const float *g, const float *mean, double *sums,
                                  double *moments, size_t rows, size_t row, size_t channels,
                                  size_t spatial) {
  const size_t width = channels * spatial;
  float center[STRIP];
  for (size_t i = 0; i < width; i++) {
    center[i] = mean[i / spatial];
    sums[i] = moments[i] = 0;
  }
  for (size_t r = 0; r < rows; r++) {
    const float *xs = x + r * row, *gs = g + r * row;
    for (size_t i = 0; i < width; i++) {
      sums[i] += (double)gs[i];
      moments[i] += (double)(gs[i] * (xs[i] - center[i]));
    }
  }
}

SENTIO_CLONES static void strips(const float *x, const float *g, const float *gain,
                                 const float *mean, const float *variance, float epsilon,
                                 int isBatch, float *x_out, float *gain_out, float *offset_out,
                                 struct sentio_planes planes, size_t begin, size_t end) {
  const size_t spatial = planes.spatial, row = planes.channels * spatial, most = STRIP / spatial;
  const double count = (double)(planes.batches * spatial);
  double sums[STRIP], moments[STRIP];
  float center[STRIP], scale[STRIP], slope[STRIP], shift[STRIP];
  for (size_t first = begin; first < end; first += most) {
    const size_t channels = end - first < most ? end - first : most, start = first * spatial;
    strip_products(x + start, g + start, mean + first, sums, moments, planes.batches, row, channels,
                   spatial);
    for (size_t c = 0; c < channels; c++) {
      double sum = 0, moment = 0;
      for (size_t i = c * spatial; i < (c + 1) * spatial; i++) {
        sum += sums[i];
        moment += moments[i];
      }
      const struct way_back back =
          way_back(sum, moment, gain ? gain[first + c] : 1.0f, mean[first + c],
                   variance[first + c], epsilon, isBatch, count, gain_out + first + c,
                   offset_out + first + c);
      for (size_t i = c * spatial; i < (c + 1) * spatial; i++) {
        center[i] = back.center;
        scale[i] = back.scale;
        slope[i] = back.slope;
        shift[i] = back.shift;
      }
    }
    if (!x_out) continue;
    for (size_t r = 0; r < planes.batches; r++) {
      const float *xs = x + r * row + start, *gs = g + r * row + start;
      float *results = x_out + r * row + start;
      if (isBatch) {
        for (size_t i = 0; i < channels * spatial; i++) {
          results[i] = gs[i] * scale[i] + ((xs[i] - center[i]) * slope[i] + shift[i]);
        }
      } else {
        for (size_t i = 0; i < channels * spatial; i++) results[i] = gs[i] * scale[i];
      }
    }
  }
}

SENTIO_CLONES void sentio_channel_normalize_gradient(
    const float *x, const float *g, const float *gain, const float *mean, const float *variance,
    float epsilon, int isBatch, float *x_out, float *gain_out, float *offset_out,
    struct sentio_planes planes, size_t begin, size_t end) {
  const size_t spatial = planes.spatial, row = planes.channels * spatial;
  if (spatial < PLANE) {
    strips(x, g, gain, mean, variance, epsilon, isBatch, x_out, gain_out, offset_out, planes, begin,
           end);
    return;
  }
  const double count = (double)(planes.batches * spatial);
  for (size_t c = begin; c < end; c++) {
    double sum = 0, moment = 0;
    for (size_t n = 0; n < planes.batches; n++) {
      const size_t start = n * row + c * spatial;
      sentio_products_add(x + start, g + start, mean[c], spatial, &sum, &moment);
    }
    const struct way_back back =
        way_back(sum, moment, gain ? gain[c] : 1.0f, mean[c], variance[c], epsilon, isBatch, count,
                 gain_out + c, offset_out + c);
    if (!x_out) continue;
    for (size_t n = 0; n < planes.batches; n++) {
      const size_t start = n * row + c * spatial;
      plane_gradient(x + start, g + start, x_out + start, spatial, back, isBatch);
    }
  }
}
