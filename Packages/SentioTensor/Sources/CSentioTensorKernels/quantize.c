#include "quantize.h"

#include <math.h>

#include "clones.h"

#define ELEMENTS(count) _Pragma("clang loop vectorize(assume_safety)") for (size_t i = 0; i < (count); i++)

SENTIO_CLONES void sentio_quantize(const float *x, uint8_t *out, size_t count, float inverse_scale,
                                   int zero_point) {
  const float least = (float)-zero_point, most = (float)(255 - zero_point);
  ELEMENTS(count) {
    float v = rintf(x[i] * inverse_scale);
    // Written so that a NaN fails both comparisons' other side and ends as 0.
    v = v > least ? v : (v != v ? 0.0f : least);
    v = v < most ? v : most;
    out[i] = (uint8_t)((int)v + zero_point);
  }
}

SENTIO_CLONES void sentio_quantize_rows(const float *x, int8_t *out, float *scales, int32_t *sums,
                                        size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++, x += columns, out += columns) {
    float largest = 0.0f;
    for (size_t i = 0; i < columns; i++) largest = fabsf(x[i]) > largest ? fabsf(x[i]) : largest;
    const float inverse = largest > 0.0f ? 127.0f / largest : 0.0f;
    int32_t sum = 0;
    for (size_t i = 0; i < columns; i++) {
      const float v = rintf(x[i] * inverse);
      // A row whose largest magnitude is tiny or infinite has no finite inverse; what it gives is 0.
      const int value = v >= -127.0f && v <= 127.0f ? (int)v : 0;
      out[i] = (int8_t)value;
      sum += value;
    }
    scales[row] = largest / 127.0f;
    sums[row] = sum;
  }
}

SENTIO_CLONES void sentio_integer_product(const uint8_t *a, const int8_t *b, int32_t *sums, size_t rows,
                                          size_t columns, size_t length) {
  for (size_t column = 0; column < columns; column++, b += length) {
    for (size_t row = 0; row < rows; row++) {
      const uint8_t *x = a + row * length;
      int32_t sum = 0;
      for (size_t i = 0; i < length; i++) sum += (int32_t)x[i] * (int32_t)b[i];
      sums[row * columns + column] = sum;
    }
  }
}

// Their difference fits, though a sum and its offset may each be near an end of the range.
static inline __attribute__((always_inline)) int32_t difference(int32_t a, int32_t b) {
  return (int32_t)((uint32_t)a - (uint32_t)b);
}

SENTIO_CLONES void sentio_dequantize(const int32_t *sums, const int32_t *offsets, const float *factors,
                                     const float *bias, float *out, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++, sums += columns, out += columns) {
    if (bias) {
      ELEMENTS(columns) out[i] = (float)difference(sums[i], offsets[i]) * factors[i] + bias[i];
    } else {
      ELEMENTS(columns) out[i] = (float)difference(sums[i], offsets[i]) * factors[i];
    }
  }
}

SENTIO_CLONES void sentio_dequantize_onto(const int32_t *sums, const int32_t *offsets,
                                          const float *factors, const float *bias,
                                          const float *addend, float *out, size_t rows,
                                          size_t columns) {
  for (size_t row = 0; row < rows; row++, sums += columns, addend += columns, out += columns) {
    ELEMENTS(columns) {
      const float value = (float)difference(sums[i], offsets[i]) * factors[i];
      out[i] = value + (bias ? bias[i] : 0.0f) + addend[i];
    }
  }
}
