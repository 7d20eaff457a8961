#ifndef SENTIO_ONEDNN_PRODUCT_H
#define SENTIO_ONEDNN_PRODUCT_H

#include "sentio_onednn_primitive.h"

/// C = op(A) · op(B) + beta · C, row-major, in single precision. Returns 0, or oneDNN's status.
///
/// A is m × k (k × m where transposed), B is k × n (n × k); lda, ldb and ldc are the steps from row to row.
int sentio_dnn_sgemm(int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, const float *a,
                     int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc);

/// Products of `batch` pairs of matrices of one shape: C = activation(op(A) · op(B) + bias) + addend.
///
/// SOURCE is A, m × k; WEIGHTS is B, k × n; DESTINATION is C. A batch of one factor is 1 where the same
/// matrix meets all of the other's.
typedef struct {
  int64_t batch_a, batch_b, m, n, k;
  int transpose_a, transpose_b;
  /// Element types: of both factors and of the result.
  int type_a, type_b, type_c;
  /// Whether the primitive chooses the form of B, which is then packed by ``sentio_dnn_pack_create``.
  int packs_b;
  /// Whether a vector of n single precision numbers (BIAS) is added to each row.
  int has_bias;
  /// One of ``sentio_dnn_activation``.
  int activation;
  /// Whether an array of C's shape, in single precision, is added last; it is SENTIO_DNN_ADDEND, or
  /// SENTIO_DNN_ADDEND_AFTER_ACTIVATION where there is an activation.
  int has_addend;
  /// Elements from row to row of A as it is stored, and of C, where there is more between them than a row; else 0.
  int64_t step_a, step_c;
} sentio_dnn_product;

int sentio_dnn_product_create(const sentio_dnn_product *product, sentio_dnn_primitive **out);

#endif
