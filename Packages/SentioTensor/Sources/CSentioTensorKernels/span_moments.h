#ifndef CSENTIO_TENSOR_SPAN_MOMENTS_H
#define CSENTIO_TENSOR_SPAN_MOMENTS_H

// Statistics of numbers that lie side by side, read from memory once: each chunk stays in the nearest
// cache for its second sum.

#include <stddef.h>

#include "row_sum.h"
#include "vector_math.h"

enum { CHUNK = 2048 };

/// Count, mean, and sum of the squared distances from the mean.
struct sentio_moments {
  double count, mean, squares;
};

/// Takes further numbers up, by the formula of Chan, Golub and LeVeque for the union of two samples.
SENTIO_INLINE void sentio_moments_add(struct sentio_moments *all, const float *x, size_t count) {
  for (size_t start = 0; start < count; start += CHUNK, x += CHUNK) {
    const size_t n = count - start < CHUNK ? count - start : CHUNK;
    double sum, squares;
    ROW_SUM(sum, n, x[i]);
    const double mean = sum / (double)n;
    const float center = (float)mean;
    ROW_SUM(squares, n, (x[i] - center) * (x[i] - center));
    const double rounding = mean - (double)center, delta = mean - all->mean;
    const double total = all->count + (double)n;
    all->squares += squares - (double)n * rounding * rounding;
    all->squares += delta * delta * all->count * (double)n / total;
    all->mean += delta * (double)n / total;
    all->count = total;
  }
}

/// Adds Σ g and Σ g·(x − center).
SENTIO_INLINE void sentio_products_add(const float *x, const float *g, float center, size_t count,
                                       double *sum, double *moment) {
  for (size_t start = 0; start < count; start += CHUNK, x += CHUNK, g += CHUNK) {
    const size_t n = count - start < CHUNK ? count - start : CHUNK;
    double part;
    ROW_SUM(part, n, g[i]);
    *sum += part;
    ROW_SUM(part, n, g[i] * (x[i] - center));
    *moment += part;
  }
}

#endif
