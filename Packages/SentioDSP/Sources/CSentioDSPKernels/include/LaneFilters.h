#ifndef SENTIO_DSP_LANE_FILTERS_H
#define SENTIO_DSP_LANE_FILTERS_H

#include <stddef.h>
#include <stdint.h>

/// Filter `b` sums `in[starts[b] + i] · weights[offsets[b] + i]` for i < offsets[b + 1] - offsets[b].
void sentio_dsp_lane_sparse_filters(const float *in, size_t bands, const uint32_t *starts,
                                    const uint32_t *offsets, const float *weights, float *out);

/// out[r] = Σ_c matrix[r · columns + c] · in[c]
void sentio_dsp_lane_matrix(const float *in, const float *matrix, size_t rows, size_t columns,
                            float *out);

/// Divides the rows of each lane by their largest, unless that is below the least normal number.
void sentio_dsp_lane_normalize_by_maximum(float *values, size_t rows);

/// out = mean over rows of max(0, block - the frame before), where the frame before a block's first
/// is the last of `previous`; `previous` may be `block` where there is none.
void sentio_dsp_lane_mean_rise(const float *previous, const float *block, size_t rows, float *out);

#endif
