#ifndef SENTIO_DSP_LANES_H
#define SENTIO_DSP_LANES_H

#include <stddef.h>
#include <stdint.h>

// Sixteen frames are worked on at once, one in each lane of a vector: a value of a frame, such as
// the power of a bin, is stored as 16 neighbouring floats, one a frame. Every loop is then free of
// shuffles and reductions, sums run in one fixed order, and what a lane computes depends neither on
// its place nor on its neighbours. All lane arrays stand on 64-byte boundaries.
#define SENTIO_LANES 16

/// lanes[n][f] = signal[f · hop + n] · window[n] for f < used, and 0 for the other lanes.
void sentio_dsp_lanes_gather(const float *signal, size_t hop, const float *window, size_t length,
                             size_t used, float *lanes);

/// lanes[r][f] = frames[f · stride + r] for f < used, and 0 for the other lanes.
void sentio_dsp_lanes_from_frames(const float *frames, size_t stride, size_t rows, size_t used,
                                  float *lanes);

/// frames[f · stride + r] = lanes[r][f] for f < used.
void sentio_dsp_frames_from_lanes(const float *lanes, size_t rows, size_t used, float *frames,
                                  size_t stride);

#endif
