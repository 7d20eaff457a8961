#include "parallel.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>

// The OpenMP runtime's own entry points: what a compiler with -fopenmp would call. They are looked up
// at run time, so that the package links where no OpenMP runtime is installed; OpenBLAS's OpenMP build
// brings it into the process, and then OpenBLAS, oneDNN and these loops share one set of threads.
typedef void (*gomp_parallel_fn)(void (*)(void *), void *, unsigned, unsigned);
typedef int (*omp_query_fn)(void);
typedef void (*omp_set_fn)(int);
typedef void (*dispatch_apply_fn)(size_t, void *, void *, void (*)(void *, size_t));

static gomp_parallel_fn gomp_parallel;
static omp_query_fn omp_thread, omp_threads, omp_inside, omp_maximum;
static omp_set_fn omp_set_maximum;
static dispatch_apply_fn dispatch_apply;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Thread_local int inside, alone;
// Whether some thread is in a loop. Each thread that starts one would get a team of its own from
// libgomp, and two teams on the same cores wait for each other's time slices.
static atomic_int busy;

static void look_up(void) {
  gomp_parallel = (gomp_parallel_fn)dlsym(RTLD_DEFAULT, "GOMP_parallel");
  omp_thread = (omp_query_fn)dlsym(RTLD_DEFAULT, "omp_get_thread_num");
  omp_threads = (omp_query_fn)dlsym(RTLD_DEFAULT, "omp_get_num_threads");
  omp_inside = (omp_query_fn)dlsym(RTLD_DEFAULT, "omp_in_parallel");
  omp_maximum = (omp_query_fn)dlsym(RTLD_DEFAULT, "omp_get_max_threads");
  omp_set_maximum = (omp_set_fn)dlsym(RTLD_DEFAULT, "omp_set_num_threads");
  if (!omp_thread || !omp_threads || !omp_inside) gomp_parallel = NULL;
  dispatch_apply = (dispatch_apply_fn)dlsym(RTLD_DEFAULT, "dispatch_apply_f");
}

enum sentio_pool sentio_parallel_pool(void) {
  pthread_once(&once, look_up);
  if (gomp_parallel) return SENTIO_POOL_OPENMP;
  return dispatch_apply ? SENTIO_POOL_DISPATCH : SENTIO_POOL_NONE;
}

struct loop {
  size_t count, threads;
  void *context;
  sentio_loop_body body;
};

static void run_part(const struct loop *loop, size_t part, size_t parts) {
  const size_t begin = loop->count / parts * part + (loop->count % parts) * part / parts;
  const size_t end =
      loop->count / parts * (part + 1) + (loop->count % parts) * (part + 1) / parts;
  if (begin < end) loop->body(loop->context, begin, end);
}

static void openmp_thread(void *argument) {
  // The runtime may grant fewer threads than were asked for.
  run_part(argument, (size_t)omp_thread(), (size_t)omp_threads());
}

static void dispatch_part(void *argument, size_t part) {
  const struct loop *loop = argument;
  inside = 1;
  run_part(loop, part, loop->threads);
  inside = 0;
}

void sentio_parallel(size_t count, size_t threads, void *context, sentio_loop_body body) {
  struct loop loop = {count, threads < count ? threads : count, context, body};
  const enum sentio_pool pool = sentio_parallel_pool();
  if (loop.threads <= 1 || pool == SENTIO_POOL_NONE || inside || alone ||
      (pool == SENTIO_POOL_OPENMP && omp_inside()) || atomic_exchange(&busy, 1)) {
    if (count) body(context, 0, count);
    return;
  }
  if (pool == SENTIO_POOL_OPENMP) {
    gomp_parallel(openmp_thread, &loop, (unsigned)loop.threads, 0);
  } else {
    dispatch_apply(loop.threads, NULL, &loop, dispatch_part);
  }
  atomic_store(&busy, 0);
}

size_t sentio_parallel_width(void) {
  pthread_once(&once, look_up);
  if (inside || alone || !omp_maximum || (omp_inside && omp_inside())) return 1;
  const int threads = omp_maximum();
  return threads > 1 ? (size_t)threads : 1;
}

int sentio_is_alone(void) { return alone; }

int sentio_enter_alone(void) {
  pthread_once(&once, look_up);
  const int before = alone || !omp_maximum || !omp_set_maximum ? 0 : omp_maximum();
  alone++;
  if (before) omp_set_maximum(1);
  return before;
}

void sentio_leave_alone(int before) {
  alone--;
  if (before) omp_set_maximum(before);
}
