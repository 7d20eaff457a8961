#ifndef CSENTIO_TENSOR_ELEMENTWISE_H
#define CSENTIO_TENSOR_ELEMENTWISE_H

#include <stddef.h>

/// A function of one number on `count` numbers; `out` may be `x`.
typedef void (*sentio_unary)(const float *x, float *out, size_t count);

/// A function of two numbers on `rows` × `columns` of them, written without gaps. From one row to the
/// next an operand moves by `*_row`, along a row by `*_step`, which is 0 or 1. `out` may be an operand
/// that moves as it does.
typedef void (*sentio_binary)(const float *a, ptrdiff_t a_row, int a_step, const float *b,
                              ptrdiff_t b_row, int b_step, float *out, size_t rows,
                              size_t columns);

#define SENTIO_DECLARE_UNARY(name) \
  void sentio_##name(const float *x, float *out, size_t count);
#define SENTIO_DECLARE_BINARY(name)                                                     \
  void sentio_##name(const float *a, ptrdiff_t a_row, int a_step, const float *b,       \
                     ptrdiff_t b_row, int b_step, float *out, size_t rows, size_t columns);

SENTIO_DECLARE_UNARY(negate)
SENTIO_DECLARE_UNARY(absolute)
SENTIO_DECLARE_UNARY(sign)
SENTIO_DECLARE_UNARY(square)
SENTIO_DECLARE_UNARY(square_root)
SENTIO_DECLARE_UNARY(reciprocal)
SENTIO_DECLARE_UNARY(floor)
SENTIO_DECLARE_UNARY(ceiling)
SENTIO_DECLARE_UNARY(round_even)
SENTIO_DECLARE_UNARY(exponential)
SENTIO_DECLARE_UNARY(logarithm)
SENTIO_DECLARE_UNARY(sine)
SENTIO_DECLARE_UNARY(cosine)
SENTIO_DECLARE_UNARY(hyperbolic_tangent)
SENTIO_DECLARE_UNARY(error_function)
SENTIO_DECLARE_UNARY(sigmoid)
SENTIO_DECLARE_UNARY(softplus)
SENTIO_DECLARE_UNARY(relu)
SENTIO_DECLARE_UNARY(silu)
SENTIO_DECLARE_UNARY(gelu)
SENTIO_DECLARE_UNARY(gelu_tanh)

SENTIO_DECLARE_BINARY(add)
SENTIO_DECLARE_BINARY(subtract)
SENTIO_DECLARE_BINARY(multiply)
SENTIO_DECLARE_BINARY(divide)
SENTIO_DECLARE_BINARY(power)
SENTIO_DECLARE_BINARY(minimum)
SENTIO_DECLARE_BINARY(maximum)
SENTIO_DECLARE_BINARY(equal)
SENTIO_DECLARE_BINARY(not_equal)
SENTIO_DECLARE_BINARY(less)
SENTIO_DECLARE_BINARY(less_or_equal)

// Leaky ReLU and ELU, whose parameter is `y`, and their derivatives by `x`.
SENTIO_DECLARE_BINARY(leaky_relu)
SENTIO_DECLARE_BINARY(leaky_relu_slope)
SENTIO_DECLARE_BINARY(elu)
SENTIO_DECLARE_BINARY(elu_slope)

// A derivative times the gradient `y` that arrives. `x` is the function's output for the first four,
// its input for the others.
SENTIO_DECLARE_BINARY(square_root_gradient)
SENTIO_DECLARE_BINARY(reciprocal_gradient)
SENTIO_DECLARE_BINARY(hyperbolic_tangent_gradient)
SENTIO_DECLARE_BINARY(sigmoid_gradient)
SENTIO_DECLARE_BINARY(softplus_gradient)
SENTIO_DECLARE_BINARY(error_function_gradient)
/// 0 below and at 0, so that the output serves as well as the input.
SENTIO_DECLARE_BINARY(relu_gradient)
SENTIO_DECLARE_BINARY(silu_gradient)
SENTIO_DECLARE_BINARY(gelu_gradient)
SENTIO_DECLARE_BINARY(gelu_tanh_gradient)

// A function of the sum: a layer's bias and activation in one pass.
SENTIO_DECLARE_BINARY(add_relu)
SENTIO_DECLARE_BINARY(add_hyperbolic_tangent)
SENTIO_DECLARE_BINARY(add_sigmoid)
SENTIO_DECLARE_BINARY(add_silu)
SENTIO_DECLARE_BINARY(add_gelu)
SENTIO_DECLARE_BINARY(add_gelu_tanh)

/// `condition` not 0 ? `yes` : `no`, element by element.
void sentio_select(const float *condition, const float *yes, const float *no, float *out,
                   size_t count);

#endif
