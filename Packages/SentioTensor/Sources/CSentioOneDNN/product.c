#include <dnnl.h>

#include "sentio_onednn.h"

void sentio_dnn_version(int *major, int *minor, int *patch) {
  const dnnl_version_t *version = dnnl_version();
  *major = version ? version->major : 0;
  *minor = version ? version->minor : 0;
  *patch = version ? version->patch : 0;
}

int sentio_dnn_sgemm(int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, const float *a,
                     int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc) {
  return (int)dnnl_sgemm(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, 1.0f, a, lda, b,
                         ldb, beta, c, ldc);
}
