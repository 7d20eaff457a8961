#include "pool.h"

#include <math.h>
#include <string.h>

#include "clones.h"

static inline ptrdiff_t at_most(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static inline ptrdiff_t at_least(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

// One row of taps against one row of outputs. A NaN is taken whenever it comes, and nothing but
// another NaN takes its place. The step is a constant in the common cases, for shuffles in place of gathers.
#define TAKE_ROW(STEP)                                                         \
  for (ptrdiff_t c = begin; c < end; c++) {                                    \
    const float v = source[c * (STEP)], b = best[c];                           \
    const int takes = (v > b) | (v != v);                                      \
    best[c] = takes ? v : b;                                                   \
  }
#define TAKE_ROW_AND_PLACE(STEP)                                               \
  for (ptrdiff_t c = begin; c < end; c++) {                                    \
    const float v = source[c * (STEP)], b = best[c];                           \
    const int takes = (v > b) | (v != v) | (place[c] < 0);                     \
    best[c] = takes ? v : b;                                                   \
    place[c] = takes ? first + (int32_t)c * (int32_t)(STEP) : place[c];        \
  }

SENTIO_CLONES void sentio_max_pool(const float *x, const struct sentio_window *window, float *out,
                                   int32_t *places, size_t planes) {
  const struct sentio_window w = *window;
  for (size_t plane = 0; plane < planes; plane++, x += w.height * w.width) {
    for (ptrdiff_t r = 0; r < w.out_height; r++, out += w.out_width) {
      float *restrict best = out;
      int32_t *restrict place = places;
      for (ptrdiff_t c = 0; c < w.out_width; c++) best[c] = -INFINITY;
      if (place) memset(place, 0xff, (size_t)w.out_width * sizeof *place);
      for (ptrdiff_t a = 0; a < w.kernel_height; a++) {
        const ptrdiff_t y = r * w.stride_y - w.top + a * w.dilation_y;
        if (y < 0 || y >= w.height) continue;
        for (ptrdiff_t b = 0; b < w.kernel_width; b++) {
          const ptrdiff_t offset = b * w.dilation_x - w.left;
          ptrdiff_t begin, end;
          sentio_tap_range(w.width, w.out_width, w.stride_x, offset, &begin, &end);
          const float *source = x + y * w.width + offset;
          if (!place) {
            if (w.stride_x == 1) {
              TAKE_ROW(1)
            } else if (w.stride_x == 2) {
              TAKE_ROW(2)
            } else {
              TAKE_ROW(w.stride_x)
            }
          } else {
            const int32_t first = (int32_t)(y * w.width + offset);
            if (w.stride_x == 1) {
              TAKE_ROW_AND_PLACE(1)
            } else if (w.stride_x == 2) {
              TAKE_ROW_AND_PLACE(2)
            } else {
              TAKE_ROW_AND_PLACE(w.stride_x)
            }
          }
        }
      }
      if (places) places += w.out_width;
    }
  }
}

static inline ptrdiff_t cell_begin(ptrdiff_t o, ptrdiff_t n, ptrdiff_t m) { return o * n / m; }
static inline ptrdiff_t cell_end(ptrdiff_t o, ptrdiff_t n, ptrdiff_t m) {
  return ((o + 1) * n + m - 1) / m;
}

void sentio_adaptive_max_pool(const float *x, const struct sentio_window *window, float *out,
                              int32_t *places, size_t planes) {
  const struct sentio_window w = *window;
  for (size_t plane = 0; plane < planes; plane++, x += w.height * w.width) {
    for (ptrdiff_t r = 0; r < w.out_height; r++) {
      const ptrdiff_t top = cell_begin(r, w.height, w.out_height);
      const ptrdiff_t bottom = cell_end(r, w.height, w.out_height);
      for (ptrdiff_t c = 0; c < w.out_width; c++, out++) {
        const ptrdiff_t left = cell_begin(c, w.width, w.out_width);
        const ptrdiff_t right = cell_end(c, w.width, w.out_width);
        ptrdiff_t best = top * w.width + left;
        for (ptrdiff_t i = top; i < bottom; i++) {
          for (ptrdiff_t j = left; j < right; j++) {
            const float v = x[i * w.width + j];
            if (v > x[best] || v != v) best = i * w.width + j;
          }
        }
        *out = x[best];
        if (places) *places++ = (int32_t)best;
      }
    }
  }
}

void sentio_max_pool_gradient(const float *g, const int32_t *places, float *out, size_t planes,
                              size_t out_plane, size_t plane) {
  for (size_t p = 0; p < planes; p++, g += out_plane, places += out_plane, out += plane) {
    memset(out, 0, plane * sizeof *out);
    for (size_t i = 0; i < out_plane; i++) {
      if (places[i] >= 0) out[places[i]] += g[i];
    }
  }
}

// How many places of an axis a window's mean is over.
static inline ptrdiff_t counted(ptrdiff_t o, ptrdiff_t stride, ptrdiff_t before, ptrdiff_t kernel,
                                ptrdiff_t extent, ptrdiff_t after, int counts_padding) {
  ptrdiff_t begin = o * stride - before;
  ptrdiff_t end = at_most(begin + kernel, extent + after);
  if (!counts_padding) {
    begin = at_least(begin, 0);
    end = at_most(end, extent);
  }
  return end - begin;
}

SENTIO_CLONES static void divide_row(const struct sentio_window *w, ptrdiff_t r, int counts_padding,
                                     const float *x, float *out) {
  const ptrdiff_t rows = counted(r, w->stride_y, w->top, w->kernel_height, w->height, w->bottom,
                                 counts_padding);
  for (ptrdiff_t c = 0; c < w->out_width; c++) {
    const ptrdiff_t columns = counted(c, w->stride_x, w->left, w->kernel_width, w->width, w->right,
                                      counts_padding);
    out[c] = x[c] / (float)at_least(rows * columns, 1);
  }
}

#define ADD_ROW(STEP) \
  for (ptrdiff_t c = begin; c < end; c++) sum[c] += source[c * (STEP)];
#define SPREAD_ROW(STEP) \
  for (ptrdiff_t c = begin; c < end; c++) target[c * (STEP)] += row[c];

SENTIO_CLONES void sentio_average_pool(const float *x, const struct sentio_window *window,
                                       int counts_padding, float *out, size_t planes) {
  const struct sentio_window w = *window;
  for (size_t plane = 0; plane < planes; plane++, x += w.height * w.width) {
    for (ptrdiff_t r = 0; r < w.out_height; r++, out += w.out_width) {
      float *restrict sum = out;
      memset(sum, 0, (size_t)w.out_width * sizeof *sum);
      for (ptrdiff_t a = 0; a < w.kernel_height; a++) {
        const ptrdiff_t y = r * w.stride_y - w.top + a;
        if (y < 0 || y >= w.height) continue;
        for (ptrdiff_t b = 0; b < w.kernel_width; b++) {
          ptrdiff_t begin, end;
          sentio_tap_range(w.width, w.out_width, w.stride_x, b - w.left, &begin, &end);
          const float *source = x + y * w.width + b - w.left;
          if (w.stride_x == 1) {
            ADD_ROW(1)
          } else if (w.stride_x == 2) {
            ADD_ROW(2)
          } else {
            ADD_ROW(w.stride_x)
          }
        }
      }
      divide_row(&w, r, counts_padding, out, out);
    }
  }
}

SENTIO_CLONES void sentio_average_pool_gradient(const float *g, const struct sentio_window *window,
                                                int counts_padding, float *row, float *out,
                                                size_t planes) {
  const struct sentio_window w = *window;
  for (size_t plane = 0; plane < planes; plane++, out += w.height * w.width) {
    memset(out, 0, (size_t)(w.height * w.width) * sizeof *out);
    for (ptrdiff_t r = 0; r < w.out_height; r++, g += w.out_width) {
      divide_row(&w, r, counts_padding, g, row);
      for (ptrdiff_t a = 0; a < w.kernel_height; a++) {
        const ptrdiff_t y = r * w.stride_y - w.top + a;
        if (y < 0 || y >= w.height) continue;
        for (ptrdiff_t b = 0; b < w.kernel_width; b++) {
          ptrdiff_t begin, end;
          sentio_tap_range(w.width, w.out_width, w.stride_x, b - w.left, &begin, &end);
          float *restrict target = out + y * w.width + b - w.left;
          if (w.stride_x == 1) {
            SPREAD_ROW(1)
          } else {
            SPREAD_ROW(w.stride_x)
          }
        }
      }
    }
  }
}

SENTIO_CLONES void sentio_adaptive_average_pool(const float *x, const struct sentio_window *window,
                                                float *row, float *out, size_t planes) {
  const struct sentio_window w = *window;
  for (size_t plane = 0; plane < planes; plane++, x += w.height * w.width) {
    for (ptrdiff_t r = 0; r < w.out_height; r++) {
      const ptrdiff_t top = cell_begin(r, w.height, w.out_height);
      const ptrdiff_t bottom = cell_end(r, w.height, w.out_height);
      float *restrict sums = row;
      memset(sums, 0, (size_t)w.width * sizeof *sums);
      for (ptrdiff_t i = top; i < bottom; i++) {
        for (ptrdiff_t j = 0; j < w.width; j++) sums[j] += x[i * w.width + j];
      }
      for (ptrdiff_t c = 0; c < w.out_width; c++, out++) {
        const ptrdiff_t left = cell_begin(c, w.width, w.out_width);
        const ptrdiff_t right = cell_end(c, w.width, w.out_width);
        double sum = 0;
        for (ptrdiff_t j = left; j < right; j++) sum += (double)sums[j];
        *out = (float)(sum / (double)((bottom - top) * (right - left)));
      }
    }
  }
}

void sentio_adaptive_average_pool_gradient(const float *g, const struct sentio_window *window,
                                           float *out, size_t planes) {
  const struct sentio_window w = *window;
  for (size_t plane = 0; plane < planes; plane++, out += w.height * w.width) {
    memset(out, 0, (size_t)(w.height * w.width) * sizeof *out);
    for (ptrdiff_t r = 0; r < w.out_height; r++) {
      const ptrdiff_t top = cell_begin(r, w.height, w.out_height);
      const ptrdiff_t bottom = cell_end(r, w.height, w.out_height);
      for (ptrdiff_t c = 0; c < w.out_width; c++, g++) {
        const ptrdiff_t left = cell_begin(c, w.width, w.out_width);
        const ptrdiff_t right = cell_end(c, w.width, w.out_width);
        const float share = *g / (float)((bottom - top) * (right - left));
        for (ptrdiff_t i = top; i < bottom; i++) {
          for (ptrdiff_t j = left; j < right; j++) out[i * w.width + j] += share;
        }
      }
    }
  }
}
