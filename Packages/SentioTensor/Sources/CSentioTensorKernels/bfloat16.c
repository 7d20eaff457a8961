#include "bfloat16.h"

#include "activation_slopes.h"
#include "clones.h"
#include "narrow_elements.h"

SENTIO_INLINE float same(float x) { return x; }
SENTIO_INLINE float relu(float x) { return x < 0.0f ? 0.0f : x; }
SENTIO_INLINE float one(float x) {
  (void)x;
  return 1.0f;
}
// A NaN is not below 0, and lets the gradient through.
SENTIO_INLINE float relu_slope(float x) { return x <= 0.0f ? 0.0f : 1.0f; }
SENTIO_INLINE float sigmoid_slope(float x) {
  const float y = sentio_sigmoidf(x);
  return y * (1.0f - y);
}
SENTIO_INLINE float tanh_slope(float x) {
  const float y = sentio_tanhf(x);
  return 1.0f - y * y;
}

#define EACH_ACTIVATION(DO)                           \
  DO(identity, same, one)                             \
  DO(relu, relu, relu_slope)                          \
  DO(gelu, sentio_geluf, gelu_slope)                  \
  DO(gelu_tanh, sentio_gelu_tanhf, gelu_tanh_slope)   \
  DO(silu, sentio_siluf, silu_slope)                  \
  DO(sigmoid, sentio_sigmoidf, sigmoid_slope)         \
  DO(tanh, sentio_tanhf, tanh_slope)

#define ELEMENTS _Pragma("clang loop vectorize(assume_safety)") for (size_t i = 0; i < count; i++)

// Columns that are summed at a time, and rows that are summed in single precision before the rest is in double.
enum { BLOCK_COLUMNS = 512, BLOCK_ROWS = 64 };

#define GRADIENT(name, number, read, slope, gradient_type)                                          \
  SENTIO_CLONES void sentio_bfloat16_##name(const gradient_type *gradient, const uint16_t *sums,    \
                                            uint16_t *out, float *totals, size_t rows,              \
                                            size_t columns, size_t step) {                          \
    float part[BLOCK_COLUMNS];                                                                      \
    double total[BLOCK_COLUMNS];                                                                    \
    for (size_t first = 0; first < columns; first += BLOCK_COLUMNS) {                               \
      const size_t count = columns - first < BLOCK_COLUMNS ? columns - first : BLOCK_COLUMNS;       \
      for (size_t i = 0; i < count; i++) total[i] = 0.0;                                            \
      for (size_t start = 0; start < rows; start += BLOCK_ROWS) {                                   \
        const size_t end = start + BLOCK_ROWS < rows ? start + BLOCK_ROWS : rows;                   \
        for (size_t i = 0; i < count; i++) part[i] = 0.0f;                                          \
        for (size_t row = start; row < end; row++) {                                                \
          const size_t place = row * step + first;                                                  \
          const gradient_type *g = gradient + place;                                                \
          const uint16_t *s = number ? sums + place : NULL;                                         \
          uint16_t *o = out + place;                                                                \
          ELEMENTS {                                                                                \
            const float value = read(g[i]) * (number ? slope(sentio_widened(s[i])) : 1.0f);                \
            o[i] = sentio_narrowed(value);                                                                  \
            part[i] += value;                                                                       \
          }                                                                                         \
        }                                                                                           \
        for (size_t i = 0; i < count; i++) total[i] += (double)part[i];                             \
      }                                                                                             \
      if (totals) {                                                                                 \
        for (size_t i = 0; i < count; i++) totals[first + i] = (float)total[i];                     \
      }                                                                                             \
    }                                                                                               \
  }

// The gradient of the sums as above, and the activation of them: both want the same exponential.
#define GRADIENT_AND_VALUE(name, function, slope)                                                   \
  SENTIO_CLONES void sentio_bfloat16_both_##name(const uint16_t *gradient, const uint16_t *sums,    \
                                                 uint16_t *out, uint16_t *values, float *totals,    \
                                                 size_t rows, size_t columns) {                     \
    for (size_t i = 0; i < columns; i++) totals[i] = 0.0f;                                          \
    for (size_t row = 0; row < rows; row++) {                                                       \
      const size_t count = columns, place = row * columns;                                          \
      const uint16_t *g = gradient + place, *s = sums + place;                                      \
      uint16_t *o = out + place, *v = values + place;                                               \
      ELEMENTS {                                                                                    \
        const float x = sentio_widened(s[i]);                                                       \
        const float value = sentio_widened(g[i]) * slope(x);                                        \
        o[i] = sentio_narrowed(value);                                                              \
        v[i] = sentio_narrowed(function(x));                                                        \
        totals[i] += value;                                                                         \
      }                                                                                             \
    }                                                                                               \
  }

#define NUMBER_identity 0
#define NUMBER_relu 1
#define NUMBER_gelu 1
#define NUMBER_gelu_tanh 1
#define NUMBER_silu 1
#define NUMBER_sigmoid 1
#define NUMBER_tanh 1

#define DEFINE(name, function, slope)                                                               \
  SENTIO_CLONES void sentio_bfloat16_keep_##name(float *sums, uint16_t *kept, size_t count) {       \
    ELEMENTS {                                                                                      \
      const float x = sums[i];                                                                      \
      kept[i] = sentio_narrowed(x);                                                                         \
      sums[i] = function(x);                                                                        \
    }                                                                                               \
  }                                                                                                 \
  SENTIO_CLONES void sentio_bfloat16_##name(const uint16_t *sums, uint16_t *out, size_t count) {    \
    ELEMENTS out[i] = sentio_narrowed(function(sentio_widened(sums[i])));                                          \
  }                                                                                                 \
  GRADIENT(gradient_##name, NUMBER_##name, same, slope, float)                                      \
  GRADIENT(gradient_narrow_##name, NUMBER_##name, sentio_widened, slope, uint16_t)                  \
  GRADIENT_AND_VALUE(name, function, slope)

EACH_ACTIVATION(DEFINE)

void sentio_bfloat16_keep_and_activate(int activation, float *sums, uint16_t *kept, size_t count) {
  switch (activation) {
#define KEEP(name, function, slope) \
  case CASE_##name: sentio_bfloat16_keep_##name(sums, kept, count); break;
#define CASE_identity SENTIO_IDENTITY
#define CASE_relu SENTIO_RELU
#define CASE_gelu SENTIO_GELU
#define CASE_gelu_tanh SENTIO_GELU_TANH
#define CASE_silu SENTIO_SILU
#define CASE_sigmoid SENTIO_SIGMOID
#define CASE_tanh SENTIO_TANH
    EACH_ACTIVATION(KEEP)
  }
}

void sentio_bfloat16_activate(int activation, const uint16_t *sums, uint16_t *out, size_t count) {
  switch (activation) {
#define ACTIVATE(name, function, slope) \
  case CASE_##name: sentio_bfloat16_##name(sums, out, count); break;
    EACH_ACTIVATION(ACTIVATE)
  }
}

void sentio_bfloat16_gradient(int activation, const float *gradient, const uint16_t *sums,
                              uint16_t *out, float *totals, size_t rows, size_t columns, size_t step) {
  switch (activation) {
#define WIDE(name, function, slope)                                                               \
  case CASE_##name:                                                                               \
    sentio_bfloat16_gradient_##name(gradient, sums, out, totals, rows, columns, step);            \
    break;
    EACH_ACTIVATION(WIDE)
  }
}

void sentio_bfloat16_gradient_narrow(int activation, const uint16_t *gradient, const uint16_t *sums,
                                     uint16_t *out, float *totals, size_t rows, size_t columns,
                                     size_t step) {
  switch (activation) {
#define NARROW(name, function, slope)                                                             \
  case CASE_##name:                                                                               \
    sentio_bfloat16_gradient_narrow_##name(gradient, sums, out, totals, rows, columns, step);     \
    break;
    EACH_ACTIVATION(NARROW)
  }
}

void sentio_bfloat16_gradient_and_value(int activation, const uint16_t *gradient,
                                        const uint16_t *sums, uint16_t *out, uint16_t *values,
                                        float *totals, size_t rows, size_t columns) {
  switch (activation) {
#define BOTH(name, function, slope)                                                    \
  case CASE_##name:                                                                    \
    sentio_bfloat16_both_##name(gradient, sums, out, values, totals, rows, columns);   \
    break;
    EACH_ACTIVATION(BOTH)
  }
}

SENTIO_CLONES void sentio_bfloat16_column_sums(const uint16_t *x, float *totals, size_t rows,
                                               size_t columns) {
  for (size_t i = 0; i < columns; i++) totals[i] = 0.0f;
  for (size_t row = 0; row < rows; row++, x += columns) {
    const size_t count = columns;
    ELEMENTS totals[i] += sentio_widened(x[i]);
  }
}
