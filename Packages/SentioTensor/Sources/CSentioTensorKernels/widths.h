// Included by a C file that defines KERNELS, the name of a header: that header is included for every width
// of vectors, with names that end in the width, and the target's instructions allowed.

#define LANES 4
#define NAME(name) name##_base
#include KERNELS
#undef LANES
#undef NAME

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define NAME(name) name##_avx2
#include KERNELS
#undef LANES
#undef NAME
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))), \
                             apply_to = function)
#define LANES 16
#define NAME(name) name##_avx512
#include KERNELS
#undef LANES
#undef NAME
#pragma clang attribute pop
#endif
