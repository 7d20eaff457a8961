#ifndef CSENTIO_TENSOR_REARRANGE_H
#define CSENTIO_TENSOR_REARRANGE_H

#include <stddef.h>

/// Copies a block of `rank` axes (at most 8) between two strided layouts; strides count elements and
/// may be 0 or negative on the reading side. With `accumulate`, adds to what is there.
void sentio_copy_strided(const float *source, const ptrdiff_t *source_strides, float *target,
                         const ptrdiff_t *target_strides, const size_t *extents, size_t rank,
                         int accumulate);

#endif
