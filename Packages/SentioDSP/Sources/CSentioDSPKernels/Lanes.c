#include "Lanes.h"

#include <string.h>

#include "LaneTranspose.h"

SENTIO_CLONES
void sentio_dsp_lanes_gather(const float *restrict signal, size_t hop, const float *restrict window,
                             size_t length, size_t used, float *restrict out) {
  size_t n = 0;
  if (used == SENTIO_LANES) {
    for (; n + 16 <= length; n += 16) {
      const lanes w = *(const unaligned_lanes *)(window + n);
      lanes tile[16];
#pragma clang loop unroll(full)
      for (int f = 0; f < 16; f++) tile[f] = *(const unaligned_lanes *)(signal + f * hop + n) * w;
      transpose_tile(tile);
#pragma clang loop unroll(full)
      for (int i = 0; i < 16; i++) ((lanes *)out)[n + i] = tile[i];
    }
  }
  for (; n < length; n++) {
    for (size_t f = 0; f < used; f++) out[n * SENTIO_LANES + f] = signal[f * hop + n] * window[n];
    for (size_t f = used; f < SENTIO_LANES; f++) out[n * SENTIO_LANES + f] = 0;
  }
}

SENTIO_CLONES
void sentio_dsp_lanes_from_frames(const float *restrict frames, size_t stride, size_t rows,
                                  size_t used, float *restrict out) {
  size_t r = 0;
  if (used == SENTIO_LANES) {
    for (; r + 16 <= rows; r += 16) {
      lanes tile[16];
#pragma clang loop unroll(full)
      for (int f = 0; f < 16; f++) tile[f] = *(const unaligned_lanes *)(frames + f * stride + r);
      transpose_tile(tile);
#pragma clang loop unroll(full)
      for (int i = 0; i < 16; i++) ((lanes *)out)[r + i] = tile[i];
    }
  }
  for (; r < rows; r++) {
    for (size_t f = 0; f < used; f++) out[r * SENTIO_LANES + f] = frames[f * stride + r];
    for (size_t f = used; f < SENTIO_LANES; f++) out[r * SENTIO_LANES + f] = 0;
  }
}

SENTIO_CLONES
void sentio_dsp_frames_from_lanes(const float *restrict in, size_t rows, size_t used,
                                  float *restrict frames, size_t stride) {
  size_t r = 0;
  if (used == SENTIO_LANES) {
    for (; r + 16 <= rows; r += 16) {
      lanes tile[16];
#pragma clang loop unroll(full)
      for (int i = 0; i < 16; i++) tile[i] = ((const lanes *)in)[r + i];
      transpose_tile(tile);
#pragma clang loop unroll(full)
      for (int f = 0; f < 16; f++) *(unaligned_lanes *)(frames + f * stride + r) = tile[f];
    }
  }
  for (; r < rows; r++)
    for (size_t f = 0; f < used; f++) frames[f * stride + r] = in[r * SENTIO_LANES + f];
}
