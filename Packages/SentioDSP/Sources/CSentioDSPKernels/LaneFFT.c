#include "LaneFFT.h"

#include <math.h>

#include "LaneTypes.h"

// Decimation in frequency, radix 4, in place; one pass of radix 2 comes first where the size is no
// power of 4. The result is left in digit-reversed order: a value is a whole cache line of lanes,
// so that reading it back through a table of positions costs nothing.

// 256 points of 16 lanes are 32 KiB: from there on a block stays in the first-level cache.
enum { points_in_cache = 256 };

static int is_odd_power(size_t size) {
  int bits = 0;
  while (size >> (bits + 1)) bits++;
  return bits & 1;
}

size_t sentio_dsp_lane_fft_twiddle_count(size_t size) {
  size_t count = 0;
  if (is_odd_power(size)) {
    count += size;
    size /= 2;
  }
  for (; size >= 4; size /= 4) count += 6 * (size / 4);
  return count;
}

void sentio_dsp_lane_fft_twiddles(size_t size, float *twiddles) {
  const double turn = -2 * M_PI;
  if (is_odd_power(size)) {
    for (size_t k = 0; k < size / 2; k++) {
      *twiddles++ = (float)cos(turn * (double)k / (double)size);
      *twiddles++ = (float)sin(turn * (double)k / (double)size);
    }
    size /= 2;
  }
  for (; size >= 4; size /= 4) {
    for (size_t k = 0; k < size / 4; k++) {
      for (size_t power = 1; power <= 3; power++) {
        *twiddles++ = (float)cos(turn * (double)(k * power) / (double)size);
        *twiddles++ = (float)sin(turn * (double)(k * power) / (double)size);
      }
    }
  }
}

void sentio_dsp_lane_fft_positions(size_t size, uint32_t *positions) {
  for (size_t bin = 0; bin < size; bin++) {
    size_t rest = bin, span = size, position = 0;
    if (is_odd_power(size)) {
      span /= 2;
      position += (rest & 1) * span;
      rest /= 2;
    }
    for (; span >= 4; rest /= 4) {
      span /= 4;
      position += (rest & 3) * span;
    }
    positions[bin] = (uint32_t)position;
  }
}

SENTIO_INLINE void radix2_pass(lanes *z, size_t size, const float *w) {
  const size_t half = size / 2;
  for (size_t k = 0; k < half; k++, w += 2) {
    lanes *a = z + 2 * k, *b = z + 2 * (k + half);
    const lanes re = a[0] - b[0], im = a[1] - b[1];
    a[0] += b[0];
    a[1] += b[1];
    b[0] = re * w[0] - im * w[1];
    b[1] = re * w[1] + im * w[0];
  }
}

SENTIO_INLINE void radix4_pass(lanes *z, size_t size, const float *w) {
  const size_t quarter = size / 4;
  for (size_t k = 0; k < quarter; k++, w += 6) {
    lanes *a = z + 2 * k, *b = a + 2 * quarter, *c = b + 2 * quarter, *d = c + 2 * quarter;
    const lanes sum_re = a[0] + c[0], sum_im = a[1] + c[1];
    const lanes difference_re = a[0] - c[0], difference_im = a[1] - c[1];
    const lanes other_re = b[0] + d[0], other_im = b[1] + d[1];
    const lanes turned_re = b[1] - d[1], turned_im = d[0] - b[0];
    const lanes y1_re = difference_re + turned_re, y1_im = difference_im + turned_im;
    const lanes y2_re = sum_re - other_re, y2_im = sum_im - other_im;
    const lanes y3_re = difference_re - turned_re, y3_im = difference_im - turned_im;
    a[0] = sum_re + other_re;
    a[1] = sum_im + other_im;
    b[0] = y1_re * w[0] - y1_im * w[1];
    b[1] = y1_re * w[1] + y1_im * w[0];
    c[0] = y2_re * w[2] - y2_im * w[3];
    c[1] = y2_re * w[3] + y2_im * w[2];
    d[0] = y3_re * w[4] - y3_im * w[5];
    d[1] = y3_re * w[5] + y3_im * w[4];
  }
}

// The last pass: all its twiddle factors are 1.
SENTIO_INLINE void radix4_last(lanes *z, size_t count) {
  for (size_t block = 0; block < count; block++, z += 8) {
    const lanes sum_re = z[0] + z[4], sum_im = z[1] + z[5];
    const lanes difference_re = z[0] - z[4], difference_im = z[1] - z[5];
    const lanes other_re = z[2] + z[6], other_im = z[3] + z[7];
    const lanes turned_re = z[3] - z[7], turned_im = z[6] - z[2];
    z[0] = sum_re + other_re;
    z[1] = sum_im + other_im;
    z[2] = difference_re + turned_re;
    z[3] = difference_im + turned_im;
    z[4] = sum_re - other_re;
    z[5] = sum_im - other_im;
    z[6] = difference_re - turned_re;
    z[7] = difference_im - turned_im;
  }
}

SENTIO_CLONES
void sentio_dsp_lane_fft(float *data, size_t size, const float *w) {
  lanes *z = (lanes *)data;
  size_t span = size;
  if (is_odd_power(size)) {
    radix2_pass(z, size, w);
    w += size;
    span /= 2;
  }
  for (; span > points_in_cache; span /= 4) {
    for (size_t start = 0; start < size; start += span) radix4_pass(z + 2 * start, span, w);
    w += 6 * (span / 4);
  }
  for (size_t block = 0; block < size; block += span) {
    const float *factors = w;
    size_t inner = span;
    for (; inner > 4; inner /= 4) {
      for (size_t start = 0; start < span; start += inner)
        radix4_pass(z + 2 * (block + start), inner, factors);
      factors += 6 * (inner / 4);
    }
    if (inner == 4) radix4_last(z + 2 * block, span / 4);
  }
}

// The even samples' transform E and the odd samples' O overlap in Z = E + iO; their symmetry takes
// them apart: X(k) = E(k) + w·O(k) and X(size - k) = conj(E(k) - w·O(k)), w = exp(-πik/size).
#define SPLIT_BIN(k)                                                                        \
  const lanes *p = z + 2 * (size_t)positions[k], *q = z + 2 * (size_t)positions[size - (k)]; \
  const lanes even_re = (p[0] + q[0]) * 0.5f, even_im = (p[1] - q[1]) * 0.5f;               \
  const lanes odd_re = (p[1] + q[1]) * 0.5f, odd_im = (q[0] - p[0]) * 0.5f;                 \
  const float c = turns[2 * (k)], s = turns[2 * (k) + 1];                                   \
  const lanes turned_re = odd_re * c + odd_im * s, turned_im = odd_im * c - odd_re * s;     \
  const lanes low_re = even_re + turned_re, low_im = even_im + turned_im;                   \
  const lanes high_re = even_re - turned_re, high_im = turned_im - even_im

SENTIO_CLONES
void sentio_dsp_lane_real_power(const float *data, size_t size, const uint32_t *positions,
                                const float *turns, float *out) {
  const lanes *z = (const lanes *)data;
  lanes *power = (lanes *)out;
  const lanes first = z[0] + z[1], last = z[0] - z[1];
  power[0] = first * first;
  power[size] = last * last;
  for (size_t k = 1; k <= size / 2; k++) {
    SPLIT_BIN(k);
    power[k] = low_re * low_re + low_im * low_im;
    power[size - k] = high_re * high_re + high_im * high_im;
  }
}

SENTIO_CLONES
void sentio_dsp_lane_real_spectrum(const float *data, size_t size, const uint32_t *positions,
                                   const float *turns, float *out) {
  const lanes *z = (const lanes *)data;
  lanes *spectrum = (lanes *)out;
  spectrum[0] = z[0] + z[1];
  spectrum[2 * size] = z[0] - z[1];
  spectrum[1] = spectrum[2 * size + 1] = (lanes){0};
  for (size_t k = 1; k <= size / 2; k++) {
    SPLIT_BIN(k);
    spectrum[2 * k] = low_re;
    spectrum[2 * k + 1] = low_im;
    spectrum[2 * (size - k)] = high_re;
    spectrum[2 * (size - k) + 1] = high_im;
  }
}

SENTIO_CLONES
void sentio_dsp_lane_power(const float *data, size_t bins, float *out) {
  const lanes *spectrum = (const lanes *)data;
  for (size_t k = 0; k < bins; k++)
    ((lanes *)out)[k] =
        spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
}
