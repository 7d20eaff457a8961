#include "TemporalKernels.h"

#include "KernelClones.h"

typedef float v16 __attribute__((vector_size(64), aligned(4)));

SENTIO_CLONES
double sentio_dsp_sum_of_squares(const float *samples, size_t count) {
  v16 lanes = {0};
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    v16 x = *(const v16 *)(samples + i);
    lanes += x * x;
  }
  double sum = 0;
  for (int lane = 0; lane < 16; lane++) sum += (double)lanes[lane];
  for (; i < count; i++) sum += (double)samples[i] * (double)samples[i];
  return sum;
}

// The sign bit, unless the magnitude is within the threshold; a NaN keeps its sign bit, as numpy's signbit does.
SENTIO_INLINE int32_t is_negative(float x, float threshold) {
  const int32_t within = (x >= -threshold) & (x <= threshold);
  return (__builtin_signbit(x) != 0) & !within;
}

SENTIO_CLONES
size_t sentio_dsp_zero_crossings(const float *samples, size_t count, float threshold,
                                 int zero_is_positive) {
  size_t crossings = 0;
  // Counted in runs short enough for 32 bits, which keeps the inner loop in full-width lanes.
  const size_t run = 1 << 20;
  for (size_t start = 1; start < count; start += run) {
    const size_t end = start + run < count ? start + run : count;
    int32_t found = 0;
    if (zero_is_positive) {
      for (size_t i = start; i < end; i++)
        found += is_negative(samples[i - 1], threshold) ^ is_negative(samples[i], threshold);
    } else {
      for (size_t i = start; i < end; i++) {
        const float a = samples[i - 1], b = samples[i];
        const int32_t sa = (a > threshold) - (a < -threshold);
        const int32_t sb = (b > threshold) - (b < -threshold);
        found += (sa != sb) | (a != a) | (b != b);
      }
    }
    crossings += (size_t)found;
  }
  return crossings;
}
