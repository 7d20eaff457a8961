#include "CSentioClassicalKernels.h"
#include "clones.h"

#include <math.h>

// Four finished rows are subtracted from the rest at a time: one load and one store of the target
// serve four multiply-adds, which keeps the loop at the speed of arithmetic rather than memory.
// A library's factorization is faster above a few hundred columns, but starts a pool of threads
// that costs more than a matrix of 164 columns takes here.
SENTIO_CLONES
int64_t sentio_cholesky_factor(double *a, int64_t n, double tolerance) {
  double first = n > 0 ? a[0] : 0;
  for (int64_t k = 1; k < n; k++) a[k * n] = a[k * n + k];
  for (int64_t start = 0; start < n; start += 4) {
    int64_t end = start + 4 < n ? start + 4 : n;
    for (int64_t k = start; k < end; k++) {
      double *row = a + k * n;
      double diagonal = k == 0 ? first : row[0];
      for (int64_t p = start; p < k; p++) {
        const double *above = a + p * n;
        double factor = above[k];
        for (int64_t j = k; j < n; j++) row[j] -= factor * above[j];
      }
      double pivot = row[k];
      if (!(pivot > tolerance * fabs(diagonal)) || !(pivot > 0)) return k;
      double scale = 1 / sqrt(pivot);
      for (int64_t j = k; j < n; j++) row[j] *= scale;
    }
    if (end - start < 4) break;
    const double *u0 = a + start * n, *u1 = u0 + n, *u2 = u1 + n, *u3 = u2 + n;
    for (int64_t i = end; i < n; i++) {
      double *restrict row = a + i * n;
      double f0 = u0[i], f1 = u1[i], f2 = u2[i], f3 = u3[i];
      for (int64_t j = i; j < n; j++)
        row[j] -= f0 * u0[j] + f1 * u1[j] + f2 * u2[j] + f3 * u3[j];
    }
  }
  return -1;
}

void sentio_cholesky_solve(const double *u, int64_t n, double *b, int64_t k) {
  for (int64_t i = 0; i < n; i++) {
    double scale = 1 / u[i * n + i];
    for (int64_t c = 0; c < k; c++) b[i * k + c] *= scale;
    for (int64_t j = i + 1; j < n; j++)
      for (int64_t c = 0; c < k; c++) b[j * k + c] -= u[i * n + j] * b[i * k + c];
  }
  for (int64_t i = n - 1; i >= 0; i--) {
    for (int64_t c = 0; c < k; c++) {
      double sum = b[i * k + c];
      for (int64_t j = i + 1; j < n; j++) sum -= u[i * n + j] * b[j * k + c];
      b[i * k + c] = sum / u[i * n + i];
    }
  }
}
