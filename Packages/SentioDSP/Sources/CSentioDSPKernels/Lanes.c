#include "Lanes.h"

#include <string.h>

#include "LaneTypes.h"

#define SWAP8(a, b)                                                                         \
  do {                                                                                      \
    const lanes x = a, y = b;                                                               \
    a = __builtin_shufflevector(x, y, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23); \
    b = __builtin_shufflevector(x, y, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31); \
  } while (0)
#define SWAP4(a, b)                                                                         \
  do {                                                                                      \
    const lanes x = a, y = b;                                                               \
    a = __builtin_shufflevector(x, y, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27); \
    b = __builtin_shufflevector(x, y, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31); \
  } while (0)
#define SWAP2(a, b)                                                                         \
  do {                                                                                      \
    const lanes x = a, y = b;                                                               \
    a = __builtin_shufflevector(x, y, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29); \
    b = __builtin_shufflevector(x, y, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31); \
  } while (0)
#define SWAP1(a, b)                                                                         \
  do {                                                                                      \
    const lanes x = a, y = b;                                                               \
    a = __builtin_shufflevector(x, y, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30); \
    b = __builtin_shufflevector(x, y, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31); \
  } while (0)

// The transpose of a 16 × 16 tile: off-diagonal blocks of 8, 4, 2 and 1 change places.
SENTIO_INLINE void transpose_tile(lanes *t) {
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) SWAP8(t[i], t[i + 8]);
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i++)
    if (!(i & 4)) SWAP4(t[i], t[i + 4]);
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i++)
    if (!(i & 2)) SWAP2(t[i], t[i + 2]);
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i++)
    if (!(i & 1)) SWAP1(t[i], t[i + 1]);
}

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
