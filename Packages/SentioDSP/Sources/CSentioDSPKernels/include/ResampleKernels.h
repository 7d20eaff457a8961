#ifndef SENTIO_RESAMPLE_KERNELS_H
#define SENTIO_RESAMPLE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// Blocks of 16 outputs that all share one banded coefficient matrix:
// y[16 b + j] = sum over i of x[advance * b + i] * bands[16 i + j], i < rows.
void sentio_resample_banded(const float *x, const float *bands, ptrdiff_t rows,
                            ptrdiff_t advance, ptrdiff_t blocks, float *y);

// One row of coefficients a phase; `taps` is a multiple of 16.
// Output n reads x from floor((remainder + n * decimation) / phases).
void sentio_resample_polyphase(const float *x, const float *rows, ptrdiff_t taps,
                               int64_t phases, int64_t decimation, int64_t remainder,
                               ptrdiff_t count, float *y);

// As above, but the rows sample the prototype on a grid of `grid` steps an input sample (row r stands for the
// fraction (r - 1) / grid), between which a cubic through four rows interpolates.
void sentio_resample_interpolated(const float *x, const float *rows, ptrdiff_t taps, int64_t grid,
                                  int64_t phases, int64_t decimation, int64_t remainder,
                                  ptrdiff_t count, float *y);

#endif
