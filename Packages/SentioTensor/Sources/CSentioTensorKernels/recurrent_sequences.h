#ifndef SENTIO_RECURRENT_SEQUENCES_H
#define SENTIO_RECURRENT_SEQUENCES_H

#include "recurrent.h"

/// The two ways through a sequence as one instruction set has them; each file of them compiles
/// the same loops.
struct recurrent_sequences {
  void (*forward)(const struct sentio_recurrent_forward *, float *);
  void (*backward)(const struct sentio_recurrent_backward *, float *);
};

extern const struct recurrent_sequences sentio_recurrent_portable, sentio_recurrent_avx2,
    sentio_recurrent_avx512, sentio_recurrent_avx512_bf16;

#endif
