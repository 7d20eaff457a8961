#ifndef SENTIO_DSP_OVERLAP_SAVE_H
#define SENTIO_DSP_OVERLAP_SAVE_H

#include <stddef.h>
#include <stdint.h>

// Filtering in the frequency domain, sixteen pairs of frames at once: a lane's real part is the first frame of its
// pair and the imaginary part the second. A real filter does not mix the two.

/// z[n] = starts[f][n] + i · starts[f][half + n] for f < used, and 0 in the other lanes.
void sentio_dsp_gather_pairs(const float *const *starts, size_t half, size_t length, size_t used,
                             float *z);

/// out[k] = i · conj(sum over m < folds of gains[k · folds + m] · z[sources[k · folds + m]]), k < size.
///
/// Real and imaginary part have changed places, which makes a forward transform the inverse one.
void sentio_dsp_multiply_and_fold(const float *z, const uint32_t *sources, const float *gains,
                                  size_t folds, size_t size, float *out);

/// y[f · 2 · count + n] = imaginary part of z[picks[n]], and `count` further on its real part, for f < used.
///
/// `count` is a multiple of 16. Returns a bit for every lane that has a value which is not finite.
uint32_t sentio_dsp_scatter_pairs(const float *z, const uint32_t *picks, size_t count, size_t used,
                                  float *y);

#endif
