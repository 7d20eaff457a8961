#ifndef SENTIO_DSP_FINITE_SAMPLES_H
#define SENTIO_DSP_FINITE_SAMPLES_H

#include <stddef.h>

/// The index of the first sample that is NaN or infinite, or `count`.
size_t sentio_dsp_first_non_finite(const float *samples, size_t count);

#endif
