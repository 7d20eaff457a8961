#include <math.h>

#include "clones.h"
#include "normalize.h"
#include "span_moments.h"

// From this many places on a channel's plane is long enough for loops of its own. Below, several
// channels of a batch make one row, and the loops run over rows.
enum { PLANE = 64, STRIP = 256 };

/// What one element of a row is shifted and scaled by, and so the others of its channel.
struct strip {
  float center[STRIP], scale[STRIP], offset[STRIP];
};

SENTIO_INLINE float inverse_deviation(double variance, float epsilon) {
  return (float)(1.0 / sqrt(variance + (double)epsilon));
}

SENTIO_INLINE void scale_span(const float *x, float *out, size_t count, float center, float scale,
                              float offset) {
  for (size_t i = 0; i < count; i++) out[i] = (x[i] - center) * scale + offset;
}

SENTIO_INLINE size_t channels_of_strip(size_t spatial, size_t left) {
  const size_t most = STRIP / spatial;
  return left < most ? left : most;
}

/// Means and variances of a strip of channels with few places each, in one pass over the rows.
SENTIO_INLINE void strip_moments(const float *x, float *mean, float *variance, size_t rows,
                                 size_t row, size_t channels, size_t spatial) {
  // About a number of the channel itself; in double precision nothing is lost that matters then.
  double shift[STRIP], sums[STRIP] = {0}, squares[STRIP] = {0};
  const size_t width = channels * spatial;
  for (size_t i = 0; i < width; i++) shift[i] = (double)x[i / spatial * spatial];
  for (size_t r = 0; r < rows; r++) {
    const float *values = x + r * row;
    for (size_t i = 0; i < width; i++) {
      const double d = (double)values[i] - shift[i];
      sums[i] += d;
      squares[i] += d * d;
    }
  }
  const double count = (double)(rows * spatial);
  for (size_t c = 0; c < channels; c++) {
    double sum = 0, square = 0;
    for (size_t s = 0; s < spatial; s++) {
      sum += sums[c * spatial + s];
      square += squares[c * spatial + s];
    }
    const double v = (square - sum * sum / count) / count;
    mean[c] = (float)(shift[c * spatial] + sum / count);
    variance[c] = (float)(v < 0 ? 0 : v);
  }
}

SENTIO_INLINE void fill_strip(struct strip *strip, const float *gain, const float *offset,
                              const float *mean, const float *variance, float epsilon,
                              size_t channels, size_t spatial) {
  for (size_t c = 0; c < channels; c++) {
    const float scale = inverse_deviation((double)variance[c], epsilon) * (gain ? gain[c] : 1.0f);
    for (size_t i = c * spatial; i < (c + 1) * spatial; i++) {
      strip->center[i] = mean[c];
      strip->scale[i] = scale;
      strip->offset[i] = offset ? offset[c] : 0.0f;
    }
  }
}

SENTIO_INLINE void scale_strip(const struct strip *strip, const float *x, float *out, size_t rows,
                               size_t row, size_t width) {
  for (size_t r = 0; r < rows; r++) {
    const float *values = x + r * row;
    float *results = out + r * row;
    for (size_t i = 0; i < width; i++) {
      results[i] = (values[i] - strip->center[i]) * strip->scale[i] + strip->offset[i];
    }
  }
}

SENTIO_CLONES void sentio_channel_normalize(const float *x, const float *gain, const float *offset,
                                            float epsilon, float *out, float *mean, float *variance,
                                            struct sentio_planes planes, size_t begin, size_t end) {
  const size_t spatial = planes.spatial, row = planes.channels * spatial;
  if (spatial < PLANE) {
    struct strip strip;
    for (size_t c = begin, channels; c < end; c += channels) {
      channels = channels_of_strip(spatial, end - c);
      const size_t start = c * spatial;
      strip_moments(x + start, mean + c, variance + c, planes.batches, row, channels, spatial);
      fill_strip(&strip, gain ? gain + c : gain, offset ? offset + c : offset, mean + c,
                 variance + c, epsilon, channels, spatial);
      scale_strip(&strip, x + start, out + start, planes.batches, row, channels * spatial);
    }
    return;
  }
  for (size_t c = begin; c < end; c++) {
    struct sentio_moments moments = {0};
    for (size_t n = 0; n < planes.batches; n++) {
      sentio_moments_add(&moments, x + n * row + c * spatial, spatial);
    }
    mean[c] = (float)moments.mean;
    variance[c] = (float)(moments.squares / moments.count);
    const float scale = inverse_deviation((double)variance[c], epsilon) * (gain ? gain[c] : 1.0f);
    for (size_t n = 0; n < planes.batches; n++) {
      const size_t start = n * row + c * spatial;
      scale_span(x + start, out + start, spatial, mean[c], scale, offset ? offset[c] : 0.0f);
    }
  }
}

SENTIO_CLONES void sentio_channel_scale(const float *x, const float *gain, const float *offset,
                                        const float *mean, const float *variance, float epsilon,
                                        float *out, struct sentio_planes planes, size_t begin,
                                        size_t end) {
  const size_t spatial = planes.spatial, row = planes.channels * spatial;
  if (spatial < PLANE) {
    struct strip strip;
    for (size_t c = begin, channels; c < end; c += channels) {
      channels = channels_of_strip(spatial, end - c);
      fill_strip(&strip, gain ? gain + c : gain, offset ? offset + c : offset, mean + c,
                 variance + c, epsilon, channels, spatial);
      scale_strip(&strip, x + c * spatial, out + c * spatial, planes.batches, row,
                  channels * spatial);
    }
    return;
  }
  for (size_t n = 0; n < planes.batches; n++) {
    for (size_t c = begin; c < end; c++) {
      const size_t start = n * row + c * spatial;
      const float scale = inverse_deviation((double)variance[c], epsilon) * (gain ? gain[c] : 1.0f);
      scale_span(x + start, out + start, spatial, mean[c], scale, offset ? offset[c] : 0.0f);
    }
  }
}
