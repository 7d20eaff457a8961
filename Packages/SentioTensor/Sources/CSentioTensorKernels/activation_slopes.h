#ifndef CSENTIO_TENSOR_ACTIVATION_SLOPES_H
#define CSENTIO_TENSOR_ACTIVATION_SLOPES_H

// Derivatives of activations at the sum that they were applied to.

#include "vector_math.h"

SENTIO_INLINE float silu_slope(float x) {
  const float s = sentio_sigmoidf(x);
  const float slope = s * (1.0f + x * (1.0f - s));
  // From here on the slope is 0 or 1 to the last place, and infinities would make a NaN of it.
  return sentio_pick(fabsf(x) > 104.0f, sentio_pick(x > 0.0f, 1.0f, 0.0f), slope);
}

SENTIO_INLINE float gelu_slope(float x) {
  const float phi = 0.5f * (1.0f + sentio_erff(x * 0x1.6a09e6p-1f));
  // 1/√(2π) · e^(-x²/2)
  const float density = 0x1.988454p-2f * sentio_expf(-0.5f * x * x);
  return sentio_pick(fabsf(x) > 15.0f, phi, phi + x * density);
}

SENTIO_INLINE float gelu_tanh_slope(float x) {
  const float t = sentio_tanhf(sentio_gelu_argument(x));
  const float inner = 0x1.988454p-1f * (1.0f + 3.0f * 0x1.6e4e26p-5f * x * x);
  const float half = 0.5f * (1.0f + t);
  return sentio_pick(fabsf(x) > 15.0f, half, half + 0.5f * x * (1.0f - t * t) * inner);
}

#endif
