#include "WindowAndPower.h"

#include <math.h>

#include "KernelClones.h"

SENTIO_CLONES
void sentio_dsp_window(const float *restrict signal, const float *restrict window,
                       float *restrict product, size_t count) {
  for (size_t i = 0; i < count; i++) product[i] = signal[i] * window[i];
}

SENTIO_CLONES
void sentio_dsp_power(const float *restrict spectrum, float *restrict power, size_t bins) {
  for (size_t k = 0; k < bins; k++) {
    const float re = spectrum[2 * k], im = spectrum[2 * k + 1];
    power[k] = re * re + im * im;
  }
}

SENTIO_CLONES
void sentio_dsp_magnitude(const float *restrict spectrum, float *restrict magnitude, size_t bins) {
  for (size_t k = 0; k < bins; k++) {
    const float re = spectrum[2 * k], im = spectrum[2 * k + 1];
    // libm's sqrtf may set errno, which keeps clang from vectorizing the call.
    magnitude[k] = __builtin_elementwise_sqrt(re * re + im * im);
  }
}

SENTIO_CLONES
void sentio_dsp_overlap_add(const float *restrict values, const float *restrict window,
                            float *restrict sum, size_t count) {
  for (size_t i = 0; i < count; i++) sum[i] += values[i] * window[i];
}
