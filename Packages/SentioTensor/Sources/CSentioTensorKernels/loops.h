#ifndef CSENTIO_TENSOR_LOOPS_H
#define CSENTIO_TENSOR_LOOPS_H

// The loops over one and over two operands, as macros of an expression: `v` is the element of the
// one operand, `x` and `y` are those of the two.

#include <math.h>
#include <stddef.h>

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

#endif
