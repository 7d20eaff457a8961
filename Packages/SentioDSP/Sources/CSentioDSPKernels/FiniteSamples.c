#include "FiniteSamples.h"

#include <math.h>
#include <string.h>

#include "KernelClones.h"

SENTIO_CLONES
size_t sentio_dsp_first_non_finite(const float *samples, size_t count) {
  enum { stretch = 4096 };
  for (size_t start = 0; start < count; start += stretch) {
    const size_t end = count - start < stretch ? count : start + stretch;
    uint32_t largest = 0;
    // Without the sign, infinity's bits are the largest of a number, and NaN's are larger.
    for (size_t i = start; i < end; i++) {
      uint32_t bits;
      memcpy(&bits, samples + i, sizeof bits);
      bits &= 0x7fffffff;
      largest = bits > largest ? bits : largest;
    }
    if (largest < 0x7f800000) continue;
    for (size_t i = start; i < end; i++)
      if (!isfinite(samples[i])) return i;
  }
  return count;
}
