// Included by attention_pack.h for each type of rows: SOURCE, with functions that PACK names, NUMBER as the
// number that an element is, and VECTOR_AT and UNITS_AT as LANES numbers and as LANES units from a place on.

/// LANES units of a row, from the unit `first` on; zeros beyond the row's `depth` numbers.
static inline __attribute__((always_inline)) VECTOR PACK(row_units)(const SOURCE *row, size_t first,
                                                                   size_t depth) {
  const size_t start = first * PER_UNIT;
  if (start + LANES * PER_UNIT <= depth) return UNITS_AT(row + start);
  float rest[LANES * PER_UNIT] = {0};
  for (size_t i = start; i < depth; i++) rest[i - start] = NUMBER(row[i]);
  return UNITS_OF(rest);
}

/// Rows times a factor as the left side of a product: `width` units a row, a whole number of vectors.
static void PACK(pack_rows)(const SOURCE *rows, ptrdiff_t step, size_t count, size_t depth,
                            float factor, UNIT *out, size_t width) {
  for (size_t r = 0; r < count; r++, rows += step, out += width) {
    for (size_t u = 0; u < NAME(units)(depth); u += LANES) {
      const size_t start = u * PER_UNIT;
      float scaled[LANES * PER_UNIT];
      if (start + LANES * PER_UNIT <= depth) {
        for (size_t i = 0; i < LANES * PER_UNIT; i++) scaled[i] = NUMBER(rows[start + i]) * factor;
      } else {
        for (size_t i = 0; i < LANES * PER_UNIT; i++) {
          scaled[i] = start + i < depth ? NUMBER(rows[start + i]) * factor : 0.0f;
        }
      }
      NAME(store)(out + u, UNITS_OF(scaled));
    }
  }
}

/// Rows as the columns of a right side: panels of PANEL columns, each with the units of `depth` as rows.
static __attribute__((unused)) void PACK(pack_columns)(const SOURCE *rows, ptrdiff_t step, size_t count, size_t depth,
                               UNIT *out) {
  const size_t terms = NAME(units)(depth);
  for (size_t left = 0; left < count; left += LANES) {
    UNIT *panel = out + left / NAME(PANEL) * NAME(PANEL) * terms + left % NAME(PANEL);
    const size_t width = count - left < LANES ? count - left : LANES;
    for (size_t top = 0; top < terms; top += LANES) {
      const SOURCE *corner = rows + (ptrdiff_t)left * step;
      VECTOR block[LANES];
      if (width == LANES && (top + LANES) * PER_UNIT <= depth) {
#pragma clang loop unroll(full)
        for (int i = 0; i < LANES; i++) block[i] = UNITS_AT(corner + i * step + top * PER_UNIT);
      } else {
#pragma clang loop unroll(full)
        for (int i = 0; i < LANES; i++) {
          block[i] = (size_t)i < width ? PACK(row_units)(corner + i * step, top, depth)
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
static void PACK(pack_terms)(const SOURCE *rows, ptrdiff_t step, size_t count, size_t depth,
                             float factor, int finite, UNIT *out, size_t width) {
  for (size_t r = 0; r < count; r += PER_UNIT, out += width) {
    for (size_t left = 0; left < width; left += LANES) {
      VECTOR numbers[PER_UNIT];
      for (size_t i = 0; i < PER_UNIT; i++) {
        const SOURCE *row = rows + (ptrdiff_t)(r + i) * step + left;
        if (r + i >= count) {
          numbers[i] = (VECTOR)(0.0f);
        } else if (left + LANES <= depth) {
          numbers[i] = VECTOR_AT(row) * factor;
        } else {
          float part[LANES];
          for (size_t l = 0; l < LANES; l++) part[l] = left + l < depth ? NUMBER(row[l]) * factor : 0.0f;
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
static __attribute__((unused)) int PACK(are_finite)(const SOURCE *rows, ptrdiff_t step, size_t count, size_t depth) {
  VECTOR sums = {0};
  float rest = 0;
  for (size_t r = 0; r < count; r++, rows += step) {
    size_t i = 0;
    for (; i + LANES <= depth; i += LANES) {
      const VECTOR v = VECTOR_AT(rows + i);
      sums += v - v;
    }
    for (; i < depth; i++) rest += NUMBER(rows[i]) - NUMBER(rows[i]);
  }
  return NAME(sum)(sums) + rest == 0;
}
