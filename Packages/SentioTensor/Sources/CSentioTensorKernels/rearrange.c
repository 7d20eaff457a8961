#include "rearrange.h"

#include <string.h>

#include "clones.h"

// The two innermost axes. Where the source's neighbours lie along the outer of the two, a block of
// 16 × 16 at a time keeps both sides within the nearest cache.
SENTIO_CLONES static void copy_plane(const float *source, ptrdiff_t sr, ptrdiff_t sc, float *target,
                                     ptrdiff_t tr, ptrdiff_t tc, size_t rows, size_t columns,
                                     int accumulate) {
  if (!accumulate && sc == 1 && tc == 1) {
    for (size_t r = 0; r < rows; r++) {
      memcpy(target + (ptrdiff_t)r * tr, source + (ptrdiff_t)r * sr, columns * sizeof(float));
    }
    return;
  }
  if (!accumulate && sc == 0 && tc == 1) {
    for (size_t r = 0; r < rows; r++) {
      const float value = source[(ptrdiff_t)r * sr];
      float *t = target + (ptrdiff_t)r * tr;
      for (size_t c = 0; c < columns; c++) t[c] = value;
    }
    return;
  }
  if (!accumulate && sr == 1 && tc == 1) {
    for (size_t top = 0; top < rows; top += 16) {
      const size_t bottom = top + 16 < rows ? top + 16 : rows;
      for (size_t left = 0; left < columns; left += 16) {
        const size_t right = left + 16 < columns ? left + 16 : columns;
        for (size_t r = top; r < bottom; r++) {
          for (size_t c = left; c < right; c++) {
            target[(ptrdiff_t)r * tr + (ptrdiff_t)c] = source[(ptrdiff_t)r + (ptrdiff_t)c * sc];
          }
        }
      }
    }
    return;
  }
  for (size_t r = 0; r < rows; r++) {
    const float *s = source + (ptrdiff_t)r * sr;
    float *t = target + (ptrdiff_t)r * tr;
    if (accumulate) {
      for (size_t c = 0; c < columns; c++) t[(ptrdiff_t)c * tc] += s[(ptrdiff_t)c * sc];
    } else {
      for (size_t c = 0; c < columns; c++) t[(ptrdiff_t)c * tc] = s[(ptrdiff_t)c * sc];
    }
  }
}

void sentio_copy_strided(const float *source, const ptrdiff_t *source_strides, float *target,
                         const ptrdiff_t *target_strides, const size_t *extents, size_t rank,
                         int accumulate) {
  ptrdiff_t ss[10], ts[10];
  size_t n[10], axes = 0;
  for (size_t axis = 0; axis < rank; axis++) {
    if (extents[axis] == 0) return;
    if (extents[axis] == 1) continue;
    // An axis that continues the one before it on both sides is part of it.
    if (axes > 0 && ss[axes - 1] == source_strides[axis] * (ptrdiff_t)extents[axis] &&
        ts[axes - 1] == target_strides[axis] * (ptrdiff_t)extents[axis]) {
      axes--;
      n[axes] *= extents[axis];
    } else {
      n[axes] = extents[axis];
    }
    ss[axes] = source_strides[axis];
    ts[axes] = target_strides[axis];
    axes++;
  }
  while (axes < 2) {
    memmove(n + 1, n, axes * sizeof *n);
    memmove(ss + 1, ss, axes * sizeof *ss);
    memmove(ts + 1, ts, axes * sizeof *ts);
    n[0] = 1;
    ss[0] = ts[0] = axes == 0 ? 1 : 0;
    axes++;
  }
  // Of the outer axes, the one along which the source is dense makes the better plane.
  size_t outer = axes - 2;
  for (size_t axis = 0; axis + 1 < axes; axis++) {
    if (ss[axes - 1] != 1 && ss[axis] == 1) outer = axis;
  }
  size_t order[10], loops = 0;
  for (size_t axis = 0; axis + 1 < axes; axis++) {
    if (axis != outer) order[loops++] = axis;
  }
  size_t index[10] = {0};
  for (;;) {
    copy_plane(source, ss[outer], ss[axes - 1], target, ts[outer], ts[axes - 1], n[outer],
               n[axes - 1], accumulate);
    size_t place = loops;
    for (;;) {
      if (place == 0) return;
      const size_t axis = order[--place];
      source += ss[axis];
      target += ts[axis];
      if (++index[axis] < n[axis]) break;
      source -= ss[axis] * (ptrdiff_t)n[axis];
      target -= ts[axis] * (ptrdiff_t)n[axis];
      index[axis] = 0;
    }
  }
}
