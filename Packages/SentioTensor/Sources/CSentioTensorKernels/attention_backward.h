// Included after attention_forward.h. Weights are computed again from the scores and the logarithm of
// each row's sum, block by block. With P the weights, O the output and D = Σ dO·O of a row:
//   dV = P' · dO    dP = dO · V'    dS = P ∘ (dP − D)    dQ = dS · K · scale    dK = dS' · Q · scale

struct NAME(backward_memory) {
  UNIT *key_columns, *value_columns, *key_terms;
  UNIT *query_rows, *arriving_rows, *query_terms, *arriving_terms, *weights, *slopes, *slope_rows;
  float *scores, *products, *query_sums, *key_sums, *value_sums, *factors;
  size_t size;
};

static struct NAME(backward_memory) NAME(backward_layout)(const struct sentio_attention *a,
                                                          size_t keys, float *scratch) {
  struct NAME(backward_memory) m;
  float *next = scratch;
  const size_t columns = (keys + NAME(PANEL) - 1) / NAME(PANEL) * NAME(PANEL);
  const size_t depth = NAME(whole_vectors)(a->depth), width = NAME(whole_vectors)(a->value_depth);
#define TAKE(type, count) (next += NAME(whole_vectors)(count), (type *)(next - NAME(whole_vectors)(count)))
  m.key_columns = TAKE(UNIT, columns * NAME(units)(a->depth));
  m.value_columns = TAKE(UNIT, columns * NAME(units)(a->value_depth));
  m.key_terms = TAKE(UNIT, NAME(units)(keys) * depth);
  m.query_rows = TAKE(UNIT, QUERY_BLOCK * NAME(whole_vectors)(NAME(units)(a->depth)));
  m.arriving_rows = TAKE(UNIT, QUERY_BLOCK * NAME(whole_vectors)(NAME(units)(a->value_depth)));
  m.query_terms = TAKE(UNIT, NAME(units)(QUERY_BLOCK) * depth);
  m.arriving_terms = TAKE(UNIT, NAME(units)(QUERY_BLOCK) * width);
  m.scores = TAKE(float, QUERY_BLOCK * SCORE_ROW);
  m.products = TAKE(float, QUERY_BLOCK * SCORE_ROW);
  m.weights = PER_UNIT > 1 ? TAKE(UNIT, QUERY_BLOCK * SCORE_ROW) : (UNIT *)m.scores;
  m.slopes = PER_UNIT > 1 ? TAKE(UNIT, QUERY_BLOCK * SCORE_ROW) : (UNIT *)m.products;
  m.slope_rows = PER_UNIT > 1 ? TAKE(UNIT, QUERY_BLOCK * SCORE_ROW) : (UNIT *)m.products;
  m.query_sums = TAKE(float, QUERY_BLOCK * depth);
  m.key_sums = TAKE(float, keys * depth);
  m.value_sums = TAKE(float, keys * width);
  m.factors = TAKE(float, KEY_BLOCK);
#undef TAKE
  m.size = (size_t)(next - scratch);
  return m;
}

/// Turns a row of scores into weights, and one of dP into dS. With `factors`, some weights were dropped.
static inline __attribute__((always_inline)) void NAME(slope)(float *scores, float *products,
                                                             size_t padded, float log_sum,
                                                             float share, const float *factors) {
  // A row without any key has -infinity here, and scores of -infinity: weights of 0.
  const float base = log_sum == -INFINITY ? 0.0f : log_sum;
  for (size_t j = 0; j < padded; j += LANES) {
    const VECTOR kept = factors ? NAME(load)(factors + j) : (VECTOR)(1.0f);
    // The logarithm may be a rounding below the greatest score.
    VECTOR distance = NAME(load)(scores + j) - base;
    distance = distance > (VECTOR)(0.0f) ? (VECTOR)(0.0f) : distance;
    const VECTOR weight = NAME(exp)(distance);
    const VECTOR slope = weight * (NAME(load)(products + j) * kept - share);
    NAME(store)(scores + j, weight * kept);
    NAME(store)(products + j, weight == (VECTOR)(0.0f) ? (VECTOR)(0.0f) : slope);
  }
}

/// Adds up the rows of sums in their place in a gradient.
static void NAME(write_rows)(const float *sums, size_t width, float factor, ELEMENT *out, ptrdiff_t step,
                             size_t rows, size_t depth) {
  for (size_t r = 0; r < rows; r++, sums += width, out += step) {
    for (size_t d = 0; d < depth; d++) out[d] = NARROWED(sums[d] * factor);
  }
}

static void NAME(backward)(const struct sentio_attention *a,
                           const struct sentio_attention_gradient *g, size_t head, size_t first,
                           size_t last, size_t first_key, size_t last_key, float *scratch) {
  const size_t all = last_key - first_key;
  const struct NAME(backward_memory) m = NAME(backward_layout)(a, all, scratch);
  const struct sentio_attention_place *place = a->places + head;
  const ELEMENT *keys = (const ELEMENT *)a->key + place->key + (ptrdiff_t)first_key * a->key_row;
  const ELEMENT *values = (const ELEMENT *)a->value + place->value + (ptrdiff_t)first_key * a->value_row;
  const size_t terms = NAME(units)(a->depth), value_terms = NAME(units)(a->value_depth);
  const size_t depth = NAME(whole_vectors)(a->depth), width = NAME(whole_vectors)(a->value_depth);
  const size_t query_width = NAME(whole_vectors)(terms);
  const size_t arriving_width = NAME(whole_vectors)(value_terms);
  const ptrdiff_t panel = NAME(PANEL);
  const int toQueries = g->query && all == a->keys;
  const int toKeys = g->key && last - first == a->queries;
  const int toValues = g->value && last - first == a->queries;

  OUTER(pack_columns)(keys, a->key_row, all, a->depth, m.key_columns);
  OUTER(pack_columns)(values, a->value_row, all, a->value_depth, m.value_columns);
  if (toQueries) OUTER(pack_terms)(keys, a->key_row, all, a->depth, a->scale, 1, m.key_terms, depth);
  if (toKeys) memset(m.key_sums, 0, all * depth * sizeof(float));
  if (toValues) memset(m.value_sums, 0, all * width * sizeof(float));

  for (size_t query = first; query < last; query += QUERY_BLOCK) {
    const size_t rows = last - query < QUERY_BLOCK ? last - query : QUERY_BLOCK;
    const size_t row_terms = NAME(units)(rows);
    const ELEMENT *queries = (const ELEMENT *)a->query + place->query + (ptrdiff_t)query * a->query_row;
    const ptrdiff_t out = place->out + (ptrdiff_t)query * a->out_row;
    const ELEMENT *arriving = (const ELEMENT *)g->arriving + out;
    const ELEMENT *output = (const ELEMENT *)a->out + out;
    const float *log_sums = a->log_sum_exp + head * a->queries + query;
    OUTER(pack_rows)(queries, a->query_row, rows, a->depth, a->scale, m.query_rows, query_width);
    OUTER(pack_rows)(arriving, a->out_row, rows, a->value_depth, 1.0f, m.arriving_rows,
                    arriving_width);
    if (toKeys) {
      OUTER(pack_terms)(queries, a->query_row, rows, a->depth, a->scale, 1, m.query_terms, depth);
    }
    if (toValues) {
      OUTER(pack_terms)(arriving, a->out_row, rows, a->value_depth, 1.0f, 0, m.arriving_terms, width);
    }
    float shares[QUERY_BLOCK];
    for (size_t i = 0; i < rows; i++) {
      const ELEMENT *x = arriving + (ptrdiff_t)i * a->out_row;
      const ELEMENT *y = output + (ptrdiff_t)i * a->out_row;
      VECTOR parts = (VECTOR)(0.0f);
      size_t d = 0;
      for (; d + LANES <= a->value_depth; d += LANES) parts += READ(x + d) * READ(y + d);
      shares[i] = NAME(sum)(parts);
      for (; d < a->value_depth; d++) shares[i] += WIDEN(x[d]) * WIDEN(y[d]);
    }
    const size_t stop = a->causal && query + rows < last_key ? query + rows : last_key;
    const size_t end = stop > first_key ? stop - first_key : 0;
    if (toQueries) memset(m.query_sums, 0, rows * depth * sizeof(float));
    for (size_t key = 0; key < end; key += KEY_BLOCK) {
      const size_t count = end - key < KEY_BLOCK ? end - key : KEY_BLOCK;
      const size_t padded = NAME(whole_vectors)(count);
      NAME(product)(m.query_rows, (ptrdiff_t)query_width, 1, m.key_columns + key * terms, panel,
                    panel * (ptrdiff_t)terms, m.scores, SCORE_ROW, rows, padded / LANES, terms, 0);
      NAME(product)(m.arriving_rows, (ptrdiff_t)arriving_width, 1,
                    m.value_columns + key * value_terms, panel, panel * (ptrdiff_t)value_terms,
                    m.products, SCORE_ROW, rows, padded / LANES, value_terms, 0);
      NAME(forbid)(a, place, m.scores, SCORE_ROW, query, rows, first_key + key, count);
      for (size_t i = 0; i < rows; i++) {
        float *scores = m.scores + i * SCORE_ROW, *products = m.products + i * SCORE_ROW;
        if (a->drop_below) {
          NAME(draw)(a, head, query + i, first_key + key, count, m.factors);
          NAME(slope)(scores, products, padded, log_sums[i], shares[i], m.factors);
        } else {
          NAME(slope)(scores, products, padded, log_sums[i], shares[i], NULL);
        }
        if (g->bias) {
          float *bias = g->bias + (head * a->queries + query + i) * a->keys + first_key + key;
          memcpy(bias, products, count * sizeof(float));
        }
      }
      if (PER_UNIT > 1) {
        if (toQueries) {
          NAME(pack_rows)(m.products, SCORE_ROW, rows, count, 1.0f, m.slope_rows, SCORE_ROW);
        }
        if (toKeys) NAME(pack_terms)(m.products, SCORE_ROW, rows, count, 1.0f, 0, m.slopes, SCORE_ROW);
        if (toValues) NAME(pack_terms)(m.scores, SCORE_ROW, rows, count, 1.0f, 0, m.weights, SCORE_ROW);
      }
      if (toValues) {
        NAME(product)(m.weights, 1, SCORE_ROW, m.arriving_terms, (ptrdiff_t)width, panel,
                      m.value_sums + key * width, (ptrdiff_t)width, count, width / LANES, row_terms, 1);
      }
      if (toKeys) {
        NAME(product)(m.slopes, 1, SCORE_ROW, m.query_terms, (ptrdiff_t)depth, panel,
                      m.key_sums + key * depth, (ptrdiff_t)depth, count, depth / LANES, row_terms, 1);
      }
      if (toQueries) {
        NAME(product)(m.slope_rows, SCORE_ROW, 1, m.key_terms + key / PER_UNIT * depth,
                      (ptrdiff_t)depth, panel, m.query_sums, (ptrdiff_t)depth, rows, depth / LANES,
                      NAME(units)(count), 1);
      }
    }
    if (toQueries) {
      NAME(write_rows)(m.query_sums, depth, 1.0f,
                       (ELEMENT *)g->query + place->query + (ptrdiff_t)query * a->query_row, a->query_row, rows,
                       a->depth);
    }
  }
  if (toKeys) {
    NAME(write_rows)(m.key_sums, depth, 1.0f,
                     (ELEMENT *)g->key + place->key + (ptrdiff_t)first_key * a->key_row, a->key_row, all,
                     a->depth);
  }
  if (toValues) {
    NAME(write_rows)(m.value_sums, width, 1.0f,
                     (ELEMENT *)g->value + place->value + (ptrdiff_t)first_key * a->value_row, a->value_row, all,
                     a->value_depth);
  }
}
