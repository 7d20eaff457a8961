#ifndef CSENTIO_TENSOR_NARROW_ELEMENTS_H
#define CSENTIO_TENSOR_NARROW_ELEMENTS_H

// bfloat16 numbers one by one, in loops that the compiler makes vector code of.

#include "vector_math.h"

SENTIO_INLINE float sentio_widened(uint16_t half) {
  return sentio_float_of_bits((uint32_t)half << 16);
}

/// To the nearest, the even one of two; NaN stays NaN.
SENTIO_INLINE uint16_t sentio_narrowed(float value) {
  const uint32_t bits = sentio_bits_of_float(value);
  const uint32_t nearest = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  const uint32_t quiet = (bits >> 16) | 0x40;
  return (uint16_t)((bits & 0x7fffffff) > 0x7f800000u ? quiet : nearest);
}

#endif
