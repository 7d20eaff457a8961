#include "stream.h"

#include <stdint.h>

#include "clones.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

typedef float lanes __attribute__((ext_vector_type(16)));
typedef lanes loose_lanes __attribute__((aligned(4)));

SENTIO_CLONES static void stream_lanes(const float *source, float *target, size_t count) {
  for (size_t i = 0; i < count; i += 16) {
    __builtin_nontemporal_store(*(const loose_lanes *)(source + i), (lanes *)(target + i));
  }
}

void sentio_copy_past_caches(const float *source, float *target, size_t count) {
  size_t i = 0;
  while (i < count && ((uintptr_t)(target + i) & 63)) {
    target[i] = source[i];
    i++;
  }
  const size_t whole = (count - i) / 16 * 16;
  stream_lanes(source + i, target + i, whole);
  for (i += whole; i < count; i++) target[i] = source[i];
#if defined(__x86_64__)
  // Such stores are not in order with others, and another thread may be told that the work is done.
  __builtin_ia32_sfence();
#endif
}

#if defined(__x86_64__)
// The last cache's size by the chip's own description of its caches, on AMD's and on Intel's leaf. The C
// library adds up the caches of a whole socket on some chips, of which a core can use one.
static size_t last_cache(void) {
  size_t size = 0;
  const uint32_t leaves[2] = {0x8000001du, 4};
  for (int l = 0; l < 2 && size == 0; l++) {
    for (uint32_t index = 0; index < 8; index++) {
      uint32_t a, b, c, d;
      if (!__get_cpuid_count(leaves[l], index, &a, &b, &c, &d) || (a & 31) == 0) break;
      const size_t ways = (b >> 22) + 1, parts = ((b >> 12) & 1023) + 1, line = (b & 4095) + 1;
      size = ways * parts * line * ((size_t)c + 1);
    }
  }
  return size;
}
#endif

size_t sentio_stream_threshold(void) {
#if defined(__x86_64__)
  const size_t size = last_cache();
  return (size ? size : (size_t)32 << 20) / 4 * 3;
#else
  return SIZE_MAX;
#endif
}
