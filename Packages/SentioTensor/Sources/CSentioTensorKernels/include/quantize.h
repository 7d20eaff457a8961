#ifndef CSENTIO_TENSOR_QUANTIZE_H
#define CSENTIO_TENSOR_QUANTIZE_H

#include <stddef.h>
#include <stdint.h>

/// x · inverse_scale + zero_point, rounded to the nearest integer, the even one of two, in 0...255. What is not
/// a number becomes the zero point, as 0 does.
void sentio_quantize(const float *x, uint8_t *out, size_t count, float inverse_scale, int zero_point);

/// Each row divided by a scale of its own, which takes its largest magnitude to 127, and rounded; and the sums
/// of the rounded rows. The scale of a row of zeros is 0.
void sentio_quantize_rows(const float *x, int8_t *out, float *scales, int32_t *sums, size_t rows,
                          size_t columns);

/// sums[row, column] = Σ a[row, i] · b[column, i]: `rows` rows of a against all `columns` rows of b. The sums fit
/// where `length` is at most 66,311.
void sentio_integer_product(const uint8_t *a, const int8_t *b, int32_t *sums, size_t rows,
                            size_t columns, size_t length);

/// out = (sums − offsets) · factors + bias, with one offset, factor and bias for each column; bias may be NULL.
void sentio_dequantize(const int32_t *sums, const int32_t *offsets, const float *factors,
                       const float *bias, float *out, size_t rows, size_t columns);

/// out = (sums − offsets) · factors + bias + addend, whose rows are those of out; bias may be NULL.
void sentio_dequantize_onto(const int32_t *sums, const int32_t *offsets, const float *factors,
                            const float *bias, const float *addend, float *out, size_t rows,
                            size_t columns);

#endif
