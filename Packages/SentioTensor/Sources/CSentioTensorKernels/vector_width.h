#ifndef CSENTIO_TENSOR_VECTOR_WIDTH_H
#define CSENTIO_TENSOR_VECTOR_WIDTH_H

/// The widest of the kernels that are written in vectors for which the chip has the instructions.
enum sentio_vector_width { SENTIO_WIDTH_BASE, SENTIO_WIDTH_AVX2, SENTIO_WIDTH_AVX512 };
enum sentio_vector_width sentio_vector_width(void);

/// Whether the chip multiplies pairs of bfloat16 numbers in such vectors.
int sentio_vector_pairs(void);

#if defined(__x86_64__)
#define BY_WIDTH(name, ...)                                             \
  switch (sentio_vector_width()) {                                      \
    case SENTIO_WIDTH_AVX512: name##_avx512(__VA_ARGS__); break;        \
    case SENTIO_WIDTH_AVX2: name##_avx2(__VA_ARGS__); break;            \
    case SENTIO_WIDTH_BASE: name##_base(__VA_ARGS__); break;            \
  }
#else
#define BY_WIDTH(name, ...) name##_base(__VA_ARGS__);
#endif

#endif
