#ifndef CSENTIO_TENSOR_ORTHOGONAL_H
#define CSENTIO_TENSOR_ORTHOGONAL_H

#include <stddef.h>

/// Turns `rows` rows of at least as many columns into orthonormal ones that span the same space, in
/// order: the Q of a QR factorization with a positive diagonal in R. Rows that depend on those before
/// them give no direction of meaning.
void sentio_orthonormalize_rows(double *a, size_t rows, size_t columns);

#endif
