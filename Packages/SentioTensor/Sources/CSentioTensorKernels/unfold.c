#include "unfold.h"

#include <string.h>

#include "clones.h"

SENTIO_CLONES void sentio_unfold(const float *x, const struct sentio_window *window, float *out,
                                 size_t planes) {
  const struct sentio_window w = *window;
  for (size_t plane = 0; plane < planes; plane++, x += w.height * w.width) {
    for (ptrdiff_t a = 0; a < w.kernel_height; a++) {
      for (ptrdiff_t b = 0; b < w.kernel_width; b++) {
        const ptrdiff_t offset = b * w.dilation_x - w.left;
        ptrdiff_t begin, end;
        sentio_tap_range(w.width, w.out_width, w.stride_x, offset, &begin, &end);
        for (ptrdiff_t r = 0; r < w.out_height; r++, out += w.out_width) {
          const ptrdiff_t y = r * w.stride_y - w.top + a * w.dilation_y;
          float *restrict target = out;
          if (y < 0 || y >= w.height) {
            memset(target, 0, (size_t)w.out_width * sizeof *target);
            continue;
          }
          const float *source = x + y * w.width + offset;
          for (ptrdiff_t c = 0; c < begin; c++) target[c] = 0;
          if (w.stride_x == 1) {
            for (ptrdiff_t c = begin; c < end; c++) target[c] = source[c];
          } else {
            for (ptrdiff_t c = begin; c < end; c++) target[c] = source[c * w.stride_x];
          }
          for (ptrdiff_t c = end; c < w.out_width; c++) target[c] = 0;
        }
      }
    }
  }
}

SENTIO_CLONES void sentio_fold(const float *columns, const struct sentio_window *window, float *out,
                               size_t planes) {
  const struct sentio_window w = *window;
  for (size_t plane = 0; plane < planes; plane++, out += w.height * w.width) {
    memset(out, 0, (size_t)(w.height * w.width) * sizeof *out);
    for (ptrdiff_t a = 0; a < w.kernel_height; a++) {
      for (ptrdiff_t b = 0; b < w.kernel_width; b++) {
        const ptrdiff_t offset = b * w.dilation_x - w.left;
        ptrdiff_t begin, end;
        sentio_tap_range(w.width, w.out_width, w.stride_x, offset, &begin, &end);
        for (ptrdiff_t r = 0; r < w.out_height; r++, columns += w.out_width) {
          const ptrdiff_t y = r * w.stride_y - w.top + a * w.dilation_y;
          if (y < 0 || y >= w.height) continue;
          float *restrict target = out + y * w.width + offset;
          if (w.stride_x == 1) {
            for (ptrdiff_t c = begin; c < end; c++) target[c] += columns[c];
          } else {
            for (ptrdiff_t c = begin; c < end; c++) target[c * w.stride_x] += columns[c];
          }
        }
      }
    }
  }
}
