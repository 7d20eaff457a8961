#include <stdatomic.h>
#include <string.h>

#include "convolution.h"
#include "processor.h"

#define PLUS(sum, scalar, vector) ((sum) + (scalar) * (vector))

#if defined(__x86_64__)
#define MULTIPLY_ADD(sum, scalar, vector) PLUS(sum, scalar, vector)
#define WORD float
#define ELEMENT float

#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#define TILE(name) avx512_##name
#define LANES 16
#define ROWS 8
#define VECTORS 3
#define CORRELATED_ROWS 6
#include "convolution_tiles.h"
#undef TILE
#undef LANES
#undef ROWS
#undef CORRELATED_ROWS
#pragma clang attribute pop

// Sixteen registers: half the rows.
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define TILE(name) avx2_##name
#define LANES 8
#define ROWS 4
#define CORRELATED_ROWS 3
#include "convolution_tiles.h"
#undef TILE
#undef LANES
#undef ROWS
#undef CORRELATED_ROWS
#undef VECTORS
#undef WORD
#undef ELEMENT
#undef MULTIPLY_ADD
#pragma clang attribute pop

#include <immintrin.h>

#define WORD uint32_t
#define ELEMENT uint16_t
#define MULTIPLY_ADD(sum, scalar, vector) \
  _mm512_dpbf16_ps(sum, (__m512bh)((words_of_pairs){0} + (scalar)), (__m512bh)(vector))
typedef uint32_t words_of_pairs __attribute__((vector_size(64)));
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512bf16"))), apply_to = function)
#define TILE(name) pairs_##name
#define LANES 16
#define ROWS 8
#define VECTORS 3
#define CORRELATED_ROWS 6
#include "convolution_tiles.h"
#undef TILE
#undef LANES
#undef ROWS
#undef CORRELATED_ROWS
#undef VECTORS
#undef WORD
#undef ELEMENT
#undef MULTIPLY_ADD
#pragma clang attribute pop
#endif

#define MULTIPLY_ADD(sum, scalar, vector) PLUS(sum, scalar, vector)
#define WORD float
#define ELEMENT float
#define TILE(name) base_##name
#define LANES 4
#define ROWS 4
#define VECTORS 3
#define CORRELATED_ROWS 3
#include "convolution_tiles.h"

// Asking the chip takes microseconds in a virtual machine: once is enough.
static uint32_t features(void) {
  static atomic_uint known;
  uint32_t found = atomic_load_explicit(&known, memory_order_relaxed);
  if (found == 0) {
    found = sentio_cpu_features() | 1u << 31;
    atomic_store_explicit(&known, found, memory_order_relaxed);
  }
  return found;
}

enum sentio_convolution_width sentio_convolution_width(void) {
  if (features() & SENTIO_CPU_AVX512F) return SENTIO_CONVOLUTION_AVX512;
  const uint32_t needed = SENTIO_CPU_AVX2 | SENTIO_CPU_FMA;
  return (features() & needed) == needed ? SENTIO_CONVOLUTION_AVX2 : SENTIO_CONVOLUTION_BASE;
}

int sentio_convolution_pairs(void) {
  const uint32_t needed = SENTIO_CPU_AVX512F | SENTIO_CPU_AVX512BW | SENTIO_CPU_AVX512_BF16;
  return (features() & needed) == needed;
}

size_t sentio_convolution_rows(enum sentio_convolution_width width) {
  return width == SENTIO_CONVOLUTION_AVX512 ? 8 : 4;
}

void sentio_convolution_multiply(const struct sentio_convolution_product *product,
                                 enum sentio_convolution_width width) {
#if defined(__x86_64__)
  if (width == SENTIO_CONVOLUTION_AVX512) return avx512_multiply(product);
  if (width == SENTIO_CONVOLUTION_AVX2) return avx2_multiply(product);
#endif
  base_multiply(product);
}

void sentio_convolution_correlate(const struct sentio_convolution_correlation *correlation,
                                  enum sentio_convolution_width width) {
#if defined(__x86_64__)
  if (width == SENTIO_CONVOLUTION_AVX512) return avx512_correlate(correlation);
  if (width == SENTIO_CONVOLUTION_AVX2) return avx2_correlate(correlation);
#endif
  base_correlate(correlation);
}

void sentio_convolution_multiply_pairs(const struct sentio_convolution_product *product) {
#if defined(__x86_64__)
  pairs_multiply(product);
#endif
}

void sentio_convolution_correlate_pairs(const struct sentio_convolution_correlation *correlation) {
#if defined(__x86_64__)
  pairs_correlate(correlation);
#endif
}
