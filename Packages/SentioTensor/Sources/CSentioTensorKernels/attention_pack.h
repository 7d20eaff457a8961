// Included after attention_product.h: brings rows of floats into the shapes that products want. PER_UNIT
// numbers make a unit; what a row lacks to whole units is 0.

static inline __attribute__((always_inline)) size_t NAME(units)(size_t count) {
  return (count + PER_UNIT - 1) / PER_UNIT;
}

static inline __attribute__((always_inline)) size_t NAME(whole_vectors)(size_t count) {
  return (count + LANES - 1) / LANES * LANES;
}

#define SOURCE float
#define PACK(name) NAME(name)
#define NUMBER(element) (element)
#define VECTOR_AT(place) NAME(load)(place)
#define UNITS_AT(place) UNITS_OF(place)
#include "attention_pack_rows.h"

// Rows of the caller's arrays, where these are of another type than the scores.
#ifdef NARROW_ARRAYS
#undef SOURCE
#undef PACK
#undef NUMBER
#undef VECTOR_AT
#undef UNITS_AT
#define SOURCE ELEMENT
#define PACK(name) NAME(outer_##name)
#define NUMBER(element) WIDEN(element)
#define VECTOR_AT(place) READ(place)
#define UNITS_AT(place) (VECTOR) _mm512_loadu_ps((const void *)(place))
#include "attention_pack_rows.h"
#endif

#undef SOURCE
#undef PACK
#undef NUMBER
#undef VECTOR_AT
#undef UNITS_AT
