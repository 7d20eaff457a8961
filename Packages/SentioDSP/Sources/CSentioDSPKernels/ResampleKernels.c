#include "ResampleKernels.h"

#include "KernelClones.h"

// Sixteen lanes on every machine: a narrower one splits the vector, so that the order of summation, and with it
// the result up to fused rounding, does not depend on where the samples were cut into chunks or threads.
typedef float v16 __attribute__((vector_size(64), aligned(4)));
typedef float v8 __attribute__((vector_size(32), aligned(4)));
typedef float v4 __attribute__((vector_size(16), aligned(4)));

#define LOAD(p) (*(const v16 *)(p))

// A macro and not a function: a vector this wide in a signature would change the calling convention.
#define SUM_LANES(v, result)                                                     \
  do {                                                                           \
    v8 half = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +            \
              __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);       \
    v4 quarter = __builtin_shufflevector(half, half, 0, 1, 2, 3) +               \
                 __builtin_shufflevector(half, half, 4, 5, 6, 7);                \
    result = (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);              \
  } while (0)

// Rows that are summed before they join the total: rounding then grows with the group and the number of groups, not
// with the product. At 900 taps this halves the error of a unit tone.
#define GROUP 64

SENTIO_CLONES
void sentio_resample_banded(const float *x, const float *bands, ptrdiff_t rows, ptrdiff_t advance,
                            ptrdiff_t blocks, float *y) {
  ptrdiff_t b = 0;
  // Six blocks share each row of coefficients: one vector load feeds six fused multiply-adds whose other
  // factor is a broadcast scalar, and the accumulators still fit the registers of AVX2.
  for (; b + 6 <= blocks; b += 6) {
    const float *x0 = x + advance * b, *x1 = x0 + advance, *x2 = x1 + advance;
    const float *x3 = x2 + advance, *x4 = x3 + advance, *x5 = x4 + advance;
    v16 *out = (v16 *)(y + 16 * b);
    for (ptrdiff_t start = 0; start < rows; start += GROUP) {
      const ptrdiff_t end = start + GROUP < rows ? start + GROUP : rows;
      v16 a0 = {0}, a1 = {0}, a2 = {0}, a3 = {0}, a4 = {0}, a5 = {0};
      for (ptrdiff_t i = start; i < end; i++) {
        v16 h = LOAD(bands + 16 * i);
        a0 += h * x0[i];
        a1 += h * x1[i];
        a2 += h * x2[i];
        a3 += h * x3[i];
        a4 += h * x4[i];
        a5 += h * x5[i];
      }
      if (start == 0) {
        out[0] = a0, out[1] = a1, out[2] = a2, out[3] = a3, out[4] = a4, out[5] = a5;
      } else {
        out[0] += a0, out[1] += a1, out[2] += a2, out[3] += a3, out[4] += a4, out[5] += a5;
      }
    }
  }
  for (; b < blocks; b++) {
    const float *x0 = x + advance * b;
    v16 *out = (v16 *)(y + 16 * b);
    for (ptrdiff_t start = 0; start < rows; start += GROUP) {
      const ptrdiff_t end = start + GROUP < rows ? start + GROUP : rows;
      v16 a0 = {0};
      for (ptrdiff_t i = start; i < end; i++) a0 += LOAD(bands + 16 * i) * x0[i];
      if (start == 0) {
        *out = a0;
      } else {
        *out += a0;
      }
    }
  }
}

// One output: two accumulators, so that additions need not wait for each other. The order of summation is that
// of `dot_four`, whose results must be the same bits.
SENTIO_INLINE float dot_one(const float *x, const float *h, ptrdiff_t taps) {
  v16 even = {0}, odd = {0};
  ptrdiff_t k = 0;
  for (; k + 32 <= taps; k += 32) {
    even += LOAD(x + k) * LOAD(h + k);
    odd += LOAD(x + k + 16) * LOAD(h + k + 16);
  }
  if (k < taps) even += LOAD(x + k) * LOAD(h + k);
  even += odd;
  float sum;
  SUM_LANES(even, sum);
  return sum;
}

// Four outputs of one phase, `step` samples apart: a vector of coefficients is loaded once for the four.
SENTIO_INLINE void dot_four(const float *x, ptrdiff_t step, const float *h, ptrdiff_t taps, float *y,
                            ptrdiff_t stride) {
  const float *x1 = x + step, *x2 = x1 + step, *x3 = x2 + step;
  v16 e0 = {0}, e1 = {0}, e2 = {0}, e3 = {0}, o0 = {0}, o1 = {0}, o2 = {0}, o3 = {0};
  ptrdiff_t k = 0;
  for (; k + 32 <= taps; k += 32) {
    const v16 even = LOAD(h + k), odd = LOAD(h + k + 16);
    e0 += LOAD(x + k) * even, o0 += LOAD(x + k + 16) * odd;
    e1 += LOAD(x1 + k) * even, o1 += LOAD(x1 + k + 16) * odd;
    e2 += LOAD(x2 + k) * even, o2 += LOAD(x2 + k + 16) * odd;
    e3 += LOAD(x3 + k) * even, o3 += LOAD(x3 + k + 16) * odd;
  }
  if (k < taps) {
    const v16 even = LOAD(h + k);
    e0 += LOAD(x + k) * even, e1 += LOAD(x1 + k) * even;
    e2 += LOAD(x2 + k) * even, e3 += LOAD(x3 + k) * even;
  }
  e0 += o0, e1 += o1, e2 += o2, e3 += o3;
  SUM_LANES(e0, y[0]);
  SUM_LANES(e1, y[stride]);
  SUM_LANES(e2, y[2 * stride]);
  SUM_LANES(e3, y[3 * stride]);
}

SENTIO_CLONES
void sentio_resample_polyphase(const float *x, const float *rows, ptrdiff_t taps, int64_t phases,
                               int64_t decimation, int64_t remainder, ptrdiff_t count, float *y) {
  const int64_t whole = decimation / phases, part = decimation % phases;
  // `phases` outputs on, the phase is the same again and the input `decimation` samples further.
  ptrdiff_t n = 0;
  while (n + 4 * phases <= count) {
    for (int64_t phase = 0; phase < phases; phase++) {
      dot_four(x, decimation, rows + remainder * taps, taps, y + n + phase, phases);
      x += whole;
      remainder += part;
      if (remainder >= phases) {
        remainder -= phases;
        x++;
      }
    }
    x += 3 * decimation;
    n += 4 * phases;
  }
  for (; n < count; n++) {
    y[n] = dot_one(x, rows + remainder * taps, taps);
    x += whole;
    remainder += part;
    if (remainder >= phases) {
      remainder -= phases;
      x++;
    }
  }
}

SENTIO_CLONES
void sentio_resample_interpolated(const float *x, const float *rows, ptrdiff_t taps, int64_t grid,
                                  int64_t phases, int64_t decimation, int64_t remainder,
                                  ptrdiff_t count, float *y) {
  int64_t whole = decimation / phases, part = decimation % phases;
  for (ptrdiff_t n = 0; n < count; n++) {
    int64_t scaled = remainder * grid;
    int64_t cell = scaled / phases;
    double d = (double)(scaled % phases) / (double)phases;
    const float *h0 = rows + cell * taps, *h1 = h0 + taps, *h2 = h1 + taps, *h3 = h2 + taps;
    v16 a0 = {0}, a1 = {0}, a2 = {0}, a3 = {0};
    for (ptrdiff_t k = 0; k < taps; k += 16) {
      v16 s = LOAD(x + k);
      a0 += s * LOAD(h0 + k);
      a1 += s * LOAD(h1 + k);
      a2 += s * LOAD(h2 + k);
      a3 += s * LOAD(h3 + k);
    }
    float s0, s1, s2, s3;
    SUM_LANES(a0, s0);
    SUM_LANES(a1, s1);
    SUM_LANES(a2, s2);
    SUM_LANES(a3, s3);
    // Lagrange weights of the nodes -1, 0, 1, 2 at d.
    double w0 = -d * (d - 1) * (d - 2) / 6, w1 = (d + 1) * (d - 1) * (d - 2) / 2;
    double w2 = -(d + 1) * d * (d - 2) / 2, w3 = (d + 1) * d * (d - 1) / 6;
    y[n] = (float)(w0 * s0 + w1 * s1 + w2 * s2 + w3 * s3);
    x += whole;
    remainder += part;
    if (remainder >= phases) {
      remainder -= phases;
      x++;
    }
  }
}
