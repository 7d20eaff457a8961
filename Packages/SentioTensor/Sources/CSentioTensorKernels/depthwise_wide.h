#ifndef CSENTIO_TENSOR_DEPTHWISE_WIDE_H
#define CSENTIO_TENSOR_DEPTHWISE_WIDE_H

// Depthwise kernels of step 1 on AVX-512, a strip of 16 columns at a time. The rows of a late layer are
// as short as 14 numbers: a masked load reads them without a remainder loop, and reads 0 for the padding.

#include <stdatomic.h>

#include "processor.h"
#include "window.h"

#if defined(__x86_64__) && defined(__linux__)
#define SENTIO_HAS_WIDE 1
#include <immintrin.h>

#define WIDE __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define WIDE_INLINE WIDE static inline __attribute__((always_inline))

/// Whether the chip runs them.
static int runs_wide(void) {
  static atomic_int known = -1;
  int answer = atomic_load_explicit(&known, memory_order_relaxed);
  if (answer < 0) {
    const uint32_t needed =
        SENTIO_CPU_AVX512F | SENTIO_CPU_AVX512BW | SENTIO_CPU_AVX512DQ | SENTIO_CPU_AVX512VL;
    answer = (sentio_cpu_features() & needed) == needed;
    atomic_store_explicit(&known, answer, memory_order_relaxed);
  }
  return answer;
}

// The lanes whose place start + lane lies within 0 ..< extent.
WIDE_INLINE __mmask16 lanes_within(ptrdiff_t start, ptrdiff_t extent) {
  ptrdiff_t low = start < 0 ? -start : 0, high = extent - start;
  if (low > 16) low = 16;
  if (high > 16) high = 16;
  if (high < low) high = low;
  return (__mmask16)((0xffffu >> (16 - high)) & (0xffffu << low) & 0xffffu);
}

// A plane, for any kernel; with constants for its extents the compiler unrolls the taps. The kernel
// is read backwards where `flip`, and the sums are added to the output where `adds`.
WIDE_INLINE void plane_wide(const float *x, const float *weight, float bias,
                            const struct sentio_window *w, float *out, ptrdiff_t kernel_height,
                            ptrdiff_t kernel_width, int flip, int adds) {
  const ptrdiff_t last = kernel_height * kernel_width - 1;
  for (ptrdiff_t left = 0; left < w->out_width; left += 16) {
    const __mmask16 inside = lanes_within(left, w->out_width);
    for (ptrdiff_t r = 0; r < w->out_height; r++) {
      float *target = out + r * w->out_width + left;
      __m512 sum = adds ? _mm512_maskz_loadu_ps(inside, target) : _mm512_set1_ps(bias);
      for (ptrdiff_t a = 0; a < kernel_height; a++) {
        const ptrdiff_t y = r * w->stride_y - w->top + a * w->dilation_y;
        if (y < 0 || y >= w->height) continue;
        const float *row = x + y * w->width;
        for (ptrdiff_t b = 0; b < kernel_width; b++) {
          const ptrdiff_t column = left - w->left + b * w->dilation_x;
          const ptrdiff_t tap = a * kernel_width + b;
          const __m512 v = _mm512_maskz_loadu_ps(lanes_within(column, w->width), row + column);
          sum = _mm512_fmadd_ps(_mm512_set1_ps(weight[flip ? last - tap : tap]), v, sum);
        }
      }
      _mm512_mask_storeu_ps(target, inside, sum);
    }
  }
}

// 3 × 3 at step 1: each row of the input is read once and serves the three rows of output around it.
WIDE_INLINE void plane_wide_3x3(const float *x, const float *weight, float bias,
                                const struct sentio_window *w, float *out, int flip, int adds) {
  __m512 k[9];
  for (int i = 0; i < 9; i++) k[i] = _mm512_set1_ps(weight[flip ? 8 - i : i]);
  for (ptrdiff_t left = 0; left < w->out_width; left += 16) {
    const __mmask16 inside = lanes_within(left, w->out_width);
    const ptrdiff_t column = left - w->left;
    const __mmask16 m0 = lanes_within(column, w->width);
    const __mmask16 m1 = lanes_within(column + 1, w->width);
    const __mmask16 m2 = lanes_within(column + 2, w->width);
    // Sums of the output rows that end with the next input row, and with the one after it.
    __m512 next = _mm512_set1_ps(bias), after = next;
    for (ptrdiff_t y = -w->top; y < w->out_height + 2 - w->top; y++) {
      const ptrdiff_t r = y + w->top - 2;
      __m512 top = _mm512_set1_ps(bias), middle = after, bottom = next;
      if (y >= 0 && y < w->height) {
        const float *row = x + y * w->width + column;
        const __m512 v0 = _mm512_maskz_loadu_ps(m0, row);
        const __m512 v1 = _mm512_maskz_loadu_ps(m1, row + 1);
        const __m512 v2 = _mm512_maskz_loadu_ps(m2, row + 2);
        top = _mm512_fmadd_ps(k[0], v0, top);
        middle = _mm512_fmadd_ps(k[3], v0, middle);
        bottom = _mm512_fmadd_ps(k[6], v0, bottom);
        top = _mm512_fmadd_ps(k[1], v1, top);
        middle = _mm512_fmadd_ps(k[4], v1, middle);
        bottom = _mm512_fmadd_ps(k[7], v1, bottom);
        top = _mm512_fmadd_ps(k[2], v2, top);
        middle = _mm512_fmadd_ps(k[5], v2, middle);
        bottom = _mm512_fmadd_ps(k[8], v2, bottom);
      }
      if (r >= 0) {
        float *target = out + r * w->out_width + left;
        if (adds) bottom = _mm512_add_ps(bottom, _mm512_maskz_loadu_ps(inside, target));
        _mm512_mask_storeu_ps(target, inside, bottom);
      }
      next = middle;
      after = top;
    }
  }
}

WIDE static void convolve_plane_wide(const float *x, const float *weight, float bias,
                                     const struct sentio_window *w, float *out, int flip, int adds) {
  const ptrdiff_t kh = w->kernel_height, kw = w->kernel_width;
  if (kh == 3 && kw == 3 && w->dilation_x == 1 && w->dilation_y == 1 && w->stride_y == 1) {
    plane_wide_3x3(x, weight, bias, w, out, flip, adds);
  } else if (kh == 5 && kw == 5) {
    plane_wide(x, weight, bias, w, out, 5, 5, flip, adds);
  } else if (kh == 1 && kw == 3) {
    plane_wide(x, weight, bias, w, out, 1, 3, flip, adds);
  } else {
    plane_wide(x, weight, bias, w, out, kh, kw, flip, adds);
  }
}

// The 3 × 3 kernel of a channel over a batch, at step 1: each row of the input meets the three rows of the
// gradient around it, which stay in registers, as the nine sums do from plane to plane.
WIDE static void correlate_channel_3x3(const float *x, ptrdiff_t x_step, const float *g,
                                       ptrdiff_t g_step, size_t batch, const struct sentio_window *w,
                                       double *sums, double *total) {
  const __m512 zero = _mm512_setzero_ps();
  __m512 s0 = zero, s1 = zero, s2 = zero, s3 = zero, s4 = zero, s5 = zero, s6 = zero, s7 = zero,
         s8 = zero, all = zero;
  ptrdiff_t pending = 0;
  for (size_t n = 0; n < batch; n++, x += x_step, g += g_step) {
    for (ptrdiff_t left = 0; left < w->out_width; left += 16) {
      const __mmask16 inside = lanes_within(left, w->out_width);
      const ptrdiff_t column = left - w->left;
      const __mmask16 m0 = lanes_within(column, w->width);
      const __mmask16 m1 = lanes_within(column + 1, w->width);
      const __mmask16 m2 = lanes_within(column + 2, w->width);
      __m512 middle = zero, bottom = zero;
      for (ptrdiff_t r = 0; r < w->out_height + 2; r++) {
        // Input row r − top is under the first row of taps of output r, the second of r − 1, the third of r − 2.
        const __m512 top =
            r < w->out_height ? _mm512_maskz_loadu_ps(inside, g + r * w->out_width + left) : zero;
        all = _mm512_add_ps(all, top);
        const ptrdiff_t y = r - w->top;
        if (y >= 0 && y < w->height) {
          const float *row = x + y * w->width + column;
          const __m512 v0 = _mm512_maskz_loadu_ps(m0, row);
          const __m512 v1 = _mm512_maskz_loadu_ps(m1, row + 1);
          const __m512 v2 = _mm512_maskz_loadu_ps(m2, row + 2);
          s0 = _mm512_fmadd_ps(top, v0, s0);
          s1 = _mm512_fmadd_ps(top, v1, s1);
          s2 = _mm512_fmadd_ps(top, v2, s2);
          s3 = _mm512_fmadd_ps(middle, v0, s3);
          s4 = _mm512_fmadd_ps(middle, v1, s4);
          s5 = _mm512_fmadd_ps(middle, v2, s5);
          s6 = _mm512_fmadd_ps(bottom, v0, s6);
          s7 = _mm512_fmadd_ps(bottom, v1, s7);
          s8 = _mm512_fmadd_ps(bottom, v2, s8);
        }
        bottom = middle;
        middle = top;
      }
      // Sums of a few hundred terms in single precision, sums of those in double.
      pending += w->out_height;
      if (pending >= 256 || (n + 1 == batch && left + 16 >= w->out_width)) {
        const __m512 part[9] = {s0, s1, s2, s3, s4, s5, s6, s7, s8};
        for (int i = 0; i < 9; i++) sums[i] += (double)_mm512_reduce_add_ps(part[i]);
        if (total) *total += (double)_mm512_reduce_add_ps(all);
        s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = s8 = all = zero;
        pending = 0;
      }
    }
  }
}

// What one plane adds to up to `rows` rows of taps, from tap row `first` on; constants keep the sums in
// registers.
WIDE_INLINE void taps_wide(const float *x, const float *g, const struct sentio_window *w,
                           ptrdiff_t first, ptrdiff_t rows, ptrdiff_t begin, ptrdiff_t columns,
                           double *sums, double *total) {
  __m512 sum[25], all = _mm512_setzero_ps();
  for (ptrdiff_t i = 0; i < rows * columns; i++) sum[i] = _mm512_setzero_ps();
  for (ptrdiff_t left = 0; left < w->out_width; left += 16) {
    const __mmask16 inside = lanes_within(left, w->out_width);
    for (ptrdiff_t r = 0; r < w->out_height; r++) {
      const __m512 v = _mm512_maskz_loadu_ps(inside, g + r * w->out_width + left);
      if (total) all = _mm512_add_ps(all, v);
      for (ptrdiff_t a = 0; a < rows; a++) {
        const ptrdiff_t y = r * w->stride_y - w->top + (first + a) * w->dilation_y;
        if (y < 0 || y >= w->height) continue;
        const float *row = x + y * w->width;
        for (ptrdiff_t b = 0; b < columns; b++) {
          const ptrdiff_t column = left - w->left + (begin + b) * w->dilation_x;
          const __m512 u = _mm512_maskz_loadu_ps(lanes_within(column, w->width), row + column);
          sum[a * columns + b] = _mm512_fmadd_ps(v, u, sum[a * columns + b]);
        }
      }
    }
  }
  for (ptrdiff_t a = 0; a < rows; a++) {
    for (ptrdiff_t b = 0; b < columns; b++) {
      sums[(first + a) * w->kernel_width + begin + b] +=
          (double)_mm512_reduce_add_ps(sum[a * columns + b]);
    }
  }
  if (total) *total += (double)_mm512_reduce_add_ps(all);
}

WIDE static void correlate_plane_wide(const float *x, const float *g, const struct sentio_window *w,
                                      double *sums, double *total) {
  const ptrdiff_t kh = w->kernel_height, kw = w->kernel_width;
  if (kh == 3 && kw == 3) {
    taps_wide(x, g, w, 0, 3, 0, 3, sums, total);
  } else if (kh == 5 && kw == 5) {
    taps_wide(x, g, w, 0, 5, 0, 5, sums, total);
  } else {
    for (ptrdiff_t a = 0; a < kh; a++) {
      for (ptrdiff_t b = 0; b < kw; b += 5) {
        double *wanted = a == 0 && b == 0 ? total : NULL;
        switch (kw - b) {
          case 1: taps_wide(x, g, w, a, 1, b, 1, sums, wanted); break;
          case 2: taps_wide(x, g, w, a, 1, b, 2, sums, wanted); break;
          case 3: taps_wide(x, g, w, a, 1, b, 3, sums, wanted); break;
          case 4: taps_wide(x, g, w, a, 1, b, 4, sums, wanted); break;
          default: taps_wide(x, g, w, a, 1, b, 5, sums, wanted); break;
        }
      }
    }
  }
}

#endif
#endif
