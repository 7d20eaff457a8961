#ifndef SENTIO_NN_CLONES_H
#define SENTIO_NN_CLONES_H

// SwiftPM allows no flags for a processor, so each wide loop is compiled once per vector width and
// the loader picks the widest that the machine has.
#if defined(__x86_64__) && defined(__linux__)
#define SENTIO_CLONES __attribute__((target_clones("avx512f", "arch=x86-64-v3", "default")))
#else
#define SENTIO_CLONES
#endif

#endif
