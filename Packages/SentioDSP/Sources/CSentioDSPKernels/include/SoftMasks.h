#ifndef SENTIO_DSP_SOFT_MASKS_H
#define SENTIO_DSP_SOFT_MASKS_H

#include <stddef.h>

/// mask = value^power / (value^power + (margin · other)^power), or value > margin · other for an infinite power.
///
/// Where both are below the least normal number the mask is `of_silence`.
void sentio_dsp_soft_mask(const float *value, const float *other, size_t count, float margin,
                          float power, float of_silence, float *mask);

/// out[2k], out[2k + 1] = in[2k] · mask[k], in[2k + 1] · mask[k].
void sentio_dsp_mask_bins(const float *in, const float *mask, size_t bins, float *out);

/// magnitude[k] = |in[2k] + i · in[2k + 1]|.
void sentio_dsp_bin_magnitudes(const float *in, size_t bins, float *magnitude);

#endif
