#ifndef CSENTIO_TENSOR_ATTENTION_H
#define CSENTIO_TENSOR_ATTENTION_H

#include <stddef.h>
#include <stdint.h>

/// Where the matrices of one head begin, in elements from the start of their arrays.
struct sentio_attention_place {
  ptrdiff_t query, key, value, out, mask, bias;
};

/// Attention over `heads` heads: out = softmax(query · key' · scale + bias) · value, where each head has
/// `queries` rows of queries and `keys` rows of keys and values.
///
/// Rows lie `*_row` elements apart, and the elements of a row together, but for those of mask and bias,
/// which are `*_column` apart: 0 or 1. A key counts for a query where the mask is not 0 and, with
/// `causal`, where it comes no later. `mask` and `bias` may be null.
struct sentio_attention {
  size_t heads, queries, keys, depth, value_depth;
  /// Floats, or bfloat16 numbers for SENTIO_ATTENTION_NARROW; and so is `out`.
  const void *query, *key, *value;
  void *out;
  const float *mask, *bias;
  ptrdiff_t query_row, key_row, value_row, out_row, mask_row, mask_column, bias_row, bias_column;
  const struct sentio_attention_place *places;
  /// ln Σ e^score of each row, heads × queries; null where it is not wanted.
  float *log_sum_exp;
  float scale;
  int causal;
  /// Weights are dropped where the random word that belongs to them is below this; 0 drops none.
  uint32_t drop_below;
  /// 1 / (1 − p): what the others are multiplied by.
  float keep_scale;
  uint64_t drop_key;
};

/// The gradients of one such call.
///
/// Those of queries, keys and values lie as these do, in arrays of their own.
struct sentio_attention_gradient {
  const void *arriving;
  void *query, *key, *value;
  /// heads × queries × keys, without gaps; null where it is not wanted.
  float *bias;
};

/// Which products an attention is made of.
///
/// SENTIO_ATTENTION_NARROW has the arrays in bfloat16 too, and needs a chip that multiplies pairs of them.
enum sentio_attention_precision {
  SENTIO_ATTENTION_SINGLE,
  SENTIO_ATTENTION_BFLOAT16,
  SENTIO_ATTENTION_NARROW,
};

/// Whether the chip multiplies pairs of bfloat16 numbers.
int sentio_attention_has_bfloat16(void);

/// The floats of scratch memory that one thread needs; with `backward` not 0, for the way back.
size_t sentio_attention_scratch(const struct sentio_attention *attention,
                                enum sentio_attention_precision precision, int backward);

/// Computes the queries `first`..<`last` of the head `head`. `packed` is the head whose keys the scratch
/// memory holds from the call before, or SIZE_MAX.
void sentio_attention_forward(const struct sentio_attention *attention,
                              enum sentio_attention_precision precision, size_t head,
                              size_t packed, size_t first, size_t last, float *scratch);

/// Computes what the queries `first`..<`last` and the keys `first_key`..<`last_key` of a head have to do
/// with each other. The gradient of those queries is complete if the keys are all, those of keys and
/// values if the queries are; only complete ones are written, and only where `gradient` has an array.
void sentio_attention_backward(const struct sentio_attention *attention,
                               const struct sentio_attention_gradient *gradient,
                               enum sentio_attention_precision precision, size_t head,
                               size_t first, size_t last, size_t first_key, size_t last_key,
                               float *scratch);

#endif
