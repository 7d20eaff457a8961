// Contracting a·b + c into one rounding would make the bits depend on the chip.
#pragma STDC FP_CONTRACT OFF

#include "random.h"

#include <math.h>

#include "clones.h"
#include "vector_math.h"

// The constants of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
#define MULTIPLIER_0 0xD2511F53u
#define MULTIPLIER_1 0xCD9E8D57u
#define WEYL_0 0x9E3779B9u
#define WEYL_1 0xBB67AE85u

void sentio_philox_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  uint32_t a = counter[0], b = counter[1], c = counter[2], d = counter[3];
  uint32_t k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; round++, k0 += WEYL_0, k1 += WEYL_1) {
    const uint64_t p = (uint64_t)MULTIPLIER_0 * a, q = (uint64_t)MULTIPLIER_1 * c;
    a = (uint32_t)(q >> 32) ^ b ^ k0;
    b = (uint32_t)q;
    c = (uint32_t)(p >> 32) ^ d ^ k1;
    d = (uint32_t)p;
  }
  out[0] = a, out[1] = b, out[2] = c, out[3] = d;
}

enum { BLOCKS = 16 };

// BLOCKS blocks side by side, one a lane.
SENTIO_CLONES static void philox_run(uint64_t key, uint64_t stream, uint64_t block,
                                     uint32_t *out) {
  uint32_t a[BLOCKS], b[BLOCKS], c[BLOCKS], d[BLOCKS];
  for (int l = 0; l < BLOCKS; l++) {
    const uint64_t counter = block + (uint64_t)l;
    a[l] = (uint32_t)counter;
    b[l] = (uint32_t)(counter >> 32);
    c[l] = (uint32_t)stream;
    d[l] = (uint32_t)(stream >> 32);
  }
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  for (int round = 0; round < 10; round++, k0 += WEYL_0, k1 += WEYL_1) {
    for (int l = 0; l < BLOCKS; l++) {
      const uint64_t p = (uint64_t)MULTIPLIER_0 * a[l], q = (uint64_t)MULTIPLIER_1 * c[l];
      const uint32_t high = (uint32_t)(p >> 32) ^ d[l] ^ k1;
      a[l] = (uint32_t)(q >> 32) ^ b[l] ^ k0;
      b[l] = (uint32_t)q;
      c[l] = high;
      d[l] = (uint32_t)p;
    }
  }
  for (int l = 0; l < BLOCKS; l++) {
    out[4 * l] = a[l];
    out[4 * l + 1] = b[l];
    out[4 * l + 2] = c[l];
    out[4 * l + 3] = d[l];
  }
}

void sentio_philox_words(uint64_t key, uint64_t stream, uint64_t position, uint32_t *out,
                         size_t count) {
  uint32_t run[4 * BLOCKS];
  size_t done = 0;
  while (done < count) {
    const uint64_t word = position + done;
    const size_t skip = (size_t)(word & 3);
    size_t take = 4 * BLOCKS - skip;
    if (skip == 0 && take <= count - done) {
      philox_run(key, stream, word >> 2, out + done);
    } else {
      philox_run(key, stream, word >> 2, run);
      if (take > count - done) take = count - done;
      for (size_t i = 0; i < take; i++) out[done + i] = run[skip + i];
    }
    done += take;
  }
}

SENTIO_CLONES void sentio_words_to_uniform(const uint32_t *words, float *out, size_t count) {
  _Pragma("clang loop vectorize(assume_safety)") for (size_t i = 0; i < count; i++) {
    out[i] = (float)(int32_t)(words[i] >> 8) * 0x1p-24f;
  }
}

// sin(2πu) and cos(2πu) of a multiple of 2^-24 in [0, 1): by the nearest quarter turn and the series on
// ±π/4, whose next terms are below half a unit of the last place.
SENTIO_INLINE void turn(float u, float *sine, float *cosine) {
  const int32_t quarter = (int32_t)(u * 4.0f + 0.5f);
  const float t = (u - (float)quarter * 0.25f) * 0x1.921fb6p+2f;
  const float s = t * t;
  float p = 0x1.71de3ap-19f;
  p = p * s + -0x1.a01a02p-13f;
  p = p * s + 0x1.111112p-7f;
  p = p * s + -0x1.555556p-3f;
  const float odd = t + t * (s * p);
  float q = 0x1.a01a02p-16f;
  q = q * s + -0x1.6c16c2p-10f;
  q = q * s + 0x1.555556p-5f;
  q = q * s + -0.5f;
  const float even = 1.0f + s * q;
  const float x = sentio_pick(quarter & 1, even, odd);
  const float y = sentio_pick(quarter & 1, odd, even);
  *sine = sentio_pick(quarter & 2, -x, x);
  *cosine = sentio_pick((quarter + 1) & 2, -y, y);
}

SENTIO_CLONES void sentio_words_to_normal(const uint32_t *words, float *out, size_t pairs) {
  _Pragma("clang loop vectorize(assume_safety)") for (size_t i = 0; i < pairs; i++) {
    // Never 0; its smallest value puts the tail's end at 6.66.
    const float u = ((float)(int32_t)(words[2 * i] >> 1) + 0.5f) * 0x1p-31f;
    const float radius = __builtin_elementwise_sqrt(-2.0f * sentio_logf(u));
    float sine, cosine;
    turn((float)(int32_t)(words[2 * i + 1] >> 8) * 0x1p-24f, &sine, &cosine);
    out[2 * i] = radius * cosine;
    out[2 * i + 1] = radius * sine;
  }
}
