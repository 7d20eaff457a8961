#ifndef CSENTIO_TENSOR_POOL_H
#define CSENTIO_TENSOR_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "window.h"

/// The largest element under each window of `planes` planes, and into `places`, unless it is NULL,
/// where in its plane it stands: of equals the first, but of NaNs the last; −1 under a window of
/// padding alone, whose maximum is −∞.
void sentio_max_pool(const float *x, const struct sentio_window *window, float *out, int32_t *places,
                     size_t planes);

/// The largest elements of an adaptive grid: cell o of an axis holds ⌊o·n/m⌋ ..< ⌈(o+1)·n/m⌉.
void sentio_adaptive_max_pool(const float *x, const struct sentio_window *window, float *out,
                              int32_t *places, size_t planes);

/// Adds each output's gradient to the place its value came from; `out` is zeroed first.
void sentio_max_pool_gradient(const float *g, const int32_t *places, float *out, size_t planes,
                              size_t out_plane, size_t plane);

/// The mean under each window. Padding within `bottom` and `right` counts where `counts_padding`.
void sentio_average_pool(const float *x, const struct sentio_window *window, int counts_padding,
                         float *out, size_t planes);
/// Its gradient; `row` is scratch memory for out_width numbers.
void sentio_average_pool_gradient(const float *g, const struct sentio_window *window,
                                  int counts_padding, float *row, float *out, size_t planes);

/// The means of an adaptive grid; `row` is scratch memory for `width` numbers.
void sentio_adaptive_average_pool(const float *x, const struct sentio_window *window, float *row,
                                  float *out, size_t planes);
void sentio_adaptive_average_pool_gradient(const float *g, const struct sentio_window *window,
                                           float *out, size_t planes);

#endif
