#ifndef SENTIO_RECURRENT_VECTOR_H
#define SENTIO_RECURRENT_VECTOR_H

// Vectors of WIDTH floats and the functions that gates apply, in the compiler's own vector type. A file
// that includes this has said how wide its instructions are.

#include <math.h>
#include <string.h>

#include "recurrent_layout.h"
#include "vector_math.h"

typedef float vector __attribute__((vector_size(WIDTH * 4)));
typedef float vector_unaligned __attribute__((vector_size(WIDTH * 4), aligned(4), may_alias));
typedef int32_t vector_bits __attribute__((vector_size(WIDTH * 4)));
typedef double vector_double __attribute__((vector_size(WIDTH * 8), aligned(8)));

SENTIO_INLINE vector load(const float *p) { return *(const vector_unaligned *)p; }
SENTIO_INLINE void store(float *p, vector v) { *(vector_unaligned *)p = v; }
SENTIO_INLINE vector all(float value) { return value - (vector){}; }

SENTIO_INLINE vector pick(vector_bits condition, vector yes, vector no) {
  return (vector)((condition & (vector_bits)yes) | (~condition & (vector_bits)no));
}

#if WIDTH == 16
/// Between −limit and limit; NaN, which the instruction takes from its second operand, stays.
SENTIO_INLINE vector clamp(vector x, float limit) {
  const __m512 low = _mm512_max_ps(_mm512_set1_ps(-limit), (__m512)x);
  return (vector)_mm512_min_ps(_mm512_set1_ps(limit), low);
}
SENTIO_INLINE vector power_of_two(vector n) {
  return (vector)_mm512_scalef_ps(_mm512_set1_ps(1.0f), (__m512)n);
}
/// 1 / x to about one unit of the last place, for x from 1 to 2^126. A division takes the place of ten
/// other instructions; this takes that of three.
SENTIO_INLINE vector reciprocal(vector x) {
  const vector near = (vector)_mm512_rcp14_ps((__m512)x);
  return near * (2.0f - x * near);
}
#else
SENTIO_INLINE vector clamp(vector x, float limit) {
  const vector low = pick(x < -limit, all(-limit), x);
  return pick(low > limit, all(limit), low);
}
/// For n from −126 to 127.
SENTIO_INLINE vector power_of_two(vector n) {
  return (vector)((__builtin_convertvector(n, vector_bits) + 127) << 23);
}
SENTIO_INLINE vector reciprocal(vector x) { return 1.0f / x; }
#endif

/// n and e^r − 1, where x = n · ln 2 + r and |r| is at most half of ln 2. The polynomial is that of
/// sentio_expf.
SENTIO_INLINE vector exp_parts(vector x, vector *n) {
  const vector shifted = x * 0x1.715476p+0f + 0x1.8p+23f;
  *n = shifted - 0x1.8p+23f;
  vector r = x - *n * 0x1.62e4p-1f;
  r = r - *n * 0x1.7f7d1cp-20f;
  // By halves: a gate's latency is what a row waits for.
  const vector square = r * r;
  const vector low = r * 0x1.55548ep-3f + 0x1.0p-1f, high = r * 0x1.123b46p-7f + 0x1.55545ep-5f;
  const vector p = (square * 0x1.6db410p-10f + high) * square + low;
  return p * square + r;
}

/// 1 / (1 + e^-x); NaN stays.
SENTIO_INLINE vector sigmoid(vector x) {
  vector n;
  const vector p = exp_parts(clamp(-x, 87.0f), &n);
  const vector scale = power_of_two(n);
  return reciprocal(1.0f + (p * scale + scale));
}

/// Hyperbolic tangent as E / (E + 2) with E = e^2x − 1, accurate near 0 too; NaN stays.
SENTIO_INLINE vector hyperbolic_tangent(vector x) {
  vector n;
  // From 10 on it is 1 in single precision.
  const vector p = exp_parts(clamp(x + x, 20.0f), &n);
  const vector scale = power_of_two(n);
  const vector e = p * scale + (scale - 1.0f);
  return e * reciprocal(e + 2.0f);
}

/// NaN stays.
SENTIO_INLINE vector rectify(vector x) { return pick(x < 0.0f, all(0.0f), x); }

#endif
