// A root package builds its targets whether or not a trait wants them: without it this one is empty and
// needs no header of oneDNN.
#ifdef SENTIO_ONEDNN

#include "primitive.h"

#include <pthread.h>
#include <stdlib.h>

#include "sentio_onednn.h"

enum { MAXIMUM_ARGUMENTS = 24 };

_Static_assert((int)SENTIO_DNN_BF16 == (int)dnnl_bf16 && (int)SENTIO_DNN_F32 == (int)dnnl_f32 &&
                   (int)SENTIO_DNN_S32 == (int)dnnl_s32 && (int)SENTIO_DNN_S8 == (int)dnnl_s8 &&
                   (int)SENTIO_DNN_U8 == (int)dnnl_u8,
               "the types are oneDNN's");
_Static_assert(SENTIO_DNN_SOURCE == DNNL_ARG_SRC && SENTIO_DNN_DESTINATION == DNNL_ARG_DST &&
                   SENTIO_DNN_WEIGHTS == DNNL_ARG_WEIGHTS && SENTIO_DNN_BIAS == DNNL_ARG_BIAS &&
                   SENTIO_DNN_SCRATCHPAD == DNNL_ARG_SCRATCHPAD &&
                   SENTIO_DNN_DIFF_SOURCE == DNNL_ARG_DIFF_SRC &&
                   SENTIO_DNN_DIFF_DESTINATION == DNNL_ARG_DIFF_DST &&
                   SENTIO_DNN_DIFF_WEIGHTS == DNNL_ARG_DIFF_WEIGHTS &&
                   SENTIO_DNN_DIFF_BIAS == DNNL_ARG_DIFF_BIAS,
               "the arguments are oneDNN's");

// oneDNN's numbers of the operands of later operations differ between its versions.
static int native(int argument) {
  switch (argument) {
    case SENTIO_DNN_ADDEND: return DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1;
    case SENTIO_DNN_ADDEND_AFTER_ACTIVATION:
      return DNNL_ARG_ATTR_MULTIPLE_POST_OP(1) | DNNL_ARG_SRC_1;
    default: return argument;
  }
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static dnnl_engine_t engine;
static pthread_key_t stream_key;

static void destroy_stream(void *stream) { dnnl_stream_destroy(stream); }

static void start(void) {
  if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success) engine = NULL;
  if (pthread_key_create(&stream_key, destroy_stream)) engine = NULL;
}

void sentio_dnn_version(int *major, int *minor, int *patch) {
  const dnnl_version_t *version = dnnl_version();
  *major = version ? version->major : 0;
  *minor = version ? version->minor : 0;
  *patch = version ? version->patch : 0;
}

// A later instruction set's number contains the bits of those before it.
static int uses(unsigned set) { return ((unsigned)dnnl_get_effective_cpu_isa() & set) == set; }

int sentio_dnn_uses_bfloat16(void) { return uses(dnnl_cpu_isa_avx512_core_bf16); }

int sentio_dnn_uses_int8(void) { return uses(dnnl_cpu_isa_avx512_core_vnni); }

dnnl_engine_t sentio_engine(void) {
  pthread_once(&once, start);
  return engine;
}

dnnl_stream_t sentio_stream(void) {
  if (!sentio_engine()) return NULL;
  dnnl_stream_t stream = pthread_getspecific(stream_key);
  if (!stream) {
    if (dnnl_stream_create(&stream, engine, dnnl_stream_default_flags) != dnnl_success) return NULL;
    pthread_setspecific(stream_key, stream);
  }
  return stream;
}

dnnl_status_t sentio_form_make(dnnl_memory_desc_t *form, int type, int rank, const int64_t *extents,
                               const int64_t *strides) {
#if DNNL_VERSION_MAJOR >= 3
  if (strides) {
    return dnnl_memory_desc_create_with_strides(form, rank, extents, (dnnl_data_type_t)type, strides);
  }
  return dnnl_memory_desc_create_with_tag(form, rank, extents, (dnnl_data_type_t)type,
                                          dnnl_format_tag_any);
#else
  if (strides) {
    return dnnl_memory_desc_init_by_strides(form, rank, extents, (dnnl_data_type_t)type, strides);
  }
  return dnnl_memory_desc_init_by_tag(form, rank, extents, (dnnl_data_type_t)type,
                                      dnnl_format_tag_any);
#endif
}

void sentio_form_drop(dnnl_memory_desc_t *form) {
#if DNNL_VERSION_MAJOR >= 3
  if (*form) dnnl_memory_desc_destroy(*form);
  *form = NULL;
#else
  (void)form;
#endif
}

sentio_form_reference sentio_form_of(const sentio_dnn_primitive *primitive, int argument) {
  return dnnl_primitive_desc_query_md(primitive->description, dnnl_query_exec_arg_md,
                                      native(argument));
}

dnnl_status_t sentio_attributes_make(dnnl_primitive_attr_t *attributes) {
  dnnl_status_t status = dnnl_primitive_attr_create(attributes);
  if (status != dnnl_success) return status;
  status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
  if (status != dnnl_success) dnnl_primitive_attr_destroy(*attributes);
  return status;
}

dnnl_status_t sentio_activation_append(dnnl_post_ops_t operations, int activation) {
  dnnl_alg_kind_t kind;
  float alpha = 0;
  switch (activation) {
    case SENTIO_DNN_IDENTITY: return dnnl_success;
    case SENTIO_DNN_RELU: kind = dnnl_eltwise_relu; break;
    case SENTIO_DNN_GELU: kind = dnnl_eltwise_gelu_erf; break;
    case SENTIO_DNN_GELU_TANH: kind = dnnl_eltwise_gelu_tanh; break;
    case SENTIO_DNN_SILU: kind = dnnl_eltwise_swish; alpha = 1; break;
    case SENTIO_DNN_SIGMOID: kind = dnnl_eltwise_logistic; break;
    case SENTIO_DNN_TANH: kind = dnnl_eltwise_tanh; break;
    default: return dnnl_invalid_arguments;
  }
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_post_ops_append_eltwise(operations, kind, alpha, 0);
#else
  return dnnl_post_ops_append_eltwise(operations, 1, kind, alpha, 0);
#endif
}

dnnl_status_t sentio_primitive_finish(dnnl_primitive_desc_t description, sentio_dnn_primitive **out) {
  dnnl_primitive_t primitive;
  const dnnl_status_t status = dnnl_primitive_create(&primitive, description);
  sentio_dnn_primitive *made = status == dnnl_success ? malloc(sizeof *made) : NULL;
  if (!made) {
    if (status == dnnl_success) dnnl_primitive_destroy(primitive);
    dnnl_primitive_desc_destroy(description);
    return status == dnnl_success ? dnnl_out_of_memory : status;
  }
  made->primitive = primitive;
  made->description = description;
  *out = made;
  return dnnl_success;
}

void sentio_dnn_destroy(sentio_dnn_primitive *primitive) {
  if (!primitive) return;
  dnnl_primitive_destroy(primitive->primitive);
  dnnl_primitive_desc_destroy(primitive->description);
  free(primitive);
}

size_t sentio_dnn_scratch_bytes(const sentio_dnn_primitive *primitive) {
  return sentio_dnn_argument_bytes(primitive, SENTIO_DNN_SCRATCHPAD);
}

size_t sentio_dnn_argument_bytes(const sentio_dnn_primitive *primitive, int argument) {
  const sentio_form_reference form = sentio_form_of(primitive, argument);
  return form ? dnnl_memory_desc_get_size(form) : 0;
}

struct form_description {
  int64_t *numbers;
  int capacity, count;
};

static void describe(struct form_description *d, int64_t number) {
  if (d->count < d->capacity) d->numbers[d->count] = number;
  d->count++;
}

static void describe_all(struct form_description *d, const dnnl_dim_t *numbers, int count) {
  for (int i = 0; i < count; i++) describe(d, numbers[i]);
}

int sentio_dnn_describe_form(const sentio_dnn_primitive *primitive, int argument, int64_t *numbers,
                             int capacity) {
  const sentio_form_reference form = sentio_form_of(primitive, argument);
  if (!form) return 0;
  struct form_description d = {numbers, capacity, 0};
#if DNNL_VERSION_MAJOR >= 3
  dnnl_format_kind_t kind;
  dnnl_data_type_t type;
  int rank = 0, blocks = 0;
  dnnl_dim_t offset = 0;
  const dnnl_dims_t *extents, *padded, *padding, *strides, *sizes, *axes;
  if (dnnl_memory_desc_query(form, dnnl_query_format_kind, &kind) || kind != dnnl_blocked ||
      dnnl_memory_desc_query(form, dnnl_query_data_type, &type) ||
      dnnl_memory_desc_query(form, dnnl_query_ndims_s32, &rank) ||
      dnnl_memory_desc_query(form, dnnl_query_submemory_offset_s64, &offset) ||
      dnnl_memory_desc_query(form, dnnl_query_inner_nblks_s32, &blocks) ||
      dnnl_memory_desc_query(form, dnnl_query_dims, (void *)&extents) ||
      dnnl_memory_desc_query(form, dnnl_query_padded_dims, (void *)&padded) ||
      dnnl_memory_desc_query(form, dnnl_query_padded_offsets, (void *)&padding) ||
      dnnl_memory_desc_query(form, dnnl_query_strides, (void *)&strides) ||
      dnnl_memory_desc_query(form, dnnl_query_inner_blks, (void *)&sizes) ||
      dnnl_memory_desc_query(form, dnnl_query_inner_idxs, (void *)&axes)) {
    return 0;
  }
  const dnnl_dim_t *all[] = {*extents, *padded, *padding, *strides, *sizes, *axes};
#else
  if (form->format_kind != dnnl_blocked) return 0;
  const dnnl_data_type_t type = form->data_type;
  const int rank = form->ndims, blocks = form->format_desc.blocking.inner_nblks;
  const dnnl_dim_t offset = form->offset0;
  const dnnl_dim_t *all[] = {form->dims,
                             form->padded_dims,
                             form->padded_offsets,
                             form->format_desc.blocking.strides,
                             form->format_desc.blocking.inner_blks,
                             form->format_desc.blocking.inner_idxs};
  // What is stored behind the elements, for integer products.
  describe(&d, (int64_t)form->extra.flags);
  describe(&d, form->extra.compensation_mask);
  describe(&d, form->extra.asymm_compensation_mask);
#endif
  describe(&d, (int64_t)type);
  describe(&d, rank);
  describe(&d, blocks);
  describe(&d, offset);
  describe(&d, (int64_t)dnnl_memory_desc_get_size(form));
  for (int i = 0; i < 6; i++) describe_all(&d, all[i], i < 4 ? rank : blocks);
  return d.count <= capacity ? d.count : 0;
}

int sentio_dnn_is_plain(const sentio_dnn_primitive *primitive, int argument, int type, int rank,
                        const int64_t *extents, const int64_t *strides) {
  const sentio_form_reference form = sentio_form_of(primitive, argument);
  dnnl_memory_desc_t plain = {0};
  if (!form || sentio_form_make(&plain, type, rank, extents, strides) != dnnl_success) return 0;
  const int equal = dnnl_memory_desc_equal(form, SENTIO_FORM(plain));
  sentio_form_drop(&plain);
  return equal;
}

const char *sentio_dnn_implementation(const sentio_dnn_primitive *primitive) {
  const char *name = NULL;
  dnnl_primitive_desc_query(primitive->description, dnnl_query_impl_info_str, 0, (void *)&name);
  return name ? name : "";
}

int sentio_dnn_execute(const sentio_dnn_primitive *primitive, const int *arguments, void *const *data,
                       int count, void *scratch) {
  dnnl_exec_arg_t list[MAXIMUM_ARGUMENTS + 1];
  const dnnl_stream_t stream = sentio_stream();
  if (!stream) return dnnl_runtime_error;
  if (count < 0 || count > MAXIMUM_ARGUMENTS) return dnnl_invalid_arguments;
  dnnl_status_t status = dnnl_success;
  int made = 0;
  for (int i = 0; i <= count && status == dnnl_success; i++) {
    if (i == count && !scratch) break;
    const int argument = i < count ? arguments[i] : SENTIO_DNN_SCRATCHPAD;
    const sentio_form_reference form = sentio_form_of(primitive, argument);
    list[i].arg = native(argument);
    status = form ? dnnl_memory_create(&list[i].memory, form, engine, i < count ? data[i] : scratch)
                  : dnnl_invalid_arguments;
    made += status == dnnl_success;
  }
  if (status == dnnl_success) status = dnnl_primitive_execute(primitive->primitive, stream, made, list);
  if (status == dnnl_success) status = dnnl_stream_wait(stream);
  for (int i = 0; i < made; i++) dnnl_memory_destroy(list[i].memory);
  return status;
}

#endif
