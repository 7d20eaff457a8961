#include "depthwise.h"

#include <string.h>

#include "clones.h"
#include "depthwise_wide.h"
#include "row_sum.h"

#define GATHER_ROW(STEP) \
  for (ptrdiff_t c = begin; c < end; c++) sum[c] += k * source[c * (STEP)];
#define SCATTER_ROW(STEP) \
  for (ptrdiff_t c = begin; c < end; c++) target[c * (STEP)] += k * source[c];

// A plane through one kernel, row by row and tap by tap: any step, on any chip.
SENTIO_CLONES static void convolve_plane(const float *x, const float *weight, float bias,
                                         const struct sentio_window *window, float *out) {
  const struct sentio_window w = *window;
  for (ptrdiff_t r = 0; r < w.out_height; r++, out += w.out_width) {
    float *restrict sum = out;
    for (ptrdiff_t c = 0; c < w.out_width; c++) sum[c] = bias;
    for (ptrdiff_t a = 0; a < w.kernel_height; a++) {
      const ptrdiff_t y = r * w.stride_y - w.top + a * w.dilation_y;
      if (y < 0 || y >= w.height) continue;
      for (ptrdiff_t b = 0; b < w.kernel_width; b++) {
        const ptrdiff_t offset = b * w.dilation_x - w.left;
        const float k = weight[a * w.kernel_width + b];
        ptrdiff_t begin, end;
        sentio_tap_range(w.width, w.out_width, w.stride_x, offset, &begin, &end);
        const float *source = x + y * w.width + offset;
        if (w.stride_x == 1) {
          GATHER_ROW(1)
        } else if (w.stride_x == 2) {
          GATHER_ROW(2)
        } else {
          GATHER_ROW(w.stride_x)
        }
      }
    }
  }
}

// Adds the gradient that comes back through one kernel to its input's.
SENTIO_CLONES static void spread_plane(const float *g, const float *weight,
                                       const struct sentio_window *window, float *out) {
  const struct sentio_window w = *window;
  for (ptrdiff_t r = 0; r < w.out_height; r++, g += w.out_width) {
    for (ptrdiff_t a = 0; a < w.kernel_height; a++) {
      const ptrdiff_t y = r * w.stride_y - w.top + a * w.dilation_y;
      if (y < 0 || y >= w.height) continue;
      for (ptrdiff_t b = 0; b < w.kernel_width; b++) {
        const ptrdiff_t offset = b * w.dilation_x - w.left;
        const float k = weight[a * w.kernel_width + b];
        ptrdiff_t begin, end;
        sentio_tap_range(w.width, w.out_width, w.stride_x, offset, &begin, &end);
        const float *source = g;
        float *restrict target = out + y * w.width + offset;
        if (w.stride_x == 1) {
          SCATTER_ROW(1)
        } else {
          SCATTER_ROW(w.stride_x)
        }
      }
    }
  }
}

// Adds what one plane contributes to the gradients of a kernel, and of a bias unless `total` is NULL.
SENTIO_CLONES static void correlate_plane(const float *x, const float *g,
                                          const struct sentio_window *window, double *sums,
                                          double *total) {
  const struct sentio_window w = *window;
  for (ptrdiff_t r = 0; r < w.out_height; r++, g += w.out_width) {
    for (ptrdiff_t a = 0; a < w.kernel_height; a++) {
      const ptrdiff_t y = r * w.stride_y - w.top + a * w.dilation_y;
      if (y < 0 || y >= w.height) continue;
      for (ptrdiff_t b = 0; b < w.kernel_width; b++) {
        const ptrdiff_t offset = b * w.dilation_x - w.left;
        ptrdiff_t begin, end;
        sentio_tap_range(w.width, w.out_width, w.stride_x, offset, &begin, &end);
        if (begin == end) continue;
        const float *source = x + y * w.width + offset + begin * w.stride_x, *out = g + begin;
        double sum;
        if (w.stride_x == 1) {
          ROW_SUM(sum, (size_t)(end - begin), source[i] * out[i]);
        } else {
          ROW_SUM(sum, (size_t)(end - begin), source[i * (size_t)w.stride_x] * out[i]);
        }
        sums[a * w.kernel_width + b] += sum;
      }
    }
    if (total) {
      double sum;
      ROW_SUM(sum, (size_t)w.out_width, g[i]);
      *total += sum;
    }
  }
}

void sentio_depthwise(const float *x, const float *weight, const float *bias,
                      const struct sentio_window *window, float *out, size_t channels,
                      size_t multiplier, size_t begin, size_t end) {
  const struct sentio_window w = *window;
  const size_t plane = (size_t)(w.height * w.width), out_plane = (size_t)(w.out_height * w.out_width);
  const size_t taps = (size_t)(w.kernel_height * w.kernel_width);
  for (size_t p = begin; p < end; p++) {
    const size_t channel = p % channels;
    const float *source = x + p / multiplier * plane, *kernel = weight + channel * taps;
    const float offset = bias ? bias[channel] : 0;
#if SENTIO_HAS_WIDE
    if (w.stride_x == 1 && runs_wide()) {
      convolve_plane_wide(source, kernel, offset, &w, out + p * out_plane, 0, 0);
      continue;
    }
#endif
    convolve_plane(source, kernel, offset, &w, out + p * out_plane);
  }
}

void sentio_depthwise_input_gradient(const float *g, const float *weight,
                                     const struct sentio_window *window, float *out, size_t channels,
                                     size_t multiplier, size_t begin, size_t end) {
  const struct sentio_window w = *window;
  const size_t plane = (size_t)(w.height * w.width), out_plane = (size_t)(w.out_height * w.out_width);
  const size_t taps = (size_t)(w.kernel_height * w.kernel_width);
  // At step 1 it is a convolution with the kernel turned round.
  struct sentio_window back = w;
  back.height = w.out_height, back.width = w.out_width;
  back.out_height = w.height, back.out_width = w.width;
  back.top = (w.kernel_height - 1) * w.dilation_y - w.top;
  back.left = (w.kernel_width - 1) * w.dilation_x - w.left;
  for (size_t p = begin; p < end; p++) {
    float *target = out + p * plane;
    for (size_t m = 0; m < multiplier; m++) {
      const size_t from = p * multiplier + m;
      const float *source = g + from * out_plane, *kernel = weight + from % channels * taps;
#if SENTIO_HAS_WIDE
      if (w.stride_x == 1 && w.stride_y == 1 && runs_wide()) {
        convolve_plane_wide(source, kernel, 0, &back, target, 1, m > 0);
        continue;
      }
#endif
      if (m == 0) memset(target, 0, plane * sizeof *target);
      spread_plane(source, kernel, &w, target);
    }
  }
}

void sentio_depthwise_weight_gradient(const float *x, const float *g,
                                      const struct sentio_window *window, float *weight_out,
                                      float *bias_out, double *sums, size_t batch, size_t channels,
                                      size_t multiplier, size_t begin, size_t end) {
  const struct sentio_window w = *window;
  const size_t plane = (size_t)(w.height * w.width), out_plane = (size_t)(w.out_height * w.out_width);
  const size_t taps = (size_t)(w.kernel_height * w.kernel_width);
  for (size_t channel = begin; channel < end; channel++) {
    memset(sums, 0, (taps + 1) * sizeof *sums);
    double *total = bias_out ? sums + taps : NULL;
    size_t done = 0;
#if SENTIO_HAS_WIDE
    if (w.kernel_height == 3 && w.kernel_width == 3 && w.stride_x == 1 && w.stride_y == 1 &&
        w.dilation_x == 1 && w.dilation_y == 1 && runs_wide()) {
      correlate_channel_3x3(x + channel / multiplier * plane, (ptrdiff_t)(channels / multiplier * plane),
                            g + channel * out_plane, (ptrdiff_t)(channels * out_plane), batch, &w, sums,
                            total);
      done = batch;
    }
#endif
    for (size_t n = done; n < batch; n++) {
      const size_t p = n * channels + channel;
      const float *source = x + p / multiplier * plane, *arriving = g + p * out_plane;
#if SENTIO_HAS_WIDE
      if (w.stride_x == 1 && runs_wide()) {
        correlate_plane_wide(source, arriving, &w, sums, total);
        continue;
      }
#endif
      correlate_plane(source, arriving, &w, sums, total);
    }
    for (size_t t = 0; t < taps; t++) weight_out[channel * taps + t] = (float)sums[t];
    if (bias_out) bias_out[channel] = (float)sums[taps];
  }
}
