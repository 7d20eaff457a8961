#ifndef CSENTIO_TENSOR_PARALLEL_H
#define CSENTIO_TENSOR_PARALLEL_H

#include <stddef.h>

/// Work on the items begin..<end of a loop.
typedef void (*sentio_loop_body)(void *context, size_t begin, size_t end);

/// Splits `count` items into at most `threads` runs of neighbours and works on them at once. Returns
/// when all are done. Inside another such loop, on this thread or another, between
/// ``sentio_enter_alone`` and ``sentio_leave_alone``, or where no pool is found, the caller's thread
/// does it all.
void sentio_parallel(size_t count, size_t threads, void *context, sentio_loop_body body);

/// The pool that ``sentio_parallel`` starts its threads from.
enum sentio_pool { SENTIO_POOL_NONE, SENTIO_POOL_OPENMP, SENTIO_POOL_DISPATCH };
enum sentio_pool sentio_parallel_pool(void);

/// The threads that another user of the OpenMP runtime would get if this thread called it now; at least 1.
size_t sentio_parallel_width(void);

/// From here on this thread's loops, and the OpenMP runtime's that it starts, use no other thread.
/// Hand the result to ``sentio_leave_alone``; pairs may be nested.
int sentio_enter_alone(void);
void sentio_leave_alone(int before);
int sentio_is_alone(void);

#endif
