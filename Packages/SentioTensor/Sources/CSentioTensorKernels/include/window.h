#ifndef CSENTIO_TENSOR_WINDOW_H
#define CSENTIO_TENSOR_WINDOW_H

#include <stddef.h>

/// How a window of taps moves over a plane: tap (a, b) of output (r, c) stands at row
/// `r · stride_y − top + a · dilation_y` and column `c · stride_x − left + b · dilation_x`.
struct sentio_window {
  ptrdiff_t height, width, out_height, out_width;
  ptrdiff_t kernel_height, kernel_width, stride_y, stride_x, dilation_y, dilation_x;
  ptrdiff_t top, bottom, left, right;
};

/// The outputs begin..<end of which a tap at `offset` stands inside an extent.
static inline void sentio_tap_range(ptrdiff_t extent, ptrdiff_t out_extent, ptrdiff_t stride,
                                    ptrdiff_t offset, ptrdiff_t *begin, ptrdiff_t *end) {
  ptrdiff_t first = offset < 0 ? (-offset + stride - 1) / stride : 0;
  ptrdiff_t last = offset < extent ? (extent - 1 - offset) / stride + 1 : 0;
  if (last > out_extent) last = out_extent;
  if (first > last) first = last;
  *begin = first;
  *end = last;
}

#endif
