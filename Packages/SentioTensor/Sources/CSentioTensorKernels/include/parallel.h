#ifndef CSENTIO_TENSOR_PARALLEL_H
#define CSENTIO_TENSOR_PARALLEL_H

#include <stddef.h>

/// Work on the items begin..<end of a loop.
typedef void (*sentio_loop_body)(void *context, size_t begin, size_t end);

/// Splits `count` items into at most `threads` runs of neighbours and works on them at once. Returns
/// when all are done. Inside another such loop, or where no pool is found, the caller's thread does
/// it all.
void sentio_parallel(size_t count, size_t threads, void *context, sentio_loop_body body);

/// The pool that ``sentio_parallel`` starts its threads from.
enum sentio_pool { SENTIO_POOL_NONE, SENTIO_POOL_OPENMP, SENTIO_POOL_DISPATCH };
enum sentio_pool sentio_parallel_pool(void);

#endif
