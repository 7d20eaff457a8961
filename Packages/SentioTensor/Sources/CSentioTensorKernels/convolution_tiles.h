// The products of a convolution for one instruction set. Included once for each, with
//   TILE(name)         the name of a function there
//   LANES              numbers in a vector
//   WORD, ELEMENT      what is multiplied, and the unit that a correlation's plane counts in
//   ROWS, VECTORS      a tile's rows and vectors, whose sums the registers hold
//   MULTIPLY_ADD(sum, scalar, vector)   sum + scalar · vector, the scalar a WORD

typedef float TILE(sums) __attribute__((vector_size(LANES * 4)));
typedef float TILE(loose_sums) __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
typedef WORD TILE(words) __attribute__((vector_size(LANES * 4)));
typedef WORD TILE(loose_words) __attribute__((vector_size(LANES * 4), aligned(2), may_alias));

#define ALWAYS static inline __attribute__((always_inline))
#define FOR_ROWS _Pragma("clang loop unroll(full)") for (int i = 0; i < rows; i++)
#define FOR_VECTORS _Pragma("clang loop unroll(full)") for (int j = 0; j < vectors; j++)

ALWAYS TILE(words) TILE(load)(const void *from) { return *(const TILE(loose_words) *)from; }

// What a tile's sums begin with: the sums of earlier terms, or the bias.
struct TILE(start) {
  const float *sums;
  const float *bias;
};

ALWAYS void TILE(multiply_tile)(const int rows, const int vectors, const WORD *weights, const WORD *plane,
                                const int32_t *offsets, size_t terms, struct TILE(start) start,
                                float *out, ptrdiff_t step) {
  TILE(sums) sums[ROWS][VECTORS];
  if (start.sums) {
    FOR_ROWS FOR_VECTORS sums[i][j] =
        *(const TILE(loose_sums) *)(start.sums + i * VECTORS * LANES + j * LANES);
  } else {
    FOR_ROWS FOR_VECTORS sums[i][j] = (TILE(sums)){0} + (start.bias ? start.bias[i] : 0.0f);
  }
  for (size_t k = 0; k < terms; k++, weights += rows) {
    const WORD *place = plane + offsets[k];
    TILE(words) seen[VECTORS];
    FOR_VECTORS seen[j] = TILE(load)(place + j * LANES);
    FOR_ROWS {
      const WORD weight = weights[i];
      FOR_VECTORS sums[i][j] = MULTIPLY_ADD(sums[i][j], weight, seen[j]);
    }
  }
  FOR_ROWS FOR_VECTORS *(TILE(loose_sums) *)(out + i * step + j * LANES) = sums[i][j];
}

static void TILE(multiply_rows)(int rows, int vectors, const WORD *weights, const WORD *plane,
                                const int32_t *offsets, size_t terms, struct TILE(start) start,
                                float *out, ptrdiff_t step) {
#define CASE(r, v)   \
  case (r) * 4 + (v): \
    TILE(multiply_tile)(r, v, weights, plane, offsets, terms, start, out, step); break;
  switch (rows * 4 + vectors) {
#if ROWS >= 8
    CASE(8, 1) CASE(8, 2) CASE(8, 3)
#endif
    CASE(4, 1) CASE(4, 2) CASE(4, 3)
    CASE(2, 1) CASE(2, 2) CASE(2, 3)
    CASE(1, 1) CASE(1, 2) CASE(1, 3)
  }
#undef CASE
}

// The rows of weights that a tile takes where so many are left: the packing knows this too.
ALWAYS size_t TILE(rows_of)(size_t left) {
  size_t rows = ROWS;
  while (rows > left) rows /= 2;
  return rows;
}

// The tile at a row of weights and a position, over the terms first..<end.
static void TILE(multiply_at)(const struct sentio_convolution_product *p, size_t row, size_t position,
                              size_t first, size_t end_term) {
  const size_t positions = (p->height - 1) * p->pitch + p->width;
  const size_t left = positions - position, terms = end_term - first;
  const int vectors = left >= VECTORS * LANES ? VECTORS : (int)((left + LANES - 1) / LANES);
  const int rows = (int)TILE(rows_of)(p->rows - row);
  const WORD *weights = (const WORD *)p->weights + row * p->terms + first * (size_t)rows;
  const WORD *plane = (const WORD *)p->plane + position;
  const int32_t *offsets = p->offsets + first;
  float *kept = p->sums ? p->sums + row * VECTORS * LANES : NULL;
  const struct TILE(start) start = {first > 0 ? kept : NULL, p->bias ? p->bias + row : NULL};
  if (end_term < p->terms) {
    TILE(multiply_rows)(rows, vectors, weights, plane, offsets, terms, start, kept, VECTORS * LANES);
    return;
  }
  const size_t y = position / p->pitch, x = position % p->pitch;
  const size_t count = (size_t)vectors * LANES;
  float *out = p->out + (ptrdiff_t)row * p->out_channel_step;
  if (x + count <= p->width && p->out_column_step == 1) {
    TILE(multiply_rows)(rows, vectors, weights, plane, offsets, terms, start,
                        out + (ptrdiff_t)y * p->out_row_step + x, p->out_channel_step);
    return;
  }
  float spare[ROWS][VECTORS * LANES] __attribute__((aligned(64)));
  TILE(multiply_rows)(rows, vectors, weights, plane, offsets, terms, start, spare[0], VECTORS * LANES);
  const size_t end = position + (left < count ? left : count);
  for (size_t at = position, r = y, c = x; at < end; r++, c = 0) {
    const size_t stop = r * p->pitch + p->width < end ? r * p->pitch + p->width : end;
    for (int i = 0; i < rows; i++) {
      float *to = out + i * p->out_channel_step + (ptrdiff_t)r * p->out_row_step +
                  (ptrdiff_t)c * p->out_column_step;
      const float *from = spare[i] + (at - position);
      if (p->out_column_step == 1) {
        for (size_t n = 0; at + n < stop; n++) to[n] = from[n];
      } else {
        for (size_t n = 0; at + n < stop; n++) to[(ptrdiff_t)n * p->out_column_step] = from[n];
      }
    }
    at = (r + 1) * p->pitch;
  }
}

static void TILE(multiply)(const struct sentio_convolution_product *product) {
  struct sentio_convolution_product p = *product;
  if (p.height == 0 || p.width == 0 || p.rows == 0) return;
  if (p.pitch == p.width && p.out_row_step == (ptrdiff_t)p.width * p.out_column_step) {
    // Rows that follow each other on both sides are one.
    p.width *= p.height;
    p.pitch = p.width;
    p.height = 1;
  }
  const size_t positions = (p.height - 1) * p.pitch + p.width;
  const size_t block = p.sums && p.block > 0 && p.block < p.terms ? p.block : p.terms;
  for (size_t at = 0; at < positions; at += VECTORS * LANES) {
    // All rows of weights meet a block of terms of this stretch while it is near.
    size_t first = 0;
    do {
      const size_t end = p.terms - first < block + block / 2 ? p.terms : first + block;
      for (size_t row = 0; row < p.rows; row += TILE(rows_of)(p.rows - row)) {
        TILE(multiply_at)(&p, row, at, first, end);
      }
      first = end;
    } while (first < p.terms);
  }
}

// Of a correlation, a tile of 6 rows holds up to 4 vectors of sums.
ALWAYS void TILE(correlate_tile)(const int rows, const int vectors, const ELEMENT *plane,
                                 const int32_t *offsets, const WORD *turned, size_t pitch,
                                 size_t steps, float *out, size_t columns) {
  TILE(sums) sums[6][4];
  const ELEMENT *places[6];
  FOR_ROWS places[i] = plane + offsets[i];
  FOR_ROWS FOR_VECTORS sums[i][j] =
      *(TILE(loose_sums) *)(out + (size_t)i * columns + j * LANES);
  for (size_t k = 0; k < steps; k++, turned += pitch) {
    TILE(words) seen[4];
    FOR_VECTORS seen[j] = TILE(load)(turned + j * LANES);
    FOR_ROWS {
      WORD factor;
      memcpy(&factor, places[i] + k * (sizeof(WORD) / sizeof(ELEMENT)), sizeof factor);
      FOR_VECTORS sums[i][j] = MULTIPLY_ADD(sums[i][j], factor, seen[j]);
    }
  }
  FOR_ROWS FOR_VECTORS *(TILE(loose_sums) *)(out + (size_t)i * columns + j * LANES) = sums[i][j];
}

static void TILE(correlate_rows)(int rows, int vectors, const ELEMENT *plane, const int32_t *offsets,
                                 const WORD *turned, size_t pitch, size_t steps, float *out,
                                 size_t columns) {
#define CASE(r, v)    \
  case (r) * 8 + (v): \
    TILE(correlate_tile)(r, v, plane, offsets, turned, pitch, steps, out, columns); break;
  switch (rows * 8 + vectors) {
#if CORRELATED_ROWS >= 6
    CASE(6, 1) CASE(6, 2) CASE(6, 3) CASE(6, 4)
#endif
    CASE(3, 1) CASE(3, 2) CASE(3, 3) CASE(3, 4)
    CASE(1, 1) CASE(1, 2) CASE(1, 3) CASE(1, 4)
  }
#undef CASE
}

static void TILE(correlate)(const struct sentio_convolution_correlation *c) {
  // A block of steps whose both factors stay in the first cache while the tiles go over them.
  const size_t block = 128;
  for (size_t step = 0; step < c->steps; step += block) {
    const size_t steps = c->steps - step < block ? c->steps - step : block;
    const ELEMENT *plane = (const ELEMENT *)c->plane + step * (sizeof(WORD) / sizeof(ELEMENT));
    for (size_t panel = 0; panel < c->columns; panel += SENTIO_CONVOLUTION_PANEL) {
      const size_t rest = c->columns - panel;
      const size_t width = rest < SENTIO_CONVOLUTION_PANEL ? rest : SENTIO_CONVOLUTION_PANEL;
      const WORD *turned = (const WORD *)c->turned + panel * c->steps + step * width;
      for (size_t column = 0; column < width; column += 4 * LANES) {
        const size_t left = (width - column) / LANES;
        const int vectors = left < 4 ? (int)left : 4;
        for (size_t row = 0; row < c->rows;) {
          const size_t left_rows = c->rows - row;
          const int rows = left_rows >= CORRELATED_ROWS ? CORRELATED_ROWS : left_rows >= 3 ? 3 : 1;
          TILE(correlate_rows)(rows, vectors, plane, c->offsets + row, turned + column, width, steps,
                               c->sums + row * c->columns + panel + column, c->columns);
          row += (size_t)rows;
        }
      }
    }
  }
}

#undef ALWAYS
#undef FOR_ROWS
#undef FOR_VECTORS
