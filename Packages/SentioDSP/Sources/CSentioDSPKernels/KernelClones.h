#ifndef SENTIO_DSP_KERNEL_CLONES_H
#define SENTIO_DSP_KERNEL_CLONES_H

#include <stddef.h>
#include <stdint.h>

// SwiftPM compiles for the oldest x86-64. A function marked SENTIO_CLONES is compiled once per
// vector width, and the loader binds the widest one that the machine has. Elsewhere (Arm has one
// baseline width) the mark is empty.
//
// Not the levels "arch=x86-64-v4" and "arch=x86-64-v3": clang tunes v4 for vectors of 256 bits and splits
// ours of 512, which took the transform of 1024 points from 3.8 to 6.3 µs and the polyphase sum from 0.80 to
// 1.10 ms; v3, with fused multiply-add, took the sum from 1.53 to 1.31 ms but the transform from 7.0 to 10 µs.
#if defined(__x86_64__) && defined(__linux__)
#define SENTIO_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define SENTIO_CLONES
#endif

// Helpers must be inlined into every clone, or they would run at the baseline width.
#define SENTIO_INLINE static inline __attribute__((always_inline))

#endif
