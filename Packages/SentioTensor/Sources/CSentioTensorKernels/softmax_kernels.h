// Softmax and its derivatives along rows and along columns; see softmax.c.
// clang-format off
#include "vectors.h"

typedef double NAME(doubles) __attribute__((ext_vector_type(LANES)));
typedef int32_t NAME(places) __attribute__((ext_vector_type(LANES)));
#define DOUBLES NAME(doubles)

/// `v` in the last `count` lanes and `other` before them.
static inline __attribute__((always_inline)) VECTOR NAME(last_lanes)(VECTOR v, size_t count,
                                                                    VECTOR other) {
  int32_t numbers[LANES];
  for (int l = 0; l < LANES; l++) numbers[l] = l;
  NAME(places) places;
  memcpy(&places, numbers, sizeof places);
  return places >= (NAME(places))(LANES - (int32_t)count) ? v : other;
}

static inline __attribute__((always_inline)) VECTOR NAME(load_some)(const float *p, size_t count,
                                                                   float rest) {
  float part[LANES];
  for (size_t l = 0; l < LANES; l++) part[l] = l < count ? p[l] : rest;
  return NAME(load)(part);
}

static inline __attribute__((always_inline)) void NAME(store_some)(float *p, VECTOR v, size_t count) {
  float part[LANES];
  NAME(store)(part, v);
  for (size_t l = 0; l < count; l++) p[l] = part[l];
}

// A row's last numbers stand in a vector that reaches back over its neighbours, which are computed twice.
// It is read before anything is written, since the output may be the input. Rows shorter than a vector are
// filled up.
#define LAST(row) \
  (columns < LANES ? NAME(load_some)(row, columns, FILL) : NAME(load)(row + columns - LANES))
#define STORE_LAST(row, v)                                 \
  if (columns < LANES) NAME(store_some)(row, v, columns); \
  else NAME(store)(row + columns - LANES, v)

/// Σ TERM(vector at i) over the whole vectors of a row, in double precision from 512 to 512 numbers.
#define SUM_VECTORS(total, TERM)                                            \
  for (size_t block = 0; block < whole; block += 512) {                     \
    const size_t end = whole - block < 512 ? whole : block + 512;           \
    VECTOR parts = (VECTOR)(0.0f);                                          \
    for (size_t i = block; i < end; i += LANES) parts += (TERM);            \
    total += (double)NAME(sum)(parts);                                      \
  }

static inline __attribute__((always_inline)) float NAME(greatest)(const float *x, size_t whole,
                                                                 VECTOR last) {
  VECTOR best = last;
  for (size_t i = 0; i < whole; i += LANES) best = NAME(larger)(NAME(load)(x + i), best);
  return NAME(maximum)(best);
}

#define FILL -INFINITY
static void NAME(row_softmax)(const float *x, float *out, size_t rows, size_t columns) {
  const size_t rest = columns % LANES, whole = columns - rest;
  for (size_t r = 0; r < rows; r++, x += columns, out += columns) {
    VECTOR last = rest ? LAST(x) : (VECTOR)(-INFINITY);
    const float greatest = NAME(greatest)(x, whole, last);
    double total = 0;
    for (size_t block = 0; block < whole; block += 512) {
      const size_t end = whole - block < 512 ? whole : block + 512;
      VECTOR parts = (VECTOR)(0.0f);
      for (size_t i = block; i < end; i += LANES) {
        const VECTOR e = NAME(exp)(NAME(load)(x + i) - greatest);
        NAME(store)(out + i, e);
        parts += e;
      }
      total += (double)NAME(sum)(parts);
    }
    if (rest) {
      last = NAME(exp)(last - greatest);
      const size_t own = columns < LANES ? LANES : rest;
      total += (double)NAME(sum)(NAME(last_lanes)(last, own, (VECTOR)(0.0f)));
    }
    const float scale = (float)(1.0 / total);
    for (size_t i = 0; i < whole; i += LANES) NAME(store)(out + i, NAME(load)(out + i) * scale);
    if (rest) {
      last *= scale;
      STORE_LAST(out, last);
    }
  }
}

static void NAME(row_log_softmax)(const float *x, float *out, size_t rows, size_t columns) {
  const size_t rest = columns % LANES, whole = columns - rest;
  for (size_t r = 0; r < rows; r++, x += columns, out += columns) {
    VECTOR last = rest ? LAST(x) : (VECTOR)(-INFINITY);
    const float greatest = NAME(greatest)(x, whole, last);
    double total = 0;
    SUM_VECTORS(total, NAME(exp)(NAME(load)(x + i) - greatest))
    if (rest) {
      const size_t own = columns < LANES ? LANES : rest;
      total += (double)NAME(sum)(NAME(last_lanes)(NAME(exp)(last - greatest), own, (VECTOR)(0.0f)));
    }
    const float shift = (float)log(total);
    for (size_t i = 0; i < whole; i += LANES) {
      NAME(store)(out + i, (NAME(load)(x + i) - greatest) - shift);
    }
    if (rest) {
      last = (last - greatest) - shift;
      STORE_LAST(out, last);
    }
  }
}
#undef FILL

#define FILL 0.0f
static void NAME(row_softmax_gradient)(const float *y, const float *g, float *out, size_t rows,
                                       size_t columns) {
  const size_t rest = columns % LANES, whole = columns - rest;
  for (size_t r = 0; r < rows; r++, y += columns, g += columns, out += columns) {
    const VECTOR last = rest ? LAST(y) : (VECTOR)(0.0f), arriving = rest ? LAST(g) : (VECTOR)(0.0f);
    double total = 0;
    SUM_VECTORS(total, NAME(load)(y + i) * NAME(load)(g + i))
    const size_t own = columns < LANES ? LANES : rest;
    if (rest) total += (double)NAME(sum)(NAME(last_lanes)(last * arriving, own, (VECTOR)(0.0f)));
    const float shift = (float)total;
    for (size_t i = 0; i < whole; i += LANES) {
      NAME(store)(out + i, NAME(load)(y + i) * (NAME(load)(g + i) - shift));
    }
    if (rest) {
      const VECTOR result = last * (arriving - shift);
      STORE_LAST(out, result);
    }
  }
}

static void NAME(row_log_softmax_gradient)(const float *y, const float *g, float *out, size_t rows,
                                           size_t columns) {
  const size_t rest = columns % LANES, whole = columns - rest;
  for (size_t r = 0; r < rows; r++, y += columns, g += columns, out += columns) {
    const VECTOR last = rest ? LAST(y) : (VECTOR)(0.0f), arriving = rest ? LAST(g) : (VECTOR)(0.0f);
    double total = 0;
    SUM_VECTORS(total, NAME(load)(g + i))
    const size_t own = columns < LANES ? LANES : rest;
    if (rest) total += (double)NAME(sum)(NAME(last_lanes)(arriving, own, (VECTOR)(0.0f)));
    const float sum = (float)total;
    for (size_t i = 0; i < whole; i += LANES) {
      NAME(store)(out + i, NAME(load)(g + i) - NAME(exp)(NAME(load)(y + i)) * sum);
    }
    if (rest) {
      const VECTOR result = arriving - NAME(exp)(last) * sum;
      STORE_LAST(out, result);
    }
  }
}
#undef FILL

// Along columns a vector holds neighbouring columns; the last ones reach back over their neighbours, and
// the output is never the input. Sums go to double precision every 128 rows.
#define COLUMNS(BODY)                                                                \
  for (size_t left = 0; left < width; left += LANES) {                              \
    const size_t some = width < LANES ? width : LANES;                              \
    const size_t place = width < LANES || left + LANES <= width ? left : width - LANES; \
    BODY                                                                             \
  }
#define COLUMN(p, r)                                                     \
  (some < LANES ? NAME(load_some)((p) + place + (r) * row_length, some, 0.0f) \
                : NAME(load)((p) + place + (r) * row_length))
#define STORE_COLUMN(p, r, v)                                                        \
  do {                                                                               \
    if (some < LANES) NAME(store_some)((p) + place + (r) * row_length, v, some);          \
    else NAME(store)((p) + place + (r) * row_length, v);                                  \
  } while (0)
#define SUM_COLUMN(total, TERM)                                                      \
  DOUBLES total = (DOUBLES)(0.0);                                                    \
  for (size_t block = 0; block < rows; block += 128) {                               \
    const size_t end = rows - block < 128 ? rows : block + 128;                      \
    VECTOR parts = (VECTOR)(0.0f);                                                   \
    for (size_t r = block; r < end; r++) parts += (TERM);                            \
    total += __builtin_convertvector(parts, DOUBLES);                                \
  }

static inline __attribute__((always_inline)) VECTOR NAME(column_greatest)(const float *x, size_t place,
                                                                         size_t some, size_t rows,
                                                                         size_t row_length) {
  VECTOR best = (VECTOR)(-INFINITY);
  for (size_t r = 0; r < rows; r++) best = NAME(larger)(COLUMN(x, r), best);
  return best;
}

static void NAME(column_softmax)(const float *x, float *out, size_t rows, size_t width,
                                 size_t row_length) {
  COLUMNS({
    const VECTOR greatest = NAME(column_greatest)(x, place, some, rows, row_length);
    DOUBLES total = (DOUBLES)(0.0);
    for (size_t block = 0; block < rows; block += 128) {
      const size_t end = rows - block < 128 ? rows : block + 128;
      VECTOR parts = (VECTOR)(0.0f);
      for (size_t r = block; r < end; r++) {
        const VECTOR e = NAME(exp)(COLUMN(x, r) - greatest);
        STORE_COLUMN(out, r, e);
        parts += e;
      }
      total += __builtin_convertvector(parts, DOUBLES);
    }
    const VECTOR scale = __builtin_convertvector(1.0 / total, VECTOR);
    for (size_t r = 0; r < rows; r++) STORE_COLUMN(out, r, COLUMN(out, r) * scale);
  })
}

static void NAME(column_log_softmax)(const float *x, float *out, size_t rows, size_t width,
                                 size_t row_length) {
  COLUMNS({
    const VECTOR greatest = NAME(column_greatest)(x, place, some, rows, row_length);
    SUM_COLUMN(total, NAME(exp)(COLUMN(x, r) - greatest))
    VECTOR shift;
    for (int l = 0; l < LANES; l++) shift[l] = (float)log(total[l]);
    for (size_t r = 0; r < rows; r++) STORE_COLUMN(out, r, (COLUMN(x, r) - greatest) - shift);
  })
}

static void NAME(column_softmax_gradient)(const float *y, const float *g, float *out, size_t rows,
                                          size_t width, size_t row_length) {
  COLUMNS({
    SUM_COLUMN(total, COLUMN(y, r) * COLUMN(g, r))
    const VECTOR shift = __builtin_convertvector(total, VECTOR);
    for (size_t r = 0; r < rows; r++) {
      STORE_COLUMN(out, r, COLUMN(y, r) * (COLUMN(g, r) - shift));
    }
  })
}

static void NAME(column_log_softmax_gradient)(const float *y, const float *g, float *out, size_t rows,
                                              size_t width, size_t row_length) {
  COLUMNS({
    SUM_COLUMN(total, COLUMN(g, r))
    const VECTOR sum = __builtin_convertvector(total, VECTOR);
    for (size_t r = 0; r < rows; r++) {
      STORE_COLUMN(out, r, COLUMN(g, r) - NAME(exp)(COLUMN(y, r)) * sum);
    }
  })
}
#undef LAST
#undef STORE_LAST
#undef SUM_VECTORS
#undef COLUMNS
#undef COLUMN
#undef STORE_COLUMN
#undef SUM_COLUMN
#undef DOUBLES
#undef VECTOR
#undef INTEGERS
