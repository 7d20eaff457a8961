#ifndef SENTIO_DSP_TEMPORAL_KERNELS_H
#define SENTIO_DSP_TEMPORAL_KERNELS_H

#include <stddef.h>

/// Σ samples[i]², in sixteen partial sums that are added in double.
double sentio_dsp_sum_of_squares(const float *samples, size_t count);

/// Changes of sign between neighbours; magnitudes up to `threshold` count as zero. `zero_is_positive` makes zero one of
/// the positive numbers, otherwise it is a sign of its own.
size_t sentio_dsp_zero_crossings(const float *samples, size_t count, float threshold,
                                 int zero_is_positive);

#endif
