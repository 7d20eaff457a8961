#include "processor.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>

// The registers that the operating system saves, as XCR0 says. Without its consent an AVX-512
// instruction faults although the chip has it.
static uint64_t saved_registers(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return ((uint64_t)high << 32) | low;
}

uint32_t sentio_cpu_features(void) {
  uint32_t a, b, c, d, found = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1u << 27))) return 0;
  const uint64_t saved = saved_registers();
  const int avx = (saved & 0x6) == 0x6;
  const int avx512 = (saved & 0xe6) == 0xe6;
  const int amx = (saved & 0x60000) == 0x60000;
  if (avx && (c & (1u << 12))) found |= SENTIO_CPU_FMA;
  if (avx && (c & (1u << 29))) found |= SENTIO_CPU_F16C;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return found;
  const uint32_t leaves = a;
  if (avx && (b & (1u << 5))) found |= SENTIO_CPU_AVX2;
  if (avx512) {
    if (b & (1u << 16)) found |= SENTIO_CPU_AVX512F;
    if (b & (1u << 17)) found |= SENTIO_CPU_AVX512DQ;
    if (b & (1u << 30)) found |= SENTIO_CPU_AVX512BW;
    if (b & (1u << 31)) found |= SENTIO_CPU_AVX512VL;
    if (c & (1u << 11)) found |= SENTIO_CPU_AVX512_VNNI;
  }
  if (amx) {
    if (d & (1u << 22)) found |= SENTIO_CPU_AMX_BF16;
    if (d & (1u << 24)) found |= SENTIO_CPU_AMX_TILE;
    if (d & (1u << 25)) found |= SENTIO_CPU_AMX_INT8;
  }
  if (leaves >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d)) {
    if (avx && (a & (1u << 4))) found |= SENTIO_CPU_AVX_VNNI;
    if (avx512 && (a & (1u << 5))) found |= SENTIO_CPU_AVX512_BF16;
  }
  return found;
}

void sentio_cpu_name(char name[49]) {
  uint32_t words[12] = {0};
  for (uint32_t leaf = 0; leaf < 3; leaf++) {
    uint32_t *w = words + 4 * leaf;
    __get_cpuid(0x80000002u + leaf, &w[0], &w[1], &w[2], &w[3]);
  }
  memcpy(name, words, 48);
  name[48] = 0;
}

#else

uint32_t sentio_cpu_features(void) { return 0; }

void sentio_cpu_name(char name[49]) { memset(name, 0, 49); }

#endif
