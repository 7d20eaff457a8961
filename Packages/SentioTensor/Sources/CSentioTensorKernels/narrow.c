#include "narrow.h"

#include <string.h>

#include "clones.h"

static inline float float_of(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static inline uint32_t bits_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

SENTIO_CLONES void sentio_half_to_float(const void *source, float *target, size_t count) {
  const unsigned char *bytes = source;
  for (size_t i = 0; i < count; i++) {
    uint16_t half;
    memcpy(&half, bytes + 2 * i, 2);
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16;
    const uint32_t rest = half & 0x7fff;
    // Normal and non-finite numbers by their bits; subnormal ones as multiples of 2^-24.
    const uint32_t normal = (rest << 13) + (rest >= 0x7c00 ? 0x70000000u : 0x38000000u);
    const uint32_t small = bits_of((float)(int32_t)rest * 0x1p-24f);
    target[i] = float_of(sign | (rest < 0x0400 ? small : normal));
  }
}

SENTIO_CLONES void sentio_bfloat16_to_float(const void *source, float *target, size_t count) {
  const unsigned char *bytes = source;
  for (size_t i = 0; i < count; i++) {
    uint16_t half;
    memcpy(&half, bytes + 2 * i, 2);
    target[i] = float_of((uint32_t)half << 16);
  }
}

SENTIO_CLONES void sentio_float_to_half(const float *source, uint16_t *target, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t bits = bits_of(source[i]);
    const uint32_t sign = (bits >> 16) & 0x8000;
    const uint32_t rest = bits & 0x7fffffff;
    // Adding 0.5 aligns a subnormal's last bit with the sum's, and the addition does the rounding.
    const uint32_t small = bits_of(float_of(rest) + 0.5f) - 0x3f000000u;
    const uint32_t normal = (rest - 0x38000000u + 0xfff + ((rest >> 13) & 1)) >> 13;
    const uint32_t special = rest > 0x7f800000u ? 0x7e00u | ((rest >> 13) & 0x1ff) : 0x7c00u;
    const uint32_t finite = rest < 0x38800000u ? small : normal;
    target[i] = (uint16_t)(sign | (rest >= 0x477ff000u ? special : finite));
  }
}

SENTIO_CLONES void sentio_float_to_bfloat16(const float *source, uint16_t *target, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t bits = bits_of(source[i]);
    const uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
    const uint32_t quiet = (bits >> 16) | 0x40;
    target[i] = (uint16_t)((bits & 0x7fffffff) > 0x7f800000u ? quiet : rounded);
  }
}
