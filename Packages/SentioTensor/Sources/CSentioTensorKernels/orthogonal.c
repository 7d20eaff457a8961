// Contracting a·b + c into one rounding would make the bits depend on the chip.
#pragma STDC FP_CONTRACT OFF

#include "orthogonal.h"

#include <math.h>

#include "clones.h"

enum { LANES = 16 };

// The order of additions is written down, and so is the same in every clone.
SENTIO_CLONES static double product(const double *a, const double *b, size_t count) {
  double lanes[LANES] = {0}, total = 0;
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    for (int l = 0; l < LANES; l++) lanes[l] += a[i + (size_t)l] * b[i + (size_t)l];
  }
  for (; i < count; i++) total += a[i] * b[i];
  for (int l = 0; l < LANES; l++) total += lanes[l];
  return total;
}

SENTIO_CLONES static void subtract(double *a, const double *b, double factor, size_t count) {
  for (size_t i = 0; i < count; i++) a[i] -= factor * b[i];
}

void sentio_orthonormalize_rows(double *a, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    double *row = a + r * columns;
    // Gram and Schmidt's method, twice: what the first pass leaves by rounding, the second takes.
    for (int pass = 0; pass < 2; pass++) {
      for (size_t q = 0; q < r; q++) {
        const double *other = a + q * columns;
        subtract(row, other, product(row, other, columns), columns);
      }
    }
    const double length = sqrt(product(row, row, columns));
    for (size_t i = 0; i < columns; i++) row[i] /= length;
  }
}
