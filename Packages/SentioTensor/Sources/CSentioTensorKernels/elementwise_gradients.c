#include "activation_slopes.h"
#include "elementwise.h"
#include "loops.h"

// An output is at hand, and saves the function's second evaluation.
BINARY(square_root_gradient, 0.5f * y / x)
BINARY(reciprocal_gradient, -y *x *x)
BINARY(hyperbolic_tangent_gradient, y *(1.0f - x * x))
BINARY(sigmoid_gradient, y *x *(1.0f - x))

BINARY(softplus_gradient, y *sentio_sigmoidf(x))
// 2/√π · e^-x²
BINARY(error_function_gradient, y * 0x1.20dd76p+0f * sentio_expf(-x * x))
// A NaN is not below 0, and lets the gradient through as PyTorch does.
BINARY(relu_gradient, x <= 0.0f ? 0.0f : y)

BINARY(silu_gradient, y *silu_slope(x))

BINARY(gelu_gradient, y *gelu_slope(x))

BINARY(gelu_tanh_gradient, y *gelu_tanh_slope(x))

// e^x − 1 as 2t / (1 − t) with t = tanh(x/2), which keeps its digits near 0.
SENTIO_INLINE float expm1_below_zero(float x) {
  const float t = sentio_tanhf(0.5f * x);
  return 2.0f * t / (1.0f - t);
}
BINARY(leaky_relu, x < 0.0f ? x * y : x)
BINARY(leaky_relu_slope, x > 0.0f ? 1.0f : y)
// The exponential of the other branch is computed too, and must not be a NaN there.
BINARY(elu, x < 0.0f ? y *expm1_below_zero(x < 0.0f ? x : 0.0f) : x)
BINARY(elu_slope, x > 0.0f ? 1.0f : y * sentio_expf(x))

BINARY(add_relu, x + y < 0.0f ? 0.0f : x + y)
BINARY(add_hyperbolic_tangent, sentio_tanhf(x + y))
BINARY(add_sigmoid, sentio_sigmoidf(x + y))
BINARY(add_silu, sentio_siluf(x + y))
BINARY(add_gelu, sentio_geluf(x + y))
BINARY(add_gelu_tanh, sentio_gelu_tanhf(x + y))
