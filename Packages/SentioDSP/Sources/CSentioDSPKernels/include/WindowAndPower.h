#ifndef SENTIO_DSP_WINDOW_AND_POWER_H
#define SENTIO_DSP_WINDOW_AND_POWER_H

#include <stddef.h>

/// product[i] = signal[i] * window[i]
void sentio_dsp_window(const float *signal, const float *window, float *product, size_t count);

/// power[k] = re(k)² + im(k)², `spectrum` interleaved
void sentio_dsp_power(const float *spectrum, float *power, size_t bins);

/// magnitude[k] = √(re(k)² + im(k)²), `spectrum` interleaved
void sentio_dsp_magnitude(const float *spectrum, float *magnitude, size_t bins);

/// sum[i] += values[i] * window[i]
void sentio_dsp_overlap_add(const float *values, const float *window, float *sum, size_t count);

#endif
