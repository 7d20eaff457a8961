#ifdef SENTIO_ONEDNN

#include "primitive.h"

static int reorder_create(sentio_form_reference from, sentio_form_reference to,
                          sentio_dnn_primitive **out) {
  dnnl_primitive_attr_t attributes;
  dnnl_status_t status = sentio_attributes_make(&attributes);
  if (status != dnnl_success) return status;
  dnnl_primitive_desc_t description;
  status = dnnl_reorder_primitive_desc_create(&description, from, sentio_engine(), to, sentio_engine(),
                                              attributes);
  dnnl_primitive_attr_destroy(attributes);
  return status == dnnl_success ? sentio_primitive_finish(description, out) : status;
}

int sentio_dnn_pack_create(int type, int rank, const int64_t *extents, const int64_t *strides,
                           const sentio_dnn_primitive *to, int argument, sentio_dnn_primitive **out) {
  if (!sentio_engine()) return dnnl_runtime_error;
  const sentio_form_reference form = sentio_form_of(to, argument);
  dnnl_memory_desc_t plain = {0};
  dnnl_status_t status = form ? sentio_form_make(&plain, type, rank, extents, strides) : dnnl_invalid_arguments;
  if (status != dnnl_success) return status;
  status = reorder_create(SENTIO_FORM(plain), form, out);
  sentio_form_drop(&plain);
  return status;
}

int sentio_dnn_unpack_create(const sentio_dnn_primitive *from, int argument, int type, int rank,
                             const int64_t *extents, const int64_t *strides, sentio_dnn_primitive **out) {
  if (!sentio_engine()) return dnnl_runtime_error;
  const sentio_form_reference form = sentio_form_of(from, argument);
  dnnl_memory_desc_t plain = {0};
  dnnl_status_t status = form ? sentio_form_make(&plain, type, rank, extents, strides) : dnnl_invalid_arguments;
  if (status != dnnl_success) return status;
  status = reorder_create(form, SENTIO_FORM(plain), out);
  sentio_form_drop(&plain);
  return status;
}

#endif
