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

SENTIO_CLONES
void sentio_resample_polyphase(const float *x, const float *rows, ptrdiff_t taps, int64_t phases,
                               int64_t decimation, int64_t remainder, ptrdiff_t count, float *y) {
  int64_t whole = decimation / phases, part = decimation % phases;
  for (ptrdiff_t n = 0; n < count; n++) {
    const float *h = rows + remainder * taps;
    v16 even = {0}, odd = {0};
    ptrdiff_t k = 0;
    for (; k + 32 <= taps; k += 32) {
      even += LOAD(x + k) * LOAD(h + k);
      odd += LOAD(x + k + 16) * LOAD(h + k + 16);
    }
    if (k < taps) even += LOAD(x + k) * LOAD(h + k);
    v16 total = even + odd;
    float sum;
    SUM_LANES(total, sum);
    y[n] = sum;
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
