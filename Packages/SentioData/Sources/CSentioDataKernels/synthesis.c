#include "CSentioSynthesis.h"

#include <string.h>

#pragma clang fp contract(off)

#if defined(__x86_64__) && defined(__linux__)
#define SENTIO_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define SENTIO_CLONES
#endif
#define SENTIO_INLINE static inline __attribute__((always_inline))

#define FRACTION_BITS (32 - SENTIO_SYNTH_TABLE_BITS)
#define FRACTION_MASK ((1u << FRACTION_BITS) - 1u)

SENTIO_INLINE float lookup(const float *table, uint32_t phase) {
  const float scale = 1.0f / (float)(1u << FRACTION_BITS);
  uint32_t index = phase >> FRACTION_BITS;
  float fraction = (float)(int32_t)(phase & FRACTION_MASK) * scale;
  float a = table[index], b = table[index + 1];
  return a + fraction * (b - a);
}

SENTIO_CLONES
void sentio_synth_wavetable_add(float *restrict out, size_t count, uint32_t phase,
                                uint32_t increment, const float *restrict dark,
                                const float *restrict bright, float level, float level_step,
                                float blend, float blend_step) {
  int32_t n = (int32_t)count;
  if (dark == bright) {
#pragma clang loop vectorize(enable)
    for (int32_t i = 0; i < n; ++i) {
      uint32_t p = phase + increment * (uint32_t)i;
      out[i] += (level + level_step * (float)i) * lookup(dark, p);
    }
    return;
  }
#pragma clang loop vectorize(enable)
  for (int32_t i = 0; i < n; ++i) {
    uint32_t p = phase + increment * (uint32_t)i;
    float a = lookup(dark, p), b = lookup(bright, p);
    float x = a + (blend + blend_step * (float)i) * (b - a);
    out[i] += (level + level_step * (float)i) * x;
  }
}

SENTIO_CLONES
void sentio_synth_fm_add(float *restrict out, size_t count, uint32_t carrier,
                         uint32_t carrier_increment, uint32_t modulator,
                         uint32_t modulator_increment, const float *restrict sine, float level,
                         float level_step, float index, float index_step) {
  int32_t n = (int32_t)count;
#pragma clang loop vectorize(enable)
  for (int32_t i = 0; i < n; ++i) {
    float m = lookup(sine, modulator + modulator_increment * (uint32_t)i);
    // 2^24 steps a period keep an index below 8 periods inside 32 bits.
    int32_t shift = (int32_t)(m * (index + index_step * (float)i) * 16777216.0f);
    uint32_t p = carrier + carrier_increment * (uint32_t)i + ((uint32_t)shift << 8);
    out[i] += (level + level_step * (float)i) * lookup(sine, p);
  }
}

SENTIO_CLONES
void sentio_synth_noise(float *restrict out, size_t count, uint32_t seed, uint32_t position) {
  int32_t n = (int32_t)count;
#pragma clang loop vectorize(enable)
  for (int32_t i = 0; i < n; ++i) {
    uint32_t x = (position + (uint32_t)i) * 0x9E3779B9u ^ seed;
    x ^= x >> 16;
    x *= 0x7FEB352Du;
    x ^= x >> 15;
    x *= 0x846CA68Bu;
    x ^= x >> 16;
    out[i] = (float)(int32_t)x * (1.0f / 2147483648.0f);
  }
}

SENTIO_CLONES
void sentio_synth_pluck(float *out, size_t count, size_t period, const float taps[4]) {
  float t0 = taps[0], t1 = taps[1], t2 = taps[2], t3 = taps[3];
  size_t start = period + 3;
  while (start < count) {
    // A stretch shorter than the period reads only what is already written.
    size_t length = period - 1;
    if (length > count - start) length = count - start;
    float *y = out + start;
    const float *x = out + start - period;
#pragma clang loop vectorize(assume_safety)
    for (size_t i = 0; i < length; ++i) {
      const float *c = x + i;
      y[i] = (t0 * c[1] + t1 * c[0]) + (t2 * c[-1] + t3 * c[-2]);
    }
    start += length;
  }
}

void sentio_synth_filter(float *samples, size_t count, float f, float q, int band) {
  float low = 0, mid = 0;
  for (size_t i = 0; i < count; ++i) {
    float high = samples[i] - low - q * mid;
    mid += f * high;
    low += f * mid;
    samples[i] = band == 0 ? low : band == 1 ? mid : high;
  }
}

SENTIO_CLONES
void sentio_synth_ramp(float *restrict samples, size_t count, float from, float step) {
  int32_t n = (int32_t)count;
#pragma clang loop vectorize(enable)
  for (int32_t i = 0; i < n; ++i) samples[i] *= from + step * (float)i;
}

SENTIO_CLONES
void sentio_synth_mix(float *restrict out, float *restrict send, const float *restrict tone,
                      size_t count, float gain, float gain_step, float share) {
  int32_t n = (int32_t)count;
#pragma clang loop vectorize(enable)
  for (int32_t i = 0; i < n; ++i) {
    float x = (gain + gain_step * (float)i) * tone[i];
    out[i] += x;
    send[i] += share * x;
  }
}

SENTIO_INLINE float soft_clip(float x) {
  x = x < 1.5f ? x : 1.5f;
  x = x > -1.5f ? x : -1.5f;
  return x - (4.0f / 27.0f) * (x * x * x);
}

SENTIO_CLONES
void sentio_synth_overdrive_add(float *restrict out, const float *restrict samples, size_t count,
                                float drive, float gain) {
  enum { BLOCK = 512 };
  float clipped[BLOCK + 8];
  for (size_t start = 0; start < count; start += BLOCK) {
    int32_t n = (int32_t)(count - start < BLOCK ? count - start : BLOCK);
    const float *x = samples + start - 8;
#pragma clang loop vectorize(enable)
    for (int32_t i = 0; i < n + 8; ++i) clipped[i] = soft_clip(drive * x[i]);
    float *y = out + start;
    // Binomial low-pass of order eight, -3 dB near 5 kHz: a guitar loudspeaker's slope.
#pragma clang loop vectorize(enable)
    for (int32_t i = 0; i < n; ++i) {
      float s = (clipped[i] + clipped[i + 8]) + 8.0f * (clipped[i + 1] + clipped[i + 7]);
      s += 28.0f * (clipped[i + 2] + clipped[i + 6]) + 56.0f * (clipped[i + 3] + clipped[i + 5]);
      y[i] += gain * (1.0f / 256.0f) * (s + 70.0f * clipped[i + 4]);
    }
  }
}

// One comb over a block: ring[at] is the sample delay + 1 back, ring[at + 1] the one delay back.
SENTIO_INLINE size_t comb(float *restrict sum, const float *restrict in, size_t count,
                          float *ring, size_t length, size_t at, float feedback) {
  size_t done = 0;
  float half = 0.5f * feedback;
  while (done < count) {
    size_t n = count - done < length - at ? count - done : length - at;
    ring[length] = ring[0];
    float *r = ring + at;
    const float *x = in + done;
    float *s = sum + done;
#pragma clang loop vectorize(assume_safety)
    for (size_t i = 0; i < n; ++i) {
      float y = x[i] + half * (r[i] + r[i + 1]);
      r[i] = y;
      s[i] += y;
    }
    done += n;
    at = at + n == length ? 0 : at + n;
  }
  return at;
}

SENTIO_INLINE size_t all_pass(float *restrict x, size_t count, float *ring, size_t length,
                              size_t at) {
  size_t done = 0;
  while (done < count) {
    size_t n = count - done < length - at ? count - done : length - at;
    float *r = ring + at;
    float *s = x + done;
#pragma clang loop vectorize(assume_safety)
    for (size_t i = 0; i < n; ++i) {
      float delayed = r[i], y = s[i] + 0.5f * delayed;
      r[i] = y;
      s[i] = delayed - 0.5f * y;
    }
    done += n;
    at = at + n == length ? 0 : at + n;
  }
  return at;
}

SENTIO_CLONES
void sentio_synth_reverb_add(float *restrict out, const float *restrict in, size_t count,
                             float *memory, float feedback, float wet) {
  enum { BLOCK = 256 };
  static const size_t lengths[6] = {1557, 1801, 2089, 2333, 557, 227};
  float *rings[6];
  size_t at[6] = {0, 0, 0, 0, 0, 0};
  float *next = memory;
  for (int k = 0; k < 6; ++k) {
    rings[k] = next;
    next += lengths[k] + 1;
  }
  float sum[BLOCK];
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t n = count - start < BLOCK ? count - start : BLOCK;
    memset(sum, 0, sizeof sum);
    for (int k = 0; k < 4; ++k)
      at[k] = comb(sum, in + start, n, rings[k], lengths[k], at[k], feedback);
    for (int k = 4; k < 6; ++k) at[k] = all_pass(sum, n, rings[k], lengths[k], at[k]);
    float *y = out + start;
    float g = 0.25f * wet;
#pragma clang loop vectorize(enable)
    for (size_t i = 0; i < n; ++i) y[i] += g * sum[i];
  }
}

SENTIO_CLONES
double sentio_synth_energy(const float *samples, size_t count) {
  double lanes[16] = {0};
  size_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (int k = 0; k < 16; ++k) lanes[k] += (double)samples[i + k] * (double)samples[i + k];
  for (int k = 0; i < count; ++i, ++k) lanes[k] += (double)samples[i] * (double)samples[i];
  double total = 0;
  for (int k = 0; k < 16; ++k) total += lanes[k];
  return total;
}

SENTIO_CLONES
void sentio_synth_master(int16_t *restrict out, const float *restrict samples, size_t count,
                         float gain, float tilt) {
  int32_t n = (int32_t)count;
#pragma clang loop vectorize(enable)
  for (int32_t i = 0; i < n; ++i) {
    float x = samples[i];
    float edge = x - 0.5f * (samples[i - 1] + samples[i + 1]);
    float y = soft_clip(gain * (x + tilt * edge)) * 32000.0f;
    y += y < 0.0f ? -0.5f : 0.5f;
    out[i] = (int16_t)(int32_t)y;
  }
}
