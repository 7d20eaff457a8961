#include "elementwise.h"

#include <math.h>

#include "clones.h"
#include "vector_math.h"

// The pragma says that elements do not depend on each other. They do not: an output that is an
// operand too is written where that operand was read.
#define ELEMENTS(count) \
  _Pragma("clang loop vectorize(assume_safety)") for (size_t i = 0; i < (count); i++)

// Functions that call the C library, a number at a time, cannot promise that.
#define NUMBERS(count) for (size_t i = 0; i < (count); i++)

#define UNARY(name, expression) UNARY_LOOP(name, expression, ELEMENTS)
#define UNARY_LOOP(name, expression, LOOP)                                   \
  SENTIO_CLONES void sentio_##name(const float *x, float *out, size_t count) { \
    LOOP(count) {                                                            \
      const float v = x[i];                                                  \
      out[i] = (expression);                                                 \
    }                                                                        \
  }

UNARY(negate, -v)
UNARY(absolute, fabsf(v))
UNARY(sign, v > 0.0f ? 1.0f : (v < 0.0f ? -1.0f : v))
UNARY(square, v *v)
// The builtin, unlike sqrtf, need not set errno.
UNARY(square_root, __builtin_elementwise_sqrt(v))
UNARY(reciprocal, 1.0f / v)
UNARY(floor, floorf(v))
UNARY(ceiling, ceilf(v))
UNARY(round_even, rintf(v))
UNARY(exponential, sentio_expf(v))
UNARY(logarithm, sentio_logf(v))
UNARY_LOOP(sine, sinf(v), NUMBERS)
UNARY_LOOP(cosine, cosf(v), NUMBERS)
UNARY(hyperbolic_tangent, sentio_tanhf(v))
UNARY(error_function, sentio_erff(v))
UNARY(sigmoid, sentio_sigmoidf(v))
UNARY(softplus, sentio_softplusf(v))
// A NaN is not below 0 and stays.
UNARY(relu, v < 0.0f ? 0.0f : v)
// The limits at -infinity are 0, where the products below would be NaN.
UNARY(silu, v == -INFINITY ? 0.0f : v * sentio_sigmoidf(v))
UNARY(gelu, v == -INFINITY ? 0.0f : 0.5f * v * (1.0f + sentio_erff(v * 0x1.6a09e6p-1f)))
UNARY(gelu_tanh, v == -INFINITY ? 0.0f
                                : 0.5f * v *
                                      (1.0f + sentio_tanhf(0x1.988454p-1f *
                                                           (v + 0x1.6e4e26p-5f * v * v * v))))

#define BINARY(name, expression) BINARY_LOOP(name, expression, ELEMENTS)
#define BINARY_LOOP(name, expression, LOOP)                                                             \
  SENTIO_CLONES void sentio_##name(const float *a, ptrdiff_t a_row, int a_step,              \
                                   const float *b, ptrdiff_t b_row, int b_step, float *out,  \
                                   size_t rows, size_t columns) {                            \
    for (size_t row = 0; row < rows; row++, a += a_row, b += b_row, out += columns) {        \
      if (a_step && b_step) {                                                                \
        LOOP(columns) {                                                                  \
          const float x = a[i], y = b[i];                                                    \
          out[i] = (expression);                                                             \
        }                                                                                    \
      } else if (a_step) {                                                                   \
        const float y = b[0];                                                                \
        LOOP(columns) {                                                                  \
          const float x = a[i];                                                              \
          out[i] = (expression);                                                             \
        }                                                                                    \
      } else if (b_step) {                                                                   \
        const float x = a[0];                                                                \
        LOOP(columns) {                                                                  \
          const float y = b[i];                                                              \
          out[i] = (expression);                                                             \
        }                                                                                    \
      } else {                                                                               \
        const float x = a[0], y = b[0];                                                      \
        const float value = (expression);                                                    \
        LOOP(columns) out[i] = value;                                                    \
      }                                                                                      \
    }                                                                                        \
  }

BINARY(add, x + y)
BINARY(subtract, x - y)
BINARY(multiply, x *y)
BINARY(divide, x / y)
BINARY_LOOP(power, powf(x, y), NUMBERS)
// A NaN on either side is the result.
BINARY(minimum, (x < y || x != x) ? x : y)
BINARY(maximum, (x > y || x != x) ? x : y)
BINARY(equal, x == y ? 1.0f : 0.0f)
BINARY(not_equal, x != y ? 1.0f : 0.0f)
BINARY(less, x < y ? 1.0f : 0.0f)
BINARY(less_or_equal, x <= y ? 1.0f : 0.0f)

SENTIO_CLONES void sentio_select(const float *condition, const float *yes, const float *no,
                                 float *out, size_t count) {
  ELEMENTS(count) out[i] = condition[i] != 0.0f ? yes[i] : no[i];
}
