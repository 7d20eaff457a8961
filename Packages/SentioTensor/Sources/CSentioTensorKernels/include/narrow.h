#ifndef CSENTIO_TENSOR_NARROW_H
#define CSENTIO_TENSOR_NARROW_H

#include <stddef.h>
#include <stdint.h>

/// Widens `count` IEEE 754 half-precision numbers, at any alignment; exact, NaN payloads kept.
void sentio_half_to_float(const void *source, float *target, size_t count);

/// Widens `count` bfloat16 numbers, at any alignment; exact.
void sentio_bfloat16_to_float(const void *source, float *target, size_t count);

/// Rounds to half precision, to nearest with ties to even; beyond 65,504 to infinity; NaN stays NaN.
void sentio_float_to_half(const float *source, uint16_t *target, size_t count);

/// Rounds to bfloat16, to nearest with ties to even; NaN stays NaN.
void sentio_float_to_bfloat16(const float *source, uint16_t *target, size_t count);

#endif
