// Included after attention_scores.h. A block of queries meets the keys block by block. A row's greatest
// score so far and the sum of its exponentials are kept, and where a later block has a greater score, what
// was summed is brought down to it (the "online softmax"): scores live in the nearest cache only.
// *Reference:* Dao, "FlashAttention-2: Faster attention with better parallelism and work partitioning", 2023.

struct NAME(forward_memory) {
  UNIT *keys, *values, *queries, *weights;
  float *scores, *sums, *factors;
  size_t size;
};

static struct NAME(forward_memory) NAME(forward_layout)(const struct sentio_attention *a,
                                                        float *scratch) {
  struct NAME(forward_memory) m;
  float *next = scratch;
  const size_t columns = (a->keys + NAME(PANEL) - 1) / NAME(PANEL) * NAME(PANEL);
#define TAKE(type, count) (next += NAME(whole_vectors)(count), (type *)(next - NAME(whole_vectors)(count)))
  m.keys = TAKE(UNIT, columns * NAME(units)(a->depth));
  m.values = TAKE(UNIT, NAME(units)(a->keys) * NAME(whole_vectors)(a->value_depth));
  m.queries = TAKE(UNIT, QUERY_BLOCK * NAME(whole_vectors)(NAME(units)(a->depth)));
  m.scores = TAKE(float, QUERY_BLOCK * SCORE_ROW);
  m.weights = PER_UNIT > 1 ? TAKE(UNIT, QUERY_BLOCK * SCORE_ROW) : (UNIT *)m.scores;
  m.sums = TAKE(float, QUERY_BLOCK * NAME(whole_vectors)(a->value_depth));
  m.factors = TAKE(float, KEY_BLOCK);
#undef TAKE
  m.size = (size_t)(next - scratch);
  return m;
}

/// Turns a row of scores into the exponentials of their distances to the row's greatest, and brings what
/// was summed before to the same measure. Returns the sum of the row's exponentials so far.
static inline __attribute__((always_inline)) float NAME(soften)(float *scores, size_t padded,
                                                               float *greatest, float total,
                                                               float *sums, size_t width) {
  VECTOR best = (VECTOR)(-INFINITY);
  for (size_t j = 0; j < padded; j += LANES) best = NAME(larger)(NAME(load)(scores + j), best);
  const float before = *greatest;
  const float own = NAME(maximum)(best);
  const float now = own > before ? own : before;
  // No key is allowed so far: any number that is not infinite does.
  const float base = now == -INFINITY ? 0.0f : now;
  VECTOR parts = (VECTOR)(0.0f);
  for (size_t j = 0; j < padded; j += LANES) {
    const VECTOR e = NAME(exp)(NAME(load)(scores + j) - base);
    NAME(store)(scores + j, e);
    parts += e;
  }
  if (now != before) {
    const float fade = before == -INFINITY ? 0.0f : expf(before - now);
    total *= fade;
    for (size_t d = 0; d < width; d += LANES) NAME(store)(sums + d, NAME(load)(sums + d) * fade);
    *greatest = now;
  }
  return total + NAME(sum)(parts);
}

static void NAME(forward)(const struct sentio_attention *a, size_t head, size_t packed, size_t first,
                          size_t last, float *scratch) {
  const struct NAME(forward_memory) m = NAME(forward_layout)(a, scratch);
  const struct sentio_attention_place *place = a->places + head;
  const ELEMENT *keys = (const ELEMENT *)a->key + place->key;
  const ELEMENT *values = (const ELEMENT *)a->value + place->value;
  const size_t width = NAME(whole_vectors)(a->value_depth), terms = NAME(units)(a->depth);
  const size_t query_width = NAME(whole_vectors)(terms);
  // Values that lie as the product wants them are read where they are.
  const int inPlace = PER_UNIT == 1 && (size_t)a->value_row == width && a->value_depth == width;
  if (packed != head) {
    OUTER(pack_columns)(keys, a->key_row, a->keys, a->depth, m.keys);
    if (!inPlace) {
      OUTER(pack_terms)(values, a->value_row, a->keys, a->value_depth, 1.0f, 0, m.values, width);
    }
  }
  const UNIT *right = inPlace ? (const UNIT *)values : m.values;
  const int finite = OUTER(are_finite)(values, a->value_row, a->keys, a->value_depth);

  for (size_t query = first; query < last; query += QUERY_BLOCK) {
    const size_t rows = last - query < QUERY_BLOCK ? last - query : QUERY_BLOCK;
    OUTER(pack_rows)((const ELEMENT *)a->query + place->query + (ptrdiff_t)query * a->query_row,
                     a->query_row, rows, a->depth, a->scale, m.queries, query_width);
    float greatest[QUERY_BLOCK], totals[QUERY_BLOCK] = {0};
    for (size_t i = 0; i < rows; i++) greatest[i] = -INFINITY;
    memset(m.sums, 0, rows * width * sizeof(float));
    const size_t end = a->causal && query + rows < a->keys ? query + rows : a->keys;
    for (size_t key = 0; key < end; key += KEY_BLOCK) {
      const size_t count = end - key < KEY_BLOCK ? end - key : KEY_BLOCK;
      const size_t padded = NAME(whole_vectors)(count);
      NAME(product)(m.queries, (ptrdiff_t)query_width, 1, m.keys + key * terms, NAME(PANEL),
                    (ptrdiff_t)(NAME(PANEL) * terms), m.scores, SCORE_ROW, rows, padded / LANES, terms,
                    0);
      NAME(forbid)(a, place, m.scores, SCORE_ROW, query, rows, key, count);
      for (size_t i = 0; i < rows; i++) {
        float *row = m.scores + i * SCORE_ROW;
        totals[i] = NAME(soften)(row, padded, &greatest[i], totals[i], m.sums + i * width, width);
        if (a->drop_below) {
          NAME(draw)(a, head, query + i, key, count, m.factors);
          for (size_t j = 0; j < padded; j += LANES) {
            NAME(store)(row + j, NAME(load)(row + j) * NAME(load)(m.factors + j));
          }
        }
        if (PER_UNIT > 1) NAME(pack_rows)(row, 0, 1, count, 1.0f, m.weights + i * SCORE_ROW, 0);
      }
      if (finite) {
        NAME(product)(m.weights, SCORE_ROW, 1, right + key / PER_UNIT * width, (ptrdiff_t)width,
                      NAME(PANEL), m.sums, (ptrdiff_t)width, rows, width / LANES,
                      NAME(units)(count), 1);
      } else {
        NAME(add_present)(m.scores, SCORE_ROW, rows, count, values + (ptrdiff_t)key * a->value_row,
                          a->value_row, a->value_depth, m.sums, width);
      }
    }
    for (size_t i = 0; i < rows; i++) {
      ELEMENT *out = (ELEMENT *)a->out + place->out + (ptrdiff_t)(query + i) * a->out_row;
      // Nothing was summed for a query that no key is allowed for, and nothing is its result.
      const float inverse = totals[i] == 0.0f ? 0.0f : 1.0f / totals[i];
      const float *sums = m.sums + i * width;
      for (size_t d = 0; d < a->value_depth; d++) out[d] = NARROWED(sums[d] * inverse);
      if (a->log_sum_exp) a->log_sum_exp[head * a->queries + query + i] = greatest[i] + logf(totals[i]);
    }
  }
}
