#ifndef SENTIO_DSP_KERNEL_CLONES_H
#define SENTIO_DSP_KERNEL_CLONES_H

#include <stddef.h>
#include <stdint.h>

// SwiftPM compiles for the oldest x86-64. A function marked SENTIO_CLONES is compiled once per
// vector width, and the loader binds the widest one that the machine has. Elsewhere (Arm has one
// baseline width) the mark is empty.
#if defined(__x86_64__) && defined(__linux__)
#define SENTIO_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define SENTIO_CLONES
#endif

// Helpers must be inlined into every clone, or they would run at the baseline width.
#define SENTIO_INLINE static inline __attribute__((always_inline))

#endif
