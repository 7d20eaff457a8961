// Included after attention_product.h: brings rows of floats into the shapes that products want. PER_UNIT
// numbers make a unit; what a row lacks to whole units is 0.

static inline __attribute__((always_inline)) size_t NAME(units)(size_t count) {
  return (count + PER_UNIT - 1) / PER_UNIT;
}

static inline __attribute__((always_inline)) size_t NAME(whole_vectors)(size_t count) {
  return (count + LANES - 1) / LANES * LANES;
}

/// LANES units of a row, from the unit `first` on; zeros beyond the row's `depth` numbers.
static inline __attribute__((always_inline)) VECTOR NAME(row_units)(const float *row, size_t first,
                                                                   size_t depth) {
  const size_t start = first * PER_UNIT;
  if (start + LANES * PER_UNIT <= depth) return UNITS_OF(row + start);
  float rest[LANES * PER_UNIT] = {0};
  for (size_t i = start; i < depth; i++) rest[i - start] = row[i];
  return UNITS_OF(rest);
}

/// Rows times a factor as the left side of a product: `width` units a row, a whole number of vectors.
static void NAME(pack_rows)(const float *rows, ptrdiff_t step, size_t count, size_t depth,
                            float factor, UNIT *out, size_t width) {
  for (size_t r = 0; r < count; r++, rows += step, out += width) {
    for (size_t u = 0; u < NAME(units)(depth); u += LANES) {
      const size_t start = u * PER_UNIT;
      float scaled[LANES * PER_UNIT];
      if (start + LANES * PER_UNIT <= depth) {
        for (size_t i = 0; i < LANES * PER_UNIT; i++) scaled[i] = rows[start + i] * factor;
      } else {
        for (size_t i = 0; i < LANES * PER_UNIT; i++) {
          scaled[i] = start + i < depth ? rows[start + i] * factor : 0.0f;
        }
      }
      NAME(store)(out + u, UNITS_OF(scaled));
    }
  }
}

/// Rows as the columns of a right side: panels of PANEL columns, each with the units of `depth` as rows.
static void NAME(pack_columns)(const float *rows, ptrdiff_t step, size_t count, size_t depth,
                               UNIT *out) {
  const size_t terms = NAME(units)(depth);
  for (size_t left = 0; left < count; left += LANES) {
    UNIT *panel = out + left / NAME(PANEL) * NAME(PANEL) * terms + left % NAME(PANEL);
    const size_t width = count - left < LANES ? count - left : LANES;
    for (size_t top = 0; top < terms; top += LANES) {
      const float *corner = rows + (ptrdiff_t)left * step;
      VECTOR block[LANES];
      if (width == LANES && (top + LANES) * PER_UNIT <= depth) {
#pragma clang loop unroll(full)
        for (int i = 0; i < LANES; i++) block[i] = UNITS_OF(corner + i * step + top * PER_UNIT);
      } else {
#pragma clang loop unroll(full)
        for (int i = 0; i < LANES; i++) {
          block[i] = (size_t)i < width ? NAME(row_units)(corner + i * step, top, depth)
                                       : (VECTOR)(0.0f);
        }
      }
      NAME(transpose)(block);
      UNIT *out_rows = panel + top * NAME(PANEL);
      if (terms - top >= LANES) {
#pragma clang loop unroll(full)
        for (int i = 0; i < LANES; i++) NAME(store)(out_rows + i * NAME(PANEL), block[i]);
      } else {
        for (size_t i = 0; i < terms - top; i++) NAME(store)(out_rows + i * NAME(PANEL), block[i]);
      }
    }
  }
}

/// Rows as the rows of a right side, PER_UNIT of them in one, `width` numbers a row and zeros beyond
/// `depth`; with `finite`, zeros for what is not finite as well.
static void NAME(pack_terms)(const float *rows, ptrdiff_t step, size_t count, size_t depth,
                             float factor, int finite, UNIT *out, size_t width) {
  for (size_t r = 0; r < count; r += PER_UNIT, out += width) {
    for (size_t left = 0; left < width; left += LANES) {
      VECTOR numbers[PER_UNIT];
      for (size_t i = 0; i < PER_UNIT; i++) {
        const float *row = rows + (ptrdiff_t)(r + i) * step + left;
        if (r + i >= count) {
          numbers[i] = (VECTOR)(0.0f);
        } else if (left + LANES <= depth) {
          numbers[i] = NAME(load)(row) * factor;
        } else {
          float part[LANES];
          for (size_t l = 0; l < LANES; l++) part[l] = left + l < depth ? row[l] * factor : 0.0f;
          numbers[i] = NAME(load)(part);
        }
        // A number less itself is 0 if it is finite, and else NaN, which equals nothing.
        if (finite) {
          const VECTOR none = numbers[i] - numbers[i];
          numbers[i] = none == (VECTOR)(0.0f) ? numbers[i] : (VECTOR)(0.0f);
        }
      }
      NAME(store)(out + left, PAIR_UNITS(numbers));
    }
  }
}

/// Whether all numbers of the rows are finite.
static int NAME(are_finite)(const float *rows, ptrdiff_t step, size_t count, size_t depth) {
  VECTOR sums = {0};
  float rest = 0;
  for (size_t r = 0; r < count; r++, rows += step) {
    size_t i = 0;
    for (; i + LANES <= depth; i += LANES) {
      const VECTOR v = NAME(load)(rows + i);
      sums += v - v;
    }
    for (; i < depth; i++) rest += rows[i] - rows[i];
  }
  return NAME(sum)(sums) + rest == 0;
}
