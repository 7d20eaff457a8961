#ifndef SENTIO_ONEDNN_PRIMITIVE_INTERNAL_H
#define SENTIO_ONEDNN_PRIMITIVE_INTERNAL_H

// How a file of this target makes a primitive of its own:
//
//   1. `sentio_form_make` for each argument, with strides for a plain array or NULL where the primitive
//      is to choose the form;
//   2. `sentio_attributes_make`, which asks for scratch memory of the caller's, and post-operations on it;
//   3. the operation's description, where API versions 2 and 3 differ: `#if DNNL_VERSION_MAJOR >= 3`;
//   4. `sentio_primitive_finish`, which takes the description over, then the `_drop` functions.
//
// product.c is the example.

#include <dnnl.h>

#include "sentio_onednn_primitive.h"

// A memory descriptor is a structure in version 2 and a pointer to one in version 3. FORM(f) is what the
// library's functions take.
#if DNNL_VERSION_MAJOR >= 3
#define SENTIO_FORM(form) (form)
typedef const_dnnl_memory_desc_t sentio_form_reference;
#else
#define SENTIO_FORM(form) (&(form))
typedef const dnnl_memory_desc_t *sentio_form_reference;
#endif

struct sentio_dnn_primitive {
  dnnl_primitive_t primitive;
  dnnl_primitive_desc_t description;
};

/// The processor, as the library's engine; NULL where it gives none.
dnnl_engine_t sentio_engine(void);

/// The calling thread's stream.
dnnl_stream_t sentio_stream(void);

/// The form of an array; `strides` NULL lets the primitive choose it.
dnnl_status_t sentio_form_make(dnnl_memory_desc_t *form, int type, int rank, const int64_t *extents,
                               const int64_t *strides);
void sentio_form_drop(dnnl_memory_desc_t *form);

/// The form in which a primitive has an argument; it belongs to the primitive.
sentio_form_reference sentio_form_of(const sentio_dnn_primitive *primitive, int argument);

/// Attributes that leave scratch memory to the caller.
dnnl_status_t sentio_attributes_make(dnnl_primitive_attr_t *attributes);

/// Appends an activation to post-operations; nothing for the identity.
dnnl_status_t sentio_activation_append(dnnl_post_ops_t operations, int activation);

/// Makes the primitive of a description and takes the description over, also where it fails.
dnnl_status_t sentio_primitive_finish(dnnl_primitive_desc_t description, sentio_dnn_primitive **out);

#endif
