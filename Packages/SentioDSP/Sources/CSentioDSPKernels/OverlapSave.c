#include "OverlapSave.h"

#include "LaneTranspose.h"

SENTIO_CLONES
void sentio_dsp_gather_pairs(const float *const *starts, size_t half, size_t length, size_t used,
                             float *out) {
  lanes *z = (lanes *)out;
  for (size_t n = 0; n < length; n += 16) {
    for (size_t part = 0; part < 2; part++) {
      const size_t offset = n + part * half;
      lanes tile[16];
      if (used == SENTIO_LANES) {
#pragma clang loop unroll(full)
        for (int f = 0; f < 16; f++) tile[f] = *(const unaligned_lanes *)(starts[f] + offset);
      } else {
#pragma clang loop unroll(full)
        for (int f = 0; f < 16; f++) {
          tile[f] = (lanes){0};
          if ((size_t)f < used) tile[f] = *(const unaligned_lanes *)(starts[f] + offset);
        }
      }
      transpose_tile(tile);
#pragma clang loop unroll(full)
      for (int i = 0; i < 16; i++) z[2 * (n + i) + part] = tile[i];
    }
  }
}

SENTIO_CLONES
void sentio_dsp_multiply_and_fold(const float *data, const uint32_t *sources, const float *gains,
                                  size_t folds, size_t size, float *out) {
  const lanes *z = (const lanes *)data;
  lanes *folded = (lanes *)out;
  if (folds == 2) {
    for (size_t k = 0; k < size; k++, sources += 2, gains += 2) {
      const lanes *p = z + 2 * (size_t)sources[0], *q = z + 2 * (size_t)sources[1];
      folded[2 * k] = p[1] * gains[0] + q[1] * gains[1];
      folded[2 * k + 1] = p[0] * gains[0] + q[0] * gains[1];
    }
    return;
  }
  for (size_t k = 0; k < size; k++) {
    lanes re = {0}, im = {0};
    for (size_t m = 0; m < folds; m++) {
      const lanes *p = z + 2 * (size_t)*sources++;
      const float gain = *gains++;
      re += p[0] * gain;
      im += p[1] * gain;
    }
    folded[2 * k] = im;
    folded[2 * k + 1] = re;
  }
}

SENTIO_CLONES
uint32_t sentio_dsp_scatter_pairs(const float *data, const uint32_t *picks, size_t count,
                                  size_t used, float *y) {
  const lanes *z = (const lanes *)data;
  lanes spoilt = {0};
  for (size_t n = 0; n < count; n += 16) {
    for (size_t part = 0; part < 2; part++) {
      lanes tile[16];
#pragma clang loop unroll(full)
      for (int i = 0; i < 16; i++) {
        tile[i] = z[2 * (size_t)picks[n + i] + 1 - part];
        // 0 times a number is 0, and 0 times anything else NaN.
        spoilt += tile[i] * 0.0f;
      }
      transpose_tile(tile);
      float *row = y + n + part * count;
#pragma clang loop unroll(full)
      for (int f = 0; f < 16; f++)
        if ((size_t)f < used) *(unaligned_lanes *)(row + f * 2 * count) = tile[f];
    }
  }
  uint32_t mask = 0;
  for (size_t f = 0; f < used; f++) mask |= (uint32_t)(spoilt[f] != 0) << f;
  return mask;
}
