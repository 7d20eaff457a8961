#include "integer_convolution.h"

#include <string.h>

#include "clones.h"
#include "processor.h"
#include "vector_width.h"

enum { ROWS = SENTIO_INTEGER_ROWS, PLACES = SENTIO_INTEGER_PLACES, QUAD = 4 };

void sentio_integer_pack(const int8_t *weights, size_t outputs, size_t channels, size_t taps, int8_t *out) {
  for (size_t block = 0; block < outputs; block += ROWS) {
    for (size_t channel = 0; channel < channels; channel += QUAD) {
      for (size_t tap = 0; tap < taps; tap++) {
        for (size_t row = block; row < block + ROWS; row++) {
          for (size_t c = channel; c < channel + QUAD; c++) {
            *out++ = row < outputs && c < channels ? weights[(row * channels + c) * taps + tap] : 0;
          }
        }
      }
    }
  }
}

SENTIO_CLONES static void plain_tile(const uint32_t *words, const size_t *offsets, size_t steps,
                                     const int8_t *weights, int32_t sums[ROWS][PLACES]) {
  memset(sums, 0, sizeof(int32_t[ROWS][PLACES]));
  for (size_t step = 0; step < steps; step++, weights += ROWS * QUAD) {
    const uint32_t *x = words + offsets[step];
    for (size_t row = 0; row < ROWS; row++) {
      const int32_t a = weights[row * QUAD], b = weights[row * QUAD + 1];
      const int32_t c = weights[row * QUAD + 2], d = weights[row * QUAD + 3];
      for (size_t i = 0; i < PLACES; i++) {
        sums[row][i] += a * (int32_t)(x[i] & 255) + b * (int32_t)(x[i] >> 8 & 255) +
                        c * (int32_t)(x[i] >> 16 & 255) + d * (int32_t)(x[i] >> 24);
      }
    }
  }
}

#if defined(__x86_64__)
#include <immintrin.h>

enum { VECTOR_WORDS = 16, VECTORS = PLACES / VECTOR_WORDS };

__attribute__((target("avx512f,avx512vnni"), always_inline)) static inline void tile(
    const int vectors, const uint32_t *words, const size_t *offsets, size_t steps, const int8_t *weights,
    int32_t sums[ROWS][PLACES]) {
  __m512i all[ROWS][VECTORS];
#pragma clang loop unroll(full)
  for (int r = 0; r < ROWS; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) all[r][v] = _mm512_setzero_si512();
  }
#pragma clang loop unroll(disable)
  for (size_t step = 0; step < steps; step++, weights += ROWS * QUAD) {
    const uint32_t *x = words + offsets[step];
    __m512i seen[VECTORS];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) seen[v] = _mm512_loadu_si512(x + v * VECTOR_WORDS);
#pragma clang loop unroll(full)
    for (int r = 0; r < ROWS; r++) {
      int32_t four;
      memcpy(&four, weights + r * QUAD, sizeof four);
      const __m512i factor = _mm512_set1_epi32(four);
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) all[r][v] = _mm512_dpbusd_epi32(all[r][v], seen[v], factor);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < ROWS; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) _mm512_storeu_si512(sums[r] + v * VECTOR_WORDS, all[r][v]);
  }
}

__attribute__((target("avx512f,avx512vnni"))) static void native_tile(
    size_t places, const uint32_t *words, const size_t *offsets, size_t steps, const int8_t *weights,
    int32_t sums[ROWS][PLACES]) {
  switch ((places + VECTOR_WORDS - 1) / VECTOR_WORDS) {
    case 1: tile(1, words, offsets, steps, weights, sums); break;
    case 2: tile(2, words, offsets, steps, weights, sums); break;
    case 3: tile(3, words, offsets, steps, weights, sums); break;
    default: tile(4, words, offsets, steps, weights, sums);
  }
}

static int is_native(void) {
  return sentio_vector_width() == SENTIO_WIDTH_AVX512 && (sentio_cpu_features() & SENTIO_CPU_AVX512_VNNI);
}
#endif

SENTIO_CLONES static void scale(const int32_t *sums, size_t count, int32_t zero_sum, float factor,
                                float bias, float *out) {
#pragma clang loop vectorize(assume_safety)
  for (size_t i = 0; i < count; i++) {
    // The difference fits, though both may be near an end of the range.
    out[i] = (float)(int32_t)((uint32_t)sums[i] - (uint32_t)zero_sum) * factor + bias;
  }
}

// The places of an image from its first output to its last, over the ends of rows.
static size_t all_places(const struct sentio_integer_convolution *c) {
  return c->out_height && c->out_width ? (c->out_height - 1) * c->pitch + c->out_width : 0;
}

size_t sentio_integer_parts(const struct sentio_integer_convolution *c) {
  return (all_places(c) + PLACES - 1) / PLACES;
}

void sentio_integer_convolve(const struct sentio_integer_convolution *convolution, const uint32_t *planes,
                             size_t first, size_t last, int plain, float *out) {
  const struct sentio_integer_convolution c = *convolution;
  const size_t total = all_places(&c), plane = c.out_height * c.out_width;
  int32_t sums[ROWS][PLACES];
#if defined(__x86_64__)
  const int native = !plain && is_native();
#endif
  for (size_t part = first; part < last; part++) {
    const size_t start = part * PLACES;
    const size_t places = total - start < PLACES ? total - start : PLACES;
    const int8_t *weights = c.weights;
    for (size_t output = 0; output < c.groups * c.outputs;) {
      const size_t group = output / c.outputs, left = c.outputs - output % c.outputs;
      const size_t rows = left < ROWS ? left : ROWS;
      const uint32_t *words = planes + group * c.group_words + start;
#if defined(__x86_64__)
      if (native) {
        native_tile(places, words, c.offsets, c.steps, weights, sums);
      } else
#endif
        plain_tile(words, c.offsets, c.steps, weights, sums);
      weights += c.steps * ROWS * QUAD;
      for (size_t r = 0; r < rows; r++, output++) {
        const float bias = c.bias ? c.bias[output] : 0.0f;
        for (size_t place = start; place < start + places;) {
          const size_t row = place / c.pitch, column = place % c.pitch;
          size_t end = row * c.pitch + (column < c.out_width ? c.out_width : c.pitch);
          if (end > start + places) end = start + places;
          if (column < c.out_width) {
            float *to = out + output * plane + row * c.out_width + column;
            scale(sums[r] + (place - start), end - place, c.zero_sums[output], c.factors[output], bias, to);
            if (c.activation) c.activation(to, to, end - place);
          }
          place = end;
        }
      }
    }
  }
}
