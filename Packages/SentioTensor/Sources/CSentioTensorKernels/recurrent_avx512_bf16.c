#include "recurrent_sequences.h"

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,fma"))), apply_to = function)
#define WIDTH 16
#define TILE_ROWS 6
#define NARROW 1
#include "recurrent_backward.h"
#include "recurrent_forward.h"
#include "recurrent_gradients.h"

static void forward(const struct sentio_recurrent_forward *work, float *scratch) {
  forward_sequence(work, scratch, 1);
}

static void backward(const struct sentio_recurrent_backward *work, float *scratch) {
  backward_sequence(work, scratch, 1);
}

static void inputs(const struct sentio_recurrent_input_gradient *work, float *scratch) {
  input_gradient(work, scratch, 1);
}

static void weights(const struct sentio_recurrent_weight_gradient *work, float *scratch) {
  weight_gradient(work, scratch, 1);
}
#pragma clang attribute pop

const struct recurrent_sequences sentio_recurrent_avx512_bf16 = {forward, backward, inputs, weights};
#endif
