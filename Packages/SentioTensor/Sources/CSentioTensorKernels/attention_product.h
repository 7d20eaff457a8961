// Included after vectors.h, once for each kind of number. A UNIT is what a lane of the product
// instruction multiplies: one float, or two bfloat16 numbers, whose products are added.

enum {
  NAME(PANEL) = PANEL_VECTORS * LANES,
};

// A tile of C stays in registers over the whole sum. A(i, p) is spread over a vector, and B's row p is
// read as vectors.
static inline __attribute__((always_inline)) void NAME(tile)(
    const int rows, const int vectors, const UNIT *a, ptrdiff_t a_row, ptrdiff_t a_step,
    const UNIT *b, ptrdiff_t b_row, float *c, ptrdiff_t c_row, size_t terms, int accumulate) {
  VECTOR sums[TILE_ROWS][PANEL_VECTORS];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) {
      sums[i][j] = accumulate ? NAME(load)(c + i * c_row + j * LANES) : (VECTOR)(0.0f);
    }
  }
#pragma clang loop unroll(disable)
  for (size_t p = 0; p < terms; p++) {
    VECTOR row[PANEL_VECTORS];
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) row[j] = NAME(load)(b + j * LANES);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      const UNIT factor = a[i * a_row];
#pragma clang loop unroll(full)
      for (int j = 0; j < vectors; j++) sums[i][j] = MULTIPLY_ADD(factor, row[j], sums[i][j]);
    }
    a += a_step;
    b += b_row;
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < vectors; j++) NAME(store)(c + i * c_row + j * LANES, sums[i][j]);
  }
}

#define TILE(rows, vectors) \
  NAME(tile)(rows, vectors, a, a_row, a_step, b, b_row, c, c_row, terms, accumulate)
#define TILES(vectors)               \
  switch (rows) {                    \
    case 1: TILE(1, vectors); break; \
    case 2: TILE(2, vectors); break; \
    case 3: TILE(3, vectors); break; \
    case 4: TILE(4, vectors); break; \
    case 5: TILE(5, vectors); break; \
    default: TILE(6, vectors);       \
  }

static void NAME(any_tile)(size_t rows, size_t vectors, const UNIT *a, ptrdiff_t a_row,
                           ptrdiff_t a_step, const UNIT *b, ptrdiff_t b_row, float *c,
                           ptrdiff_t c_row, size_t terms, int accumulate) {
  switch (vectors) {
    case 1: TILES(1); break;
#if PANEL_VECTORS == 4
    case 2: TILES(2); break;
    case 3: TILES(3); break;
    default: TILES(4);
#else
    default: TILES(2);
#endif
  }
}
#undef TILES
#undef TILE

/// C = A · B or C += A · B, where B stands in panels of PANEL columns, `b_panel` units from one to the
/// next, and C has `vectors` vectors of columns.
static void NAME(product)(const UNIT *a, ptrdiff_t a_row, ptrdiff_t a_step, const UNIT *b,
                          ptrdiff_t b_row, ptrdiff_t b_panel, float *c, ptrdiff_t c_row, size_t rows,
                          size_t vectors, size_t terms, int accumulate) {
  for (size_t v = 0; v < vectors; v += PANEL_VECTORS, b += b_panel) {
    const size_t width = vectors - v < PANEL_VECTORS ? vectors - v : PANEL_VECTORS;
    for (size_t i = 0; i < rows; i += TILE_ROWS) {
      const size_t height = rows - i < TILE_ROWS ? rows - i : TILE_ROWS;
      NAME(any_tile)(height, width, a + (ptrdiff_t)i * a_row, a_row, a_step, b, b_row,
                     c + (ptrdiff_t)i * c_row + (ptrdiff_t)(v * LANES), c_row, terms, accumulate);
    }
  }
}
