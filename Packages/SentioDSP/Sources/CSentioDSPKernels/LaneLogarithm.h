#ifndef SENTIO_DSP_LANE_LOGARITHM_H
#define SENTIO_DSP_LANE_LOGARITHM_H

#include "LaneTypes.h"

/// The natural logarithm of positive, normal, finite lanes; relative error below 2e-7.
///
/// x = m · 2^e with m in [√½, √2); ln m = 2·artanh(s), s = (m - 1)/(m + 1), |s| ≤ 0.172. Five terms
/// of the series leave 2e-9, so that rounding is all that counts; m - 1 is exact, so that the
/// relative error stays small near x = 1. NaN, infinity, zero and subnormals give garbage: callers
/// bound x from below and select.
SENTIO_INLINE void lanes_ln(const lanes *x, lanes *result) {
  const int_lanes bits = (int_lanes)*x;
  const int_lanes exponent = (bits - 0x3f3504f3) >> 23;
  const lanes m = (lanes)(bits - (exponent << 23));
  const lanes s = (m - 1.0f) / (m + 1.0f);
  const lanes square = s * s;
  const lanes series =
      1.0f + square * (1.0f / 3 + square * (1.0f / 5 + square * (1.0f / 7 + square * (1.0f / 9))));
  *result = __builtin_convertvector(exponent, lanes) * 0.693147181f + (s + s) * series;
}

#endif
