#include "attention.h"

#include <math.h>
#include <string.h>

#include "narrow_elements.h"
#include "random.h"
#include "vector_width.h"

// The kernels are written once, for vectors of any width, for two kinds of factors and for arrays of two
// types, and compiled for each. Clones of one function would all have the tiles of one width; here TILE_ROWS × PANEL_VECTORS sums
// fill the registers of each. A block of scores fills the nearest cache.
enum { TILE_ROWS = 6, QUERY_BLOCK = 48, KEY_BLOCK = 256, SCORE_ROW = KEY_BLOCK + 16 };

#define ELEMENT float
#define WIDEN(element) (element)
#define NARROWED(number) (number)
#define READ(elements) NAME(load)(elements)
#define UNIT float
#define PER_UNIT 1
#define MULTIPLY_ADD(factor, row, sum) ((factor) * (row) + (sum))
#define UNITS_OF(numbers) NAME(load)(numbers)
#define PAIR_UNITS(vectors) (vectors)[0]

#define KERNELS "attention_kernels.h"
#include "widths.h"

#if defined(__x86_64__)
#include <immintrin.h>

#undef UNIT
#undef PER_UNIT
#undef MULTIPLY_ADD
#undef UNITS_OF
#undef PAIR_UNITS
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16"))), apply_to = function)
#define LANES 16
#define NAME(name) name##_bfloat16
#define UNIT uint32_t
#define PER_UNIT 2
#define MULTIPLY_ADD(factor, row, sum) \
  (VECTOR) _mm512_dpbf16_ps((__m512)(sum), (__m512bh)_mm512_set1_epi32((int)(factor)), (__m512bh)(row))
#define UNITS_OF(numbers) \
  (VECTOR) _mm512_cvtne2ps_pbh(_mm512_loadu_ps((numbers) + 16), _mm512_loadu_ps(numbers))
#define PAIR_UNITS(vectors)                                                                     \
  (VECTOR) _mm512_or_si512(                                                                     \
      _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)(vectors)[0])),                 \
      _mm512_slli_epi32(_mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)(vectors)[1])), \
                        16))
#include "attention_kernels.h"

// The same with arrays whose elements are in bfloat16 already.
#undef NAME
#undef ELEMENT
#undef WIDEN
#undef NARROWED
#undef READ
#define NAME(name) name##_narrow
#define NARROW_ARRAYS
#define ELEMENT uint16_t
#define WIDEN(element) sentio_widened(element)
#define NARROWED(number) sentio_narrowed(number)
#define READ(elements) \
  (VECTOR) _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const void *)(elements))), 16)
#include "attention_kernels.h"
#pragma clang attribute pop
#endif

int sentio_attention_has_bfloat16(void) { return sentio_vector_pairs(); }

#if defined(__x86_64__)
#define CHOOSE(name, ...)                                                     \
  switch (sentio_vector_width()) {                                            \
    case SENTIO_WIDTH_BASE: return name##_base(__VA_ARGS__);                  \
    case SENTIO_WIDTH_AVX2: return name##_avx2(__VA_ARGS__);                  \
    case SENTIO_WIDTH_AVX512:                                                 \
      if (precision == SENTIO_ATTENTION_NARROW) {                             \
        return name##_narrow(__VA_ARGS__);                                    \
      }                                                                       \
      if (precision == SENTIO_ATTENTION_BFLOAT16 && sentio_vector_pairs()) {  \
        return name##_bfloat16(__VA_ARGS__);                                  \
      }                                                                       \
      return name##_avx512(__VA_ARGS__);                                      \
  }
#else
#define CHOOSE(name, ...) \
  (void)precision;        \
  return name##_base(__VA_ARGS__);
#endif

size_t sentio_attention_scratch(const struct sentio_attention *attention,
                                enum sentio_attention_precision precision, int backward) {
  CHOOSE(scratch, attention, backward)
  return 0;
}

void sentio_attention_forward(const struct sentio_attention *attention,
                              enum sentio_attention_precision precision, size_t head,
                              size_t packed, size_t first, size_t last, float *scratch) {
  CHOOSE(forward, attention, head, packed, first, last, scratch)
}

void sentio_attention_backward(const struct sentio_attention *attention,
                               const struct sentio_attention_gradient *gradient,
                               enum sentio_attention_precision precision, size_t head,
                               size_t first, size_t last, size_t first_key, size_t last_key,
                               float *scratch) {
  CHOOSE(backward, attention, gradient, head, first, last, first_key, last_key, scratch)
}
