#include "update.h"

#include "clones.h"

#define SENTIO_INLINE static inline __attribute__((always_inline))

// A training step of a large network waits for memory. Each rule therefore reads weight, gradient and
// moments once and writes what changed once, with clipping, decay and the scale of accumulated
// gradients on the way. A null moment is a loop of its own rather than a test inside, and the root is the
// builtin, which need not set errno as sqrtf does, and so leaves the loop wide.

SENTIO_INLINE float prepared(const struct sentio_preparation *p, float g, float w) {
  float x = p->scale * g;
  // Comparisons that a NaN fails let it through; the loss of the next step shows it.
  x = x > p->limit ? p->limit : x;
  x = x < -p->limit ? -p->limit : x;
  return x + p->coupled * w;
}

SENTIO_CLONES void sentio_sgd_step(const struct sentio_sgd *rule, float *restrict w,
                                   const float *restrict g, float *restrict velocity,
                                   size_t count) {
  const struct sentio_sgd r = *rule;
  if (!velocity) {
    for (size_t i = 0; i < count; i++) {
      const float x = prepared(&r.before, g[i], w[i]);
      w[i] = r.before.shrink * w[i] - r.rate * x;
    }
    return;
  }
  // Nesterov's step looks one momentum ahead: g + momentum·velocity in place of the velocity.
  const float own = r.nesterov ? 1.0f : 0.0f, carried = r.nesterov ? r.momentum : 1.0f;
  for (size_t i = 0; i < count; i++) {
    const float x = prepared(&r.before, g[i], w[i]);
    const float v = r.momentum * velocity[i] + x;
    velocity[i] = v;
    w[i] = r.before.shrink * w[i] - r.rate * (own * x + carried * v);
  }
}

SENTIO_INLINE void rms_prop(const struct sentio_rms_prop *rule, float *restrict w,
                            const float *restrict g, float *restrict square, float *restrict mean,
                            float *restrict velocity, size_t count) {
  const struct sentio_rms_prop r = *rule;
  for (size_t i = 0; i < count; i++) {
    const float x = prepared(&r.before, g[i], w[i]);
    const float s = r.kept * square[i] + r.share * x * x;
    square[i] = s;
    float variance = s;
    if (mean) {
      const float m = mean[i] + r.share * (x - mean[i]);
      mean[i] = m;
      variance = s - m * m;
      // Rounding can leave a variance of equal gradients a hair below 0.
      variance = variance < 0 ? 0 : variance;
    }
    float step = x / (__builtin_elementwise_sqrt(variance) + r.epsilon);
    if (velocity) {
      step = r.momentum * velocity[i] + step;
      velocity[i] = step;
    }
    w[i] = r.before.shrink * w[i] - r.rate * step;
  }
}

SENTIO_CLONES void sentio_rms_prop_step(const struct sentio_rms_prop *rule, float *w,
                                        const float *g, float *square, float *mean,
                                        float *velocity, size_t count) {
  if (mean && velocity) {
    rms_prop(rule, w, g, square, mean, velocity, count);
  } else if (mean) {
    rms_prop(rule, w, g, square, mean, NULL, count);
  } else if (velocity) {
    rms_prop(rule, w, g, square, NULL, velocity, count);
  } else {
    rms_prop(rule, w, g, square, NULL, NULL, count);
  }
}

SENTIO_INLINE void adam(const struct sentio_adam *rule, float *restrict w, const float *restrict g,
                        float *restrict first, float *restrict second, float *restrict largest,
                        size_t count) {
  const struct sentio_adam r = *rule;
  for (size_t i = 0; i < count; i++) {
    const float x = prepared(&r.before, g[i], w[i]);
    const float m = first[i] + r.share1 * (x - first[i]);
    const float v = r.kept2 * second[i] + r.share2 * x * x;
    first[i] = m;
    second[i] = v;
    float scale = v;
    if (largest) {
      scale = largest[i] > v ? largest[i] : v;
      largest[i] = scale;
    }
    const float divisor = __builtin_elementwise_sqrt(scale) * r.inverse_root + r.epsilon;
    w[i] = r.before.shrink * w[i] - r.rate * (m / divisor);
  }
}

SENTIO_CLONES void sentio_adam_step(const struct sentio_adam *rule, float *w, const float *g,
                                    float *first, float *second, float *largest, size_t count) {
  if (largest) {
    adam(rule, w, g, first, second, largest, count);
  } else {
    adam(rule, w, g, first, second, NULL, count);
  }
}

SENTIO_CLONES void sentio_follow(float *restrict mean, const float *restrict x, float share,
                                 size_t count) {
  for (size_t i = 0; i < count; i++) mean[i] += share * (x[i] - mean[i]);
}

SENTIO_CLONES void sentio_accumulate(float *restrict sum, const float *restrict x, float factor,
                                     size_t count) {
  for (size_t i = 0; i < count; i++) sum[i] += factor * x[i];
}

SENTIO_CLONES double sentio_sum_of_squares(const float *x, size_t count) {
  // Sixteen sums in double precision, which neither overflow nor lose small gradients, and whose order
  // is written down, so that the norm has the same bits in every clone.
  enum { LANES = 16 };
  double lanes[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    for (size_t l = 0; l < LANES; l++) {
      const double value = (double)x[i + l];
      lanes[l] += value * value;
    }
  }
  double total = 0;
  for (; i < count; i++) total += (double)x[i] * (double)x[i];
  for (size_t half = LANES / 2; half > 0; half /= 2) {
    for (size_t l = 0; l < half; l++) lanes[l] += lanes[l + half];
  }
  return total + lanes[0];
}
