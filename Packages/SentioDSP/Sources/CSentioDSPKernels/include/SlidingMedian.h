#ifndef SENTIO_DSP_SLIDING_MEDIAN_H
#define SENTIO_DSP_SLIDING_MEDIAN_H

#include <stddef.h>

/// Medians of the `width` (odd) vectors of 16 lanes around each of `count`, mirrored at the ends with the end repeated.
///
/// Vector p stands at in + p · step; `window` has room for width + 1 aligned vectors. No lane may hold a NaN.
void sentio_dsp_sliding_median(const float *in, size_t step, size_t count, size_t width,
                               float *window, float *out, size_t out_step);

/// Median over bands of max(0, now - before) for 16 frames in lanes; `rises` has room for the bands.
///
/// A difference that is not finite makes the lane's median NaN.
void sentio_dsp_lane_median_rise(const float *now, const float *before, size_t bands, float *rises,
                                 float *median);

#endif
