#ifndef CSENTIO_TENSOR_VECTOR_MATH_H
#define CSENTIO_TENSOR_VECTOR_MATH_H

// Elementary functions without branches or calls, so that a loop over them becomes vector code.
// Error bounds are of the FMA clones, measured over every float (or, where stated, a dense grid)
// against double precision: see Tests/SentioTensorTests/ElementaryFunctionTests.swift. The coefficients come from
// Tests/Generators/fit_polynomials.py.

#include <math.h>
#include <stdint.h>
#include <string.h>

#define SENTIO_INLINE static inline __attribute__((always_inline))

SENTIO_INLINE float sentio_float_of_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

SENTIO_INLINE uint32_t sentio_bits_of_float(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// `yes` where `condition`, else `no`: a select, never a jump.
SENTIO_INLINE float sentio_pick(int condition, float yes, float no) { return condition ? yes : no; }

/// e to the x. Overflow gives infinity, underflow subnormals and then 0; NaN stays.
SENTIO_INLINE float sentio_expf(float x) {
  // Beyond these the result is infinity and zero; a NaN fails both and goes through.
  float t = sentio_pick(x > 89.0f, 89.0f, x);
  t = sentio_pick(t < -104.0f, -104.0f, t);
  // Adding and subtracting 1.5·2^23 rounds to an integer, which stands in the low bits meanwhile.
  const float shifted = t * 0x1.715476p+0f + 0x1.8p+23f;
  const float n = shifted - 0x1.8p+23f;
  // ln 2 in two parts, the first with trailing zeros so that n times it is exact.
  const float r = (t - n * 0x1.62e4p-1f) - n * 0x1.7f7d1cp-20f;
  float p = 0x1.6db410p-10f;
  p = p * r + 0x1.123b46p-7f;
  p = p * r + 0x1.55545ep-5f;
  p = p * r + 0x1.55548ep-3f;
  p = p * r + 0x1.0p-1f;
  p = p * (r * r) + r;
  // The power of two goes in by halves: n reaches beyond the exponents of normal numbers.
  const int32_t k = (int32_t)sentio_bits_of_float(shifted) - 0x4b400000;
  const int32_t half = k >> 1;
  const float a = sentio_float_of_bits((uint32_t)(half + 127) << 23);
  const float b = sentio_float_of_bits((uint32_t)(k - half + 127) << 23);
  const float y = (p + 1.0f) * a * b;
  return sentio_pick(x != x, x, y);
}

/// Natural logarithm. 0 gives -infinity, negative numbers NaN; subnormal numbers are exact too.
SENTIO_INLINE float sentio_logf(float x) {
  const int small = x < 0x1p-126f;
  const float scaled = sentio_pick(small, x * 0x1p23f, x);
  // The mantissa in [√½, √2), by an exponent counted from there.
  const uint32_t bits = sentio_bits_of_float(scaled) - 0x3f3504f3u;
  const int32_t exponent = (int32_t)bits >> 23;
  const float m = sentio_float_of_bits((bits & 0x007fffffu) + 0x3f3504f3u);
  const float f = m - 1.0f;
  const float n = (float)exponent - sentio_pick(small, 23.0f, 0.0f);
  float p = -0x1.38b4ccp-4f;
  p = p * f + 0x1.055b46p-3f;
  p = p * f + -0x1.0d8552p-3f;
  p = p * f + 0x1.22da22p-3f;
  p = p * f + -0x1.547244p-3f;
  p = p * f + 0x1.99a008p-3f;
  p = p * f + -0x1.000228p-2f;
  p = p * f + 0x1.555554p-2f;
  const float square = f * f;
  // Small terms first: the error of the sum is that of its last addition.
  float y = p * (square * f) + n * 0x1.7f7d1cp-20f;
  y = y - 0.5f * square;
  y = (y + f) + n * 0x1.62e4p-1f;
  y = sentio_pick(x == 0.0f, -INFINITY, y);
  y = sentio_pick(x < 0.0f, NAN, y);
  return sentio_pick(x != x || x == INFINITY, x, y);
}

/// Hyperbolic tangent; ±1 for large x, NaN stays.
SENTIO_INLINE float sentio_tanhf(float x) {
  const float magnitude = fabsf(x);
  const float s = x * x;
  float p = -0x1.76abf6p-8f;
  p = p * s + 0x1.5256cep-6f;
  p = p * s + -0x1.b84448p-5f;
  p = p * s + 0x1.110768p-3f;
  p = p * s + -0x1.555534p-2f;
  const float near = x + x * (s * p);
  const float e = sentio_expf(2.0f * magnitude);
  const float far = copysignf(1.0f - 2.0f / (e + 1.0f), x);
  const float y = sentio_pick(magnitude < 0.625f, near, far);
  return sentio_pick(x != x, x, y);
}

/// Error function; ±1 for large x, NaN stays.
SENTIO_INLINE float sentio_erff(float x) {
  const float magnitude = fabsf(x);
  const float s = x * x;
  float p = -0x1.3b4666p-11f;
  p = p * s + 0x1.478c8ap-8f;
  p = p * s + -0x1.b69a7ep-6f;
  p = p * s + 0x1.ce1b94p-4f;
  p = p * s + -0x1.8126eep-2f;
  p = p * s + 0x1.06eba6p-3f;
  const float near = x + x * p;
  // 1 − erf(x) = exp(−x − x·q(x)); from 4 on it is below half a unit of the last place of 1.
  const float t = sentio_pick(magnitude > 4.0f, 4.0f, magnitude);
  float q = 0x1.84f0fep-17f;
  q = q * t + -0x1.56330ep-12f;
  q = q * t + 0x1.df4714p-9f;
  q = q * t + -0x1.85cc3ap-6f;
  q = q * t + 0x1.b34858p-4f;
  q = q * t + 0x1.452ffap-1f;
  q = q * t + 0x1.077b56p-3f;
  const float far = copysignf(1.0f - sentio_expf(-t - t * q), x);
  const float y = sentio_pick(magnitude < 0.921875f, near, far);
  return sentio_pick(x != x, x, y);
}

/// 1 / (1 + e^-x), without overflow on either side; NaN stays.
SENTIO_INLINE float sentio_sigmoidf(float x) {
  const float e = sentio_expf(-fabsf(x));
  const float upper = 1.0f / (1.0f + e);
  return sentio_pick(x < 0.0f, e * upper, upper);
}

/// ln(1 + e^x), without overflow; NaN stays.
SENTIO_INLINE float sentio_softplusf(float x) {
  const float e = sentio_expf(-fabsf(x));
  // ln(1 + e) for 0 ≤ e ≤ 1; the correction restores what 1 + e rounds away.
  const float u = 1.0f + e;
  const float log1p = sentio_logf(u) + (e - (u - 1.0f)) / u;
  return sentio_pick(x > 0.0f, x, 0.0f) + log1p + sentio_pick(x != x, x, 0.0f);
}

/// x · sigmoid(x); at -infinity its limit 0, where the product would be NaN.
SENTIO_INLINE float sentio_siluf(float x) {
  return sentio_pick(x == -INFINITY, 0.0f, x * sentio_sigmoidf(x));
}

/// 2 to the y for y ≤ 0, to one unit of the last place; 0 from -127 down. NaN stays.
SENTIO_INLINE float sentio_exp2_below_zero(float y) {
  const float t = sentio_pick(y < -127.0f, -127.0f, y);
  // The rounded exponent stands in the low bits, 127 higher: as a float's exponent counts.
  const float shifted = t + 0x1.8000fep+23f;
  const float r = t - (shifted - 0x1.8000fep+23f);
  float p = 0x1.448d98p-13f;
  p = p * r + 0x1.5f47c8p-10f;
  p = p * r + 0x1.3b29aep-7f;
  p = p * r + 0x1.c6aed0p-5f;
  p = p * r + 0x1.ebfbe0p-3f;
  p = p * r + 0x1.62e430p-1f;
  return (p * r + 1.0f) * sentio_float_of_bits(sentio_bits_of_float(shifted) << 23);
}

/// The share of a normal distribution beyond t ≥ 0, by the logarithm to base 2 of it; 0 from 6 on, where it
/// is a billionth. NaN stays.
SENTIO_INLINE float sentio_normal_tail(float t) {
  float p = 0x1.a85c1ap-23f;
  p = p * t + -0x1.39dfa4p-18f;
  p = p * t + 0x1.716aa6p-15f;
  p = p * t + -0x1.7a6258p-13f;
  p = p * t + -0x1.853838p-13f;
  p = p * t + 0x1.d4fda0p-8f;
  p = p * t + -0x1.aeb3ccp-5f;
  p = p * t + -0x1.d6328ap-2f;
  p = p * t + -0x1.26af1cp+0f;
  return sentio_pick(t >= 6.0f, 0.0f, sentio_exp2_below_zero(p * t - 1.0f));
}

/// x · Φ(x), to 1e-7 below 4 and to two units of the last place above; at -infinity its limit 0.
SENTIO_INLINE float sentio_geluf(float x) {
  // max(x, 0) less the tail's share: no subtraction of numbers that are close, as 1 + erf has it below 0.
  const float magnitude = fabsf(x);
  const float t = sentio_pick(magnitude > 6.0f, 6.0f, magnitude);
  return sentio_pick(x < 0.0f, 0.0f, x) - t * sentio_normal_tail(t);
}

/// What the hyperbolic tangent in the approximate GELU is taken of: √(2/π) · (x + 0.044715·x³).
SENTIO_INLINE float sentio_gelu_argument(float x) {
  return 0x1.988454p-1f * (x + 0x1.6e4e26p-5f * x * x * x);
}

/// The approximation of GELU by the hyperbolic tangent; at -infinity its limit 0.
SENTIO_INLINE float sentio_gelu_tanhf(float x) {
  const float y = 0.5f * x * (1.0f + sentio_tanhf(sentio_gelu_argument(x)));
  return sentio_pick(x == -INFINITY, 0.0f, y);
}

#endif
