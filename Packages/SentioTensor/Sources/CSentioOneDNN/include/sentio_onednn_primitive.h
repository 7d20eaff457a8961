#ifndef SENTIO_ONEDNN_PRIMITIVE_H
#define SENTIO_ONEDNN_PRIMITIVE_H

// Primitives: operations that oneDNN prepared, machine code included, for given shapes and types.
//
// A function that ends in _create makes one and hands it over through its last parameter; making one
// takes from microseconds to milliseconds, so it is kept (Compute/PrimitiveCache.swift). Every function
// that can fail returns 0 or oneDNN's status; 3 says that this chip or version has no such operation.
// A primitive may be executed by several threads at once. It asks nothing of the system while it does:
// its scratch memory is the caller's.

#include <stddef.h>
#include <stdint.h>

/// The types of elements, by oneDNN's numbers.
enum sentio_dnn_type {
  SENTIO_DNN_BF16 = 2,
  SENTIO_DNN_F32 = 3,
  SENTIO_DNN_S32 = 4,
  SENTIO_DNN_S8 = 5,
  SENTIO_DNN_U8 = 6,
};

/// The names of what goes into and out of a primitive, by oneDNN's numbers.
enum sentio_dnn_argument {
  SENTIO_DNN_SOURCE = 1,
  SENTIO_DNN_DESTINATION = 17,
  SENTIO_DNN_WEIGHTS = 33,
  SENTIO_DNN_BIAS = 41,
  SENTIO_DNN_SCRATCHPAD = 80,
  SENTIO_DNN_DIFF_SOURCE = 129,
  SENTIO_DNN_DIFF_DESTINATION = 145,
  SENTIO_DNN_DIFF_WEIGHTS = 161,
  SENTIO_DNN_DIFF_BIAS = 169,
  // The operand of the first and of the second operation after the sum; these numbers are our own.
  SENTIO_DNN_ADDEND = 1001,
  SENTIO_DNN_ADDEND_AFTER_ACTIVATION = 1002,
};

/// What is applied to each sum before it is stored.
enum sentio_dnn_activation {
  SENTIO_DNN_IDENTITY,
  SENTIO_DNN_RELU,
  SENTIO_DNN_GELU,
  SENTIO_DNN_GELU_TANH,
  SENTIO_DNN_SILU,
  SENTIO_DNN_SIGMOID,
  SENTIO_DNN_TANH,
};

typedef struct sentio_dnn_primitive sentio_dnn_primitive;

void sentio_dnn_destroy(sentio_dnn_primitive *primitive);

/// The scratch memory that one execution needs, 64-byte aligned; none of it has to be kept.
size_t sentio_dnn_scratch_bytes(const sentio_dnn_primitive *primitive);

/// The size of an argument in the form that the primitive wants it in.
size_t sentio_dnn_argument_bytes(const sentio_dnn_primitive *primitive, int argument);

/// Describes the form in which the primitive wants an argument, in at most `capacity` numbers: equal
/// descriptions mean that one packing serves both. Returns how many numbers there are; 0 where the form is
/// one that only this primitive understands.
int sentio_dnn_describe_form(const sentio_dnn_primitive *primitive, int argument, int64_t *numbers,
                             int capacity);

/// Whether the primitive wants an argument in a given plain form.
int sentio_dnn_is_plain(const sentio_dnn_primitive *primitive, int argument, int type, int rank,
                        const int64_t *extents, const int64_t *strides);

/// The name of oneDNN's implementation, such as brg:avx512_core_bf16; it lives as long as the primitive.
const char *sentio_dnn_implementation(const sentio_dnn_primitive *primitive);

/// Executes with `count` arguments, of which arguments[i] lies at data[i].
int sentio_dnn_execute(const sentio_dnn_primitive *primitive, const int *arguments, void *const *data,
                       int count, void *scratch);

/// A primitive that brings a plain array into the form in which another wants an argument, converting its
/// type too. Its arguments are SOURCE and DESTINATION.
int sentio_dnn_pack_create(int type, int rank, const int64_t *extents, const int64_t *strides,
                           const sentio_dnn_primitive *to, int argument, sentio_dnn_primitive **out);

/// The way back: from the form in which a primitive has an argument to a plain array.
int sentio_dnn_unpack_create(const sentio_dnn_primitive *from, int argument, int type, int rank,
                             const int64_t *extents, const int64_t *strides, sentio_dnn_primitive **out);

#endif
