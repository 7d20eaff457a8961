#include "LaneSpectrum.h"

#include <math.h>

#include "LaneLogarithm.h"

static const float least_normal = 1.17549435e-38f;

SENTIO_CLONES
void sentio_dsp_lane_square_root(const float *power, size_t bins, float *magnitude) {
  for (size_t k = 0; k < bins; k++)
    ((lanes *)magnitude)[k] = __builtin_elementwise_sqrt(((const lanes *)power)[k]);
}

SENTIO_CLONES
void sentio_dsp_lane_shape(const float *data, size_t bins, float fraction, float *centroid_out,
                           float *bandwidth_out, float *rolloff_out) {
  const lanes *m = (const lanes *)data;
  // `total` is one running sum in bin order, because roll-off compares partial sums of that order
  // with it; the other sums are split in two, which halves both latency and rounding.
  lanes total = {0}, weighted_even = {0}, weighted_odd = {0};
  size_t k = 0;
  for (; k + 2 <= bins; k += 2) {
    total += m[k];
    total += m[k + 1];
    weighted_even += m[k] * (float)k;
    weighted_odd += m[k + 1] * (float)(k + 1);
  }
  for (; k < bins; k++) {
    total += m[k];
    weighted_even += m[k] * (float)k;
  }
  const lanes divisor = total < least_normal ? (lanes){0} + 1 : total;
  const lanes centroid = (weighted_even + weighted_odd) / divisor;
  const lanes threshold = total * fraction;
  lanes running = {0}, below = {0}, spread_even = {0}, spread_odd = {0};
  for (k = 0; k + 2 <= bins; k += 2) {
    const lanes even = (float)k - centroid, odd = (float)(k + 1) - centroid;
    spread_even += m[k] * (even * even);
    spread_odd += m[k + 1] * (odd * odd);
    running += m[k];
    below += running < threshold ? (lanes){0} + 1 : (lanes){0};
    running += m[k + 1];
    below += running < threshold ? (lanes){0} + 1 : (lanes){0};
  }
  for (; k < bins; k++) {
    const lanes even = (float)k - centroid;
    spread_even += m[k] * (even * even);
    running += m[k];
    below += running < threshold ? (lanes){0} + 1 : (lanes){0};
  }
  *(lanes *)centroid_out = centroid;
  *(lanes *)bandwidth_out = __builtin_elementwise_sqrt((spread_even + spread_odd) / divisor);
  *(lanes *)rolloff_out = below;
}

SENTIO_CLONES
void sentio_dsp_lane_flatness(const float *power, size_t bins, float least, float *flatness) {
  // A thousand equal logarithms, as in silence, would round the same way each time: both sums carry
  // what rounding took (Kahan's summation).
  lanes logarithms = {0}, logarithms_lost = {0}, sum = {0}, sum_lost = {0};
  for (size_t k = 0; k < bins; k++) {
    const lanes x = ((const lanes *)power)[k];
    const lanes bounded = x < least ? (lanes){0} + least : x;
    lanes logarithm;
    lanes_ln(&bounded, &logarithm);
    const lanes corrected_logarithm = logarithm - logarithms_lost;
    const lanes next_logarithms = logarithms + corrected_logarithm;
    logarithms_lost = (next_logarithms - logarithms) - corrected_logarithm;
    logarithms = next_logarithms;
    const lanes corrected = bounded - sum_lost;
    const lanes next = sum + corrected;
    sum_lost = (next - sum) - corrected;
    sum = next;
  }
  for (int f = 0; f < SENTIO_LANES; f++)
    flatness[f] = expf(logarithms[f] / (float)bins) / (sum[f] / (float)bins);
}

SENTIO_CLONES
void sentio_dsp_lane_flux(const float *magnitude, const float *previous, size_t bins, float *flux) {
  const lanes *now = (const lanes *)magnitude, *before = (const lanes *)previous;
  lanes total_now = {0}, total_before = {0}, sum = {0};
  for (size_t k = 0; k < bins; k++) {
    total_now += now[k];
    total_before += before[k];
  }
  total_now = total_now < least_normal ? (lanes){0} + 1 : total_now;
  total_before = total_before < least_normal ? (lanes){0} + 1 : total_before;
  const lanes scale_now = 1.0f / total_now, scale_before = 1.0f / total_before;
  for (size_t k = 0; k < bins; k++) {
    const lanes difference = now[k] * scale_now - before[k] * scale_before;
    sum += difference * difference;
  }
  *(lanes *)flux = __builtin_elementwise_sqrt(sum);
}

SENTIO_CLONES
void sentio_dsp_lane_one_sided_sum(const float *power, size_t bins, int halves_last, float *sum) {
  const lanes *p = (const lanes *)power;
  lanes even = {0}, odd = {0};
  for (size_t k = 0; k + 2 <= bins; k += 2) {
    even += p[k];
    odd += p[k + 1];
  }
  if (bins & 1) even += p[bins - 1];
  even -= p[0] * 0.5f;
  if (halves_last) even -= p[bins - 1] * 0.5f;
  *(lanes *)sum = even + odd;
}

// Each value sinks through the sorted lists of the extremes found so far. `count` is a constant at
// the calls below, so that the lists live in registers.
SENTIO_INLINE void sink(const lanes *values, size_t bins, size_t count, lanes *top, lanes *bottom) {
#pragma clang loop unroll(full)
  for (size_t i = 0; i < count; i++) {
    top[i] = (lanes){0} - INFINITY;
    bottom[i] = (lanes){0} + INFINITY;
  }
  for (size_t k = 0; k < bins; k++) {
    lanes rising = values[k], falling = values[k];
#pragma clang loop unroll(full)
    for (size_t i = 0; i < count; i++) {
      const lanes larger = LANES_MAX(top[i], rising);
      rising = LANES_MIN(top[i], rising);
      top[i] = larger;
      const lanes smaller = LANES_MIN(bottom[i], falling);
      falling = LANES_MAX(bottom[i], falling);
      bottom[i] = smaller;
    }
  }
}

SENTIO_INLINE void few_extremes(const lanes *values, size_t bins, size_t count, lanes *peak,
                                lanes *valley) {
  lanes top[10], bottom[10];
  sink(values, bins, count, top, bottom);
  lanes high = {0}, low = {0};
#pragma clang loop unroll(full)
  for (size_t i = 0; i < count; i++) {
    high += top[i];
    low += bottom[i];
  }
  *peak = high / (float)count;
  *valley = low / (float)count;
}

SENTIO_CLONES
void sentio_dsp_lane_extremes(const float *data, size_t bins, size_t count, float *scratch,
                              float *peak_out, float *valley_out) {
  const lanes *values = (const lanes *)data;
  lanes *peak = (lanes *)peak_out, *valley = (lanes *)valley_out;
  switch (count) {
    case 1: few_extremes(values, bins, 1, peak, valley); return;
    case 2: few_extremes(values, bins, 2, peak, valley); return;
    case 3: few_extremes(values, bins, 3, peak, valley); return;
    case 4: few_extremes(values, bins, 4, peak, valley); return;
    case 5: few_extremes(values, bins, 5, peak, valley); return;
    case 6: few_extremes(values, bins, 6, peak, valley); return;
    case 7: few_extremes(values, bins, 7, peak, valley); return;
    case 8: few_extremes(values, bins, 8, peak, valley); return;
    case 9: few_extremes(values, bins, 9, peak, valley); return;
    case 10: few_extremes(values, bins, 10, peak, valley); return;
    default: break;
  }
  lanes *top = (lanes *)scratch, *bottom = top + count;
  for (size_t i = 0; i < count; i++) {
    top[i] = (lanes){0} - INFINITY;
    bottom[i] = (lanes){0} + INFINITY;
  }
  for (size_t k = 0; k < bins; k++) {
    lanes rising = values[k], falling = values[k];
    for (size_t i = 0; i < count; i++) {
      const lanes larger = LANES_MAX(top[i], rising);
      rising = LANES_MIN(top[i], rising);
      top[i] = larger;
      const lanes smaller = LANES_MIN(bottom[i], falling);
      falling = LANES_MAX(bottom[i], falling);
      bottom[i] = smaller;
    }
  }
  lanes high = {0}, low = {0};
  for (size_t i = 0; i < count; i++) {
    high += top[i];
    low += bottom[i];
  }
  *peak = high / (float)count;
  *valley = low / (float)count;
}

SENTIO_CLONES
size_t sentio_dsp_lane_peaks(const float *data, size_t bins, size_t first, size_t last,
                             float fraction, size_t used, float *positions, float *heights) {
  const lanes *v = (const lanes *)data;
  lanes largest = {0};
  for (size_t k = 0; k < bins; k++) largest = LANES_MAX(v[k], largest);
  const lanes least = largest * fraction;
  size_t count = 0;
  for (size_t k = first; k < last; k++) {
    const int_lanes is_peak = (v[k] > least) & (v[k] > v[k - 1]) & (v[k] >= v[k + 1]);
    if (!__builtin_reduce_or(is_peak)) continue;
    for (size_t f = 0; f < used; f++) {
      if (!is_peak[f]) continue;
      const float left = v[k - 1][f], here = v[k][f], right = v[k + 1][f];
      const float curvature = right + left - 2 * here, slope = (right - left) / 2;
      const float shift = fabsf(slope) >= fabsf(curvature) ? 0 : -slope / curvature;
      positions[count] = (float)k + shift;
      heights[count] = here + 0.5f * slope * shift;
      count++;
    }
  }
  return count;
}
