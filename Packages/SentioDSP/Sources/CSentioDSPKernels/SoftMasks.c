#include "SoftMasks.h"

#include <float.h>
#include <math.h>

#include "KernelClones.h"

SENTIO_CLONES
void sentio_dsp_soft_mask(const float *restrict value, const float *restrict other, size_t count,
                          float margin, float power, float of_silence, float *restrict mask) {
  if (isinf(power)) {
    for (size_t k = 0; k < count; k++) mask[k] = value[k] > other[k] * margin ? 1.0f : 0.0f;
    return;
  }
  // Both are divided by the larger one first, so that no power overflows.
  if (power == 2) {
    for (size_t k = 0; k < count; k++) {
      const float x = value[k], y = other[k] * margin;
      const float larger = x > y ? x : y;
      const float scale = 1 / larger, a = x * scale, b = y * scale;
      mask[k] = larger < FLT_MIN ? of_silence : a * a / (a * a + b * b);
    }
    return;
  }
  for (size_t k = 0; k < count; k++) {
    const float x = value[k], y = other[k] * margin;
    const float larger = x > y ? x : y;
    if (larger < FLT_MIN) {
      mask[k] = of_silence;
      continue;
    }
    const float a = powf(x / larger, power), b = powf(y / larger, power);
    mask[k] = a / (a + b);
  }
}

SENTIO_CLONES
void sentio_dsp_mask_bins(const float *restrict in, const float *restrict mask, size_t bins,
                          float *restrict out) {
  for (size_t k = 0; k < bins; k++) {
    out[2 * k] = in[2 * k] * mask[k];
    out[2 * k + 1] = in[2 * k + 1] * mask[k];
  }
}

SENTIO_CLONES
void sentio_dsp_bin_magnitudes(const float *restrict in, size_t bins, float *restrict magnitude) {
  for (size_t k = 0; k < bins; k++)
    magnitude[k] = sqrtf(in[2 * k] * in[2 * k] + in[2 * k + 1] * in[2 * k + 1]);
}
