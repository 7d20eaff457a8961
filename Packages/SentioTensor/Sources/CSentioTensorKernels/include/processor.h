#ifndef CSENTIO_TENSOR_PROCESSOR_H
#define CSENTIO_TENSOR_PROCESSOR_H

#include <stdint.h>

/// One bit for each instruction-set extension that the kernels of this package or of the libraries
/// below it can use.
enum sentio_cpu_feature {
  SENTIO_CPU_AVX2 = 1 << 0,
  SENTIO_CPU_FMA = 1 << 1,
  SENTIO_CPU_F16C = 1 << 2,
  SENTIO_CPU_AVX512F = 1 << 3,
  SENTIO_CPU_AVX512BW = 1 << 4,
  SENTIO_CPU_AVX512DQ = 1 << 5,
  SENTIO_CPU_AVX512VL = 1 << 6,
  SENTIO_CPU_AVX512_VNNI = 1 << 7,
  SENTIO_CPU_AVX512_BF16 = 1 << 8,
  SENTIO_CPU_AVX_VNNI = 1 << 9,
  SENTIO_CPU_AMX_TILE = 1 << 10,
  SENTIO_CPU_AMX_INT8 = 1 << 11,
  SENTIO_CPU_AMX_BF16 = 1 << 12,
};

/// The extensions that both the chip has and the operating system saves on a context switch.
uint32_t sentio_cpu_features(void);

/// Writes the chip's own name, NUL-terminated, into `name` (49 bytes); an empty string where the
/// chip gives none.
void sentio_cpu_name(char name[49]);

#endif
