#ifndef SENTIO_DSP_LANE_TRANSPOSE_H
#define SENTIO_DSP_LANE_TRANSPOSE_H

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

#endif
