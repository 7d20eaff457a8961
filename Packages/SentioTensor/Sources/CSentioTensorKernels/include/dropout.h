#ifndef CSENTIO_TENSOR_DROPOUT_H
#define CSENTIO_TENSOR_DROPOUT_H

#include <stddef.h>
#include <stdint.h>

#include "elementwise.h"

/// 0 where the random word at an element's place is at most `last`, else x · scale; the words are
/// those of ``sentio_philox_words``. `out` may be `x`. The same call gives the gradient.
void sentio_dropout(const float *x, float *out, size_t count, uint64_t key, uint64_t stream,
                    uint64_t position, uint32_t last, float scale);
/// 0 where `y` is, whatever x is, else x · y.
SENTIO_DECLARE_BINARY(masked)

#endif
