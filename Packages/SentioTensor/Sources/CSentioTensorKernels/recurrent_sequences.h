#ifndef SENTIO_RECURRENT_SEQUENCES_H
#define SENTIO_RECURRENT_SEQUENCES_H

#include "recurrent.h"

/// The loops as one instruction set has them; each file of them compiles the same.
struct recurrent_sequences {
  void (*forward)(const struct sentio_recurrent_forward *, float *);
  void (*backward)(const struct sentio_recurrent_backward *, float *);
  void (*input_gradient)(const struct sentio_recurrent_input_gradient *, float *);
  void (*weight_gradient)(const struct sentio_recurrent_weight_gradient *, float *);
};

extern const struct recurrent_sequences sentio_recurrent_portable, sentio_recurrent_avx2,
    sentio_recurrent_avx512, sentio_recurrent_avx512_bf16;

#endif
