#include <math.h>

#include "clones.h"
#include "normalize.h"
#include "span_moments.h"

SENTIO_CLONES void sentio_group_normalize(const float *x, const float *gain, const float *offset,
                                          float epsilon, float *out, float *mean,
                                          float *inverse_deviation, struct sentio_planes planes,
                                          size_t groups, size_t begin, size_t end) {
  const size_t channels = planes.channels / groups, spatial = planes.spatial;
  const size_t size = channels * spatial;
  for (size_t group = begin; group < end; group++) {
    const float *values = x + group * size;
    float *results = out + group * size;
    struct sentio_moments moments = {0};
    sentio_moments_add(&moments, values, size);
    const float center = (float)moments.mean;
    const float inverse = (float)(1.0 / sqrt(moments.squares / moments.count + (double)epsilon));
    const size_t first = group % groups * channels;
    for (size_t c = 0; c < channels; c++, values += spatial, results += spatial) {
      const float scale = gain ? inverse * gain[first + c] : inverse;
      const float shift = offset ? offset[first + c] : 0.0f;
      for (size_t i = 0; i < spatial; i++) results[i] = (values[i] - center) * scale + shift;
    }
    if (mean) mean[group] = center;
    if (inverse_deviation) inverse_deviation[group] = inverse;
  }
}

SENTIO_CLONES void sentio_group_normalize_gradient(const float *x, const float *g,
                                                   const float *gain, const float *mean,
                                                   const float *inverse_deviation, float *x_out,
                                                   float *gain_parts, float *offset_parts,
                                                   struct sentio_planes planes, size_t groups,
                                                   size_t begin, size_t end) {
  const size_t channels = planes.channels / groups, spatial = planes.spatial;
  const size_t size = channels * spatial;
  for (size_t group = begin; group < end; group++) {
    const float *xs = x + group * size, *gs = g + group * size;
    const float center = mean[group];
    const double inverse = (double)inverse_deviation[group];
    const size_t first = group % groups * channels;
    // Σ γ·g and Σ γ·g·(x − mean) over the group: what mean and variance hand on.
    double sum = 0, moment = 0;
    for (size_t c = 0; c < channels; c++) {
      double plane_sum = 0, plane_moment = 0;
      sentio_products_add(xs + c * spatial, gs + c * spatial, center, spatial, &plane_sum,
                          &plane_moment);
      const double factor = gain ? (double)gain[first + c] : 1.0;
      sum += factor * plane_sum;
      moment += factor * plane_moment;
      if (gain_parts) gain_parts[group * channels + c] = (float)(plane_moment * inverse);
      if (offset_parts) offset_parts[group * channels + c] = (float)plane_sum;
    }
    if (!x_out) continue;
    float *results = x_out + group * size;
    const float slope = (float)(-inverse * inverse * inverse * moment / (double)size);
    const float shift = (float)(-inverse * sum / (double)size);
    for (size_t c = 0; c < channels; c++, xs += spatial, gs += spatial, results += spatial) {
      const float scale = (float)inverse * (gain ? gain[first + c] : 1.0f);
      for (size_t i = 0; i < spatial; i++) {
        results[i] = gs[i] * scale + ((xs[i] - center) * slope + shift);
      }
    }
  }
}
