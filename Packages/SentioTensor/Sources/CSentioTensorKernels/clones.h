#ifndef CSENTIO_TENSOR_CLONES_H
#define CSENTIO_TENSOR_CLONES_H

// Swift packages compile C for the oldest chip of an architecture. A function with this mark is
// compiled once for each vector width, and the loader picks the clone for the chip at hand. The widest
// is named by its feature and not as x86-64-v4, for which clang keeps some loops at 256 bits: softmax
// takes a fifth longer there. The one in the middle is named as a level, which has FMA beside AVX2.
//
// ThreadSanitizer's code cannot run as early as the loader picks.
#if defined(__x86_64__) && defined(__linux__) && !__has_feature(thread_sanitizer)
#define SENTIO_CLONES __attribute__((target_clones("avx512f", "arch=x86-64-v3", "default")))
#else
#define SENTIO_CLONES
#endif

#endif
