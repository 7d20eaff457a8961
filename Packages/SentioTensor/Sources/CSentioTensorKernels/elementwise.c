#include "elementwise.h"

#include "loops.h"

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
UNARY(silu, sentio_siluf(v))
UNARY(gelu, sentio_geluf(v))
UNARY(gelu_tanh, sentio_gelu_tanhf(v))

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
