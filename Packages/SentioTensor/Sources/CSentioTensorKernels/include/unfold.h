#ifndef CSENTIO_TENSOR_UNFOLD_H
#define CSENTIO_TENSOR_UNFOLD_H

#include <stddef.h>

#include "window.h"

/// Lays out what stands under each tap: of every plane, for each tap a plane of the outputs' extents.
void sentio_unfold(const float *x, const struct sentio_window *window, float *out, size_t planes);

/// Adds every tap's plane at the places it stands for: the transpose of ``sentio_unfold``.
void sentio_fold(const float *columns, const struct sentio_window *window, float *out,
                 size_t planes);

#endif
