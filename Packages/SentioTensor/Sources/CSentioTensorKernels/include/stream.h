#ifndef CSENTIO_TENSOR_STREAM_H
#define CSENTIO_TENSOR_STREAM_H

#include <stddef.h>

/// Copies to memory past the caches, which then need not read the lines that are written over.
void sentio_copy_past_caches(const float *source, float *target, size_t count);

/// The bytes from which on an output is too large for the last cache to hold it for its reader.
size_t sentio_stream_threshold(void);

#endif
