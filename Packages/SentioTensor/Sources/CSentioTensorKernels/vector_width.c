#include "vector_width.h"

#include <stdatomic.h>

#include "processor.h"

// A virtual machine's host answers the question for features, which takes longer than a small kernel.
static uint32_t features(void) {
  static _Atomic uint32_t known;
  uint32_t found = atomic_load_explicit(&known, memory_order_relaxed);
  if (!found) {
    found = sentio_cpu_features() | 1u << 31;
    atomic_store_explicit(&known, found, memory_order_relaxed);
  }
  return found;
}

enum sentio_vector_width sentio_vector_width(void) {
  const uint32_t wide =
      SENTIO_CPU_AVX512F | SENTIO_CPU_AVX512BW | SENTIO_CPU_AVX512DQ | SENTIO_CPU_AVX512VL;
  const uint32_t middle = SENTIO_CPU_AVX2 | SENTIO_CPU_FMA;
  if ((features() & wide) == wide) return SENTIO_WIDTH_AVX512;
  return (features() & middle) == middle ? SENTIO_WIDTH_AVX2 : SENTIO_WIDTH_BASE;
}

int sentio_vector_pairs(void) {
  return sentio_vector_width() == SENTIO_WIDTH_AVX512 && (features() & SENTIO_CPU_AVX512_BF16);
}
