#ifndef SENTIO_CLASSICAL_KERNELS_H
#define SENTIO_CLASSICAL_KERNELS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Factors the symmetric positive definite `a` = transpose(U) · U in place: `a` is `[n, n]`,
/// row-major, of which the upper triangle is read; what stands below it is overwritten. Returns -1,
/// or the first column whose pivot is not greater than `tolerance` times its diagonal element.
int64_t sentio_cholesky_factor(double *a, int64_t n, double tolerance);

/// Solves transpose(U) · U · X = B in place, for the factor `u` of the function above: `b` is
/// `[n, k]`, row-major.
void sentio_cholesky_solve(const double *u, int64_t n, double *b, int64_t k);

/// Turns inner products into values of the radial basis function, in place: element j becomes
/// exp(-gamma · max(0, square + squares[j] - 2 · products[j])).
void sentio_radial_basis_row(
    double *products, const double *squares, double square, double gamma, int64_t count);

#ifdef __cplusplus
}
#endif

#endif
