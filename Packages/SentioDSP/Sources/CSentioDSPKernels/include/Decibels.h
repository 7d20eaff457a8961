#ifndef SENTIO_DSP_DECIBELS_H
#define SENTIO_DSP_DECIBELS_H

#include <stddef.h>

/// levels[i] = factor · ln(max(values[i], least)) + offset. NaN and infinity pass through.
///
/// Returns the largest level that is not NaN, or -infinity. `least` is positive and normal;
/// the arrays may be the same and stand anywhere.
float sentio_dsp_levels(const float *values, float *levels, size_t count, float least, float factor,
                        float offset);

/// values[i] = max(values[i], least). NaN passes through.
void sentio_dsp_raise_to(float *values, size_t count, float least);

#endif
