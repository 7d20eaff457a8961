#ifdef SENTIO_ONEDNN

#include "sentio_onednn_product.h"

#include "primitive.h"

int sentio_dnn_sgemm(int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, const float *a,
                     int64_t lda, const float *b, int64_t ldb, float beta, float *c, int64_t ldc) {
  return (int)dnnl_sgemm(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, 1.0f, a, lda, b,
                         ldb, beta, c, ldc);
}

// The last two axes of `rank`, stored transposed or not, behind an axis of matrices.
static dnnl_status_t matrices(dnnl_memory_desc_t *form, int type, int rank, int64_t batch, int64_t rows,
                              int64_t columns, int transposed, int64_t step) {
  const int64_t extents[3] = {batch, rows, columns};
  const int64_t line = step ? step : transposed ? rows : columns;
  const int64_t strides[3] = {rows * columns, transposed ? 1 : line, transposed ? line : 1};
  return sentio_form_make(form, type, rank, extents + 3 - rank, strides + 3 - rank);
}

int sentio_dnn_product_create(const sentio_dnn_product *p, sentio_dnn_primitive **out) {
  const dnnl_engine_t engine = sentio_engine();
  if (!engine) return dnnl_runtime_error;
  const int64_t batch = p->batch_a > p->batch_b ? p->batch_a : p->batch_b;
  const int rank = batch > 1 ? 3 : 2;
  dnnl_memory_desc_t a = {0}, b = {0}, c = {0}, bias = {0}, addend = {0};
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_post_ops_t operations = NULL;
  dnnl_primitive_desc_t description = NULL;
  dnnl_status_t status = matrices(&a, p->type_a, rank, p->batch_a, p->m, p->k, p->transpose_a,
                                  p->step_a);
  if (status == dnnl_success && p->packs_b) {
    const int64_t extents[3] = {p->batch_b, p->k, p->n};
    status = sentio_form_make(&b, p->type_b, rank, extents + 3 - rank, NULL);
  } else if (status == dnnl_success) {
    status = matrices(&b, p->type_b, rank, p->batch_b, p->k, p->n, p->transpose_b, 0);
  }
  if (status == dnnl_success) status = matrices(&c, p->type_c, rank, batch, p->m, p->n, 0, p->step_c);
  if (status == dnnl_success && p->has_bias) {
    const int64_t extents[3] = {1, 1, p->n}, strides[3] = {p->n, p->n, 1};
    status = sentio_form_make(&bias, SENTIO_DNN_F32, rank, extents + 3 - rank, strides + 3 - rank);
  }
  if (status == dnnl_success) status = sentio_attributes_make(&attributes);
  if (status == dnnl_success) status = dnnl_post_ops_create(&operations);
  if (status == dnnl_success) status = sentio_activation_append(operations, p->activation);
  if (status == dnnl_success && p->has_addend) {
    status = matrices(&addend, SENTIO_DNN_F32, rank, batch, p->m, p->n, 0, 0);
    if (status == dnnl_success) {
      status = dnnl_post_ops_append_binary(operations, dnnl_binary_add, SENTIO_FORM(addend));
    }
  }
  if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(attributes, operations);
  if (status == dnnl_success) {
#if DNNL_VERSION_MAJOR >= 3
    status = dnnl_matmul_primitive_desc_create(&description, engine, a, b, p->has_bias ? bias : NULL, c,
                                               attributes);
#else
    dnnl_matmul_desc_t matmul;
    status = dnnl_matmul_desc_init(&matmul, &a, &b, p->has_bias ? &bias : NULL, &c);
    if (status == dnnl_success) {
      status = dnnl_primitive_desc_create(&description, &matmul, attributes, engine, NULL);
    }
#endif
  }
  if (status == dnnl_success) status = sentio_primitive_finish(description, out);
  if (operations) dnnl_post_ops_destroy(operations);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  sentio_form_drop(&a);
  sentio_form_drop(&b);
  sentio_form_drop(&c);
  sentio_form_drop(&bias);
  sentio_form_drop(&addend);
  return status;
}

#endif
