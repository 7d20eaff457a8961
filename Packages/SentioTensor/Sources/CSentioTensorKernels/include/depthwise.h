#ifndef CSENTIO_TENSOR_DEPTHWISE_H
#define CSENTIO_TENSOR_DEPTHWISE_H

#include <stddef.h>

#include "window.h"

/// One kernel over each plane: `out[p] = x[p / multiplier] * weight[p mod channels]`, plus the bias unless
/// it is NULL, for the output planes begin..<end. Planes count over batch and output channels.
void sentio_depthwise(const float *x, const float *weight, const float *bias,
                      const struct sentio_window *window, float *out, size_t channels,
                      size_t multiplier, size_t begin, size_t end);

/// The gradient of the input planes begin..<end, whose channels are channels / multiplier.
void sentio_depthwise_input_gradient(const float *g, const float *weight,
                                     const struct sentio_window *window, float *out, size_t channels,
                                     size_t multiplier, size_t begin, size_t end);

/// The gradients of the kernels, and of the biases unless NULL, of the output channels begin..<end.
/// `sums` is scratch memory for one number more than a kernel has taps.
void sentio_depthwise_weight_gradient(const float *x, const float *g,
                                      const struct sentio_window *window, float *weight_out,
                                      float *bias_out, double *sums, size_t batch, size_t channels,
                                      size_t multiplier, size_t begin, size_t end);

#endif
