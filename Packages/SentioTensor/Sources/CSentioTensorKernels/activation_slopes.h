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
  const float t = fabsf(x);
  const float tail = sentio_normal_tail(t);
  const float phi = sentio_pick(x < 0.0f, tail, 1.0f - tail);
  // e^(-x²/2) / √(2π), as powers of two
  const float density = 0x1.988454p-2f * sentio_exp2_below_zero(-0x1.715476p-1f * x * x);
  return sentio_pick(t > 15.0f, phi, phi + x * density);
}

SENTIO_INLINE float gelu_tanh_slope(float x) {
  const float t = sentio_tanhf(sentio_gelu_argument(x));
  const float inner = 0x1.988454p-1f * (1.0f + 3.0f * 0x1.6e4e26p-5f * x * x);
  const float half = 0.5f * (1.0f + t);
  return sentio_pick(fabsf(x) > 15.0f, half, half + 0.5f * x * (1.0f - t * t) * inner);
}

#endif
