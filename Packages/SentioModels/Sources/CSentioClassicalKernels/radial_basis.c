#include "CSentioClassicalKernels.h"
#include "clones.h"

#include <string.h>

// exp(x) for x <= 0 as 2^n · exp(r), |r| <= ln(2)/2: n comes from adding 1.5 · 2^52, which rounds to
// an integer in the low bits of the mantissa; ln(2) is split so that n · ln2_high is exact. A Taylor
// polynomial of degree 13 leaves 4e-18, so the error is that of rounding, about 2 ulp. Below -708
// the result would be subnormal and is 0. A NaN stays one.
static inline double exponential(double x) {
  const double shift = 0x1.8p52;
  const double clamped = x < -708 ? -708 : x;
  double rounded = clamped * 1.4426950408889634 + shift;
  uint64_t bits;
  memcpy(&bits, &rounded, sizeof bits);
  double n = rounded - shift;
  double r = clamped - n * 0x1.62e42fee00000p-1;
  r -= n * 0x1.a39ef35793c76p-33;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  uint64_t power = (bits + 1023) << 52;
  double scale;
  memcpy(&scale, &power, sizeof scale);
  return x < -708 ? 0 : p * scale;
}

SENTIO_CLONES
void sentio_radial_basis_row(
    double *products, const double *squares, double square, double gamma, int64_t count) {
  for (int64_t j = 0; j < count; j++) {
    double distance = square + squares[j] - 2 * products[j];
    products[j] = exponential(-gamma * (distance < 0 ? 0 : distance));
  }
}
