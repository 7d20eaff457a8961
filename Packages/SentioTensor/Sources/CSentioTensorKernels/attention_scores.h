// Included after attention_pack.h: what is done to a tile of scores between the products.

/// Adds the bias to a tile of scores, and takes out the pairs that mask and order forbid; so are the
/// columns from `keys` on to whole vectors, which stand for no key.
static void NAME(forbid)(const struct sentio_attention *a, const struct sentio_attention_place *place,
                         float *scores, ptrdiff_t step, size_t query, size_t queries, size_t key,
                         size_t keys) {
  const size_t padded = NAME(whole_vectors)(keys);
  for (size_t i = 0; i < queries; i++, scores += step) {
    const ptrdiff_t row = (ptrdiff_t)(query + i);
    if (a->bias) {
      const float *bias = a->bias + place->bias + row * a->bias_row + (ptrdiff_t)key * a->bias_column;
      if (a->bias_column) {
        for (size_t j = 0; j < keys; j++) scores[j] += bias[j];
      } else {
        for (size_t j = 0; j < keys; j++) scores[j] += bias[0];
      }
    }
    if (a->mask) {
      const float *mask = a->mask + place->mask + row * a->mask_row + (ptrdiff_t)key * a->mask_column;
      if (a->mask_column) {
        for (size_t j = 0; j < keys; j++) scores[j] = mask[j] != 0.0f ? scores[j] : -INFINITY;
      } else if (mask[0] == 0.0f) {
        for (size_t j = 0; j < keys; j++) scores[j] = -INFINITY;
      }
    }
    size_t allowed = keys;
    if (a->causal && key + keys > query + i + 1) {
      allowed = query + i + 1 > key ? query + i + 1 - key : 0;
    }
    for (size_t j = allowed; j < padded; j++) scores[j] = -INFINITY;
  }
}

/// Which weights of a row stay, as factors for `keys` of them.
static void NAME(draw)(const struct sentio_attention *a, size_t head, size_t query, size_t key,
                       size_t keys, float *factors) {
  uint32_t words[KEY_BLOCK];
  const uint64_t position = ((uint64_t)head * a->queries + query) * a->keys + key;
  sentio_philox_words(a->drop_key, 0, position, words, keys);
  for (size_t j = 0; j < keys; j++) factors[j] = words[j] < a->drop_below ? 0.0f : a->keep_scale;
  for (size_t j = keys; j < NAME(whole_vectors)(keys); j++) factors[j] = 0.0f;
}

/// C += P · V for values of which some are not finite: a weight of 0 adds nothing.
static void NAME(add_present)(const float *weights, ptrdiff_t step, size_t queries, size_t keys,
                              const ELEMENT *values, ptrdiff_t value_row, size_t depth, float *out,
                              size_t width) {
  for (size_t i = 0; i < queries; i++) {
    for (size_t j = 0; j < keys; j++) {
      const float weight = weights[(ptrdiff_t)i * step + (ptrdiff_t)j];
      const ELEMENT *value = values + (ptrdiff_t)j * value_row;
      if (weight == 0.0f) continue;
      for (size_t d = 0; d < depth; d++) out[i * width + d] += weight * WIDEN(value[d]);
    }
  }
}
