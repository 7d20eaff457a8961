#ifndef SENTIO_ONEDNN_H
#define SENTIO_ONEDNN_H

// What Sentio asks of oneDNN, in terms that are the same for its API versions 2 and 3.

#include <stddef.h>
#include <stdint.h>

/// The version of the library that the process runs with, such as 2.6.3; 0 for a part that is unknown.
void sentio_dnn_version(int *major, int *minor, int *patch);

/// C = op(A) · op(B) + beta · C, row-major, in single precision. Returns 0, or oneDNN's status.
///
/// A is m × k (k × m where transposed), B is k × n (n × k); lda, ldb and ldc are the steps from row to row.
int sentio_dnn_sgemm(int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, const float *a,
                     int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc);

#endif
