#ifndef CSENTIO_TENSOR_NORMALIZE_H
#define CSENTIO_TENSOR_NORMALIZE_H

#include <stddef.h>

/// Numbers in the order [batches, channels, spatial].
struct sentio_planes {
  size_t batches, channels, spatial;
};

/// Brings the channels from `begin` to `end` to mean 0 and variance 1 over batches and places, then
/// `· gain + offset`. Gain and offset hold one number a channel, or are null; `mean` and `variance`
/// (the population's) take one a channel. A channel at a time, so that what its statistics were
/// computed from is still in the cache when it is written.
void sentio_channel_normalize(const float *x, const float *gain, const float *offset, float epsilon,
                              float *out, float *mean, float *variance, struct sentio_planes planes,
                              size_t begin, size_t end);
/// (x − mean) / √(variance + epsilon) · gain + offset for the channels from `begin` to `end`.
void sentio_channel_scale(const float *x, const float *gain, const float *offset,
                          const float *mean, const float *variance, float epsilon, float *out,
                          struct sentio_planes planes, size_t begin, size_t end);
/// The gradients of both: with `isBatch` the mean and the variance are those of the numbers
/// themselves, and depend on them. `x_out` is null where its gradient is not wanted; `gain_out` and
/// `offset_out` take one number a channel.
void sentio_channel_normalize_gradient(const float *x, const float *g, const float *gain,
                                       const float *mean, const float *variance, float epsilon,
                                       int isBatch, float *x_out, float *gain_out,
                                       float *offset_out, struct sentio_planes planes, size_t begin,
                                       size_t end);

/// Brings groups of `channels / groups` neighbouring channels of each batch to mean 0 and variance 1,
/// then `· gain + offset` by channel. `begin` and `end` count groups over all batches; `mean` and
/// `inverse_deviation` take one number for each, or are null.
void sentio_group_normalize(const float *x, const float *gain, const float *offset, float epsilon,
                            float *out, float *mean, float *inverse_deviation,
                            struct sentio_planes planes, size_t groups, size_t begin, size_t end);
/// The gradient of its input, and for each channel of each batch what it adds to the gradients of gain
/// and offset; each is null where it is not wanted.
void sentio_group_normalize_gradient(const float *x, const float *g, const float *gain,
                                     const float *mean, const float *inverse_deviation,
                                     float *x_out, float *gain_parts, float *offset_parts,
                                     struct sentio_planes planes, size_t groups, size_t begin,
                                     size_t end);

#endif
