#include "SlidingMedian.h"

#include <math.h>

#include "LaneTypes.h"

SENTIO_INLINE size_t mirrored(ptrdiff_t position, size_t count) {
  if (position >= 0 && (size_t)position < count) return (size_t)position;
  const ptrdiff_t period = 2 * (ptrdiff_t)count;
  position %= period;
  if (position < 0) position += period;
  return (size_t)(position < (ptrdiff_t)count ? position : period - 1 - position);
}

#define AT(position) (*(const unaligned_lanes *)(in + mirrored(position, count) * step))

// The window is kept sorted, lane by lane. One pass takes the value that leaves it out and lets the new one in:
// from where the leaving value stands on, everything moves down by one place, and the new value settles between
// its neighbours. No lane ever waits for another.
SENTIO_INLINE void slide(const float *in, size_t step, size_t count, size_t width, lanes *sorted,
                         float *out, size_t out_step) {
  const ptrdiff_t half = (ptrdiff_t)(width / 2);
#pragma clang loop unroll_count(31)
  for (size_t i = 0; i <= width; i++) sorted[i] = (lanes){0} + INFINITY;
  for (ptrdiff_t p = -half; p <= half; p++) {
    lanes rising = AT(p);
#pragma clang loop unroll_count(31)
    for (size_t i = 0; i < width; i++) {
      const lanes larger = LANES_MAX(sorted[i], rising);
      sorted[i] = LANES_MIN(sorted[i], rising);
      rising = larger;
    }
  }
  *(unaligned_lanes *)out = sorted[half];
  for (size_t p = 1; p < count; p++) {
    const lanes leaving = AT((ptrdiff_t)p - half - 1), coming = AT((ptrdiff_t)p + half);
    lanes below = (lanes){0} - INFINITY;
#pragma clang loop unroll_count(31)
    for (size_t i = 0; i < width; i++) {
      const lanes kept = sorted[i] < leaving ? sorted[i] : sorted[i + 1];
      const lanes above = LANES_MAX(below, coming);
      sorted[i] = LANES_MIN(above, kept);
      below = kept;
    }
    *(unaligned_lanes *)(out + p * out_step) = sorted[half];
  }
}

SENTIO_CLONES
void sentio_dsp_sliding_median(const float *in, size_t step, size_t count, size_t width,
                               float *window, float *out, size_t out_step) {
  if (width == 31) {
    // The usual width: the window lives in registers.
    lanes sorted[32];
    slide(in, step, count, 31, sorted, out, out_step);
  } else {
    slide(in, step, count, width, (lanes *)window, out, out_step);
  }
}

SENTIO_CLONES
void sentio_dsp_lane_median_rise(const float *now, const float *before, size_t bands, float *scratch,
                                 float *median) {
  const lanes *a = (const lanes *)now, *b = (const lanes *)before;
  lanes spoilt = {0};
  for (size_t m = 0; m < bands; m++) {
    const lanes rise = a[m] - b[m];
    spoilt += rise * 0.0f;
    ((lanes *)scratch)[m] = rise > 0.0f ? rise : (lanes){0};
  }
  // Floats of one sign are ordered as their bits are: the median is found bit by bit, from the highest down.
  const int_lanes *rises = (const int_lanes *)scratch;
  const int32_t rank = (int32_t)((bands - 1) / 2);
  int_lanes lower = {0};
  for (int bit = 30; bit >= 0; bit--) {
    const int_lanes candidate = lower | (int_lanes)((int_lanes){0} + (1 << bit));
    int_lanes smaller = {0};
    for (size_t m = 0; m < bands; m++) smaller -= rises[m] < candidate;
    lower = smaller <= rank ? candidate : lower;
  }
  int_lanes upper = lower;
  if (bands % 2 == 0) {
    int_lanes next = (int_lanes){0} + INT32_MAX, covered = {0};
    for (size_t m = 0; m < bands; m++) {
      const int_lanes is_above = rises[m] > lower;
      covered += is_above + 1;
      next = (is_above & (rises[m] < next)) ? rises[m] : next;
    }
    upper = covered > rank + 1 ? lower : next;
  }
  *(lanes *)median = ((lanes)lower + (lanes)upper) * 0.5f + spoilt;
}
