#include "recurrent_sequences.h"

// Vectors of four: SSE2, NEON, or what the compiler makes of them.
#define WIDTH 4
#define TILE_ROWS 2
#include "recurrent_backward.h"
#include "recurrent_forward.h"
#include "recurrent_gradients.h"

static void forward(const struct sentio_recurrent_forward *work, float *scratch) {
  forward_sequence(work, scratch, 0);
}

static void backward(const struct sentio_recurrent_backward *work, float *scratch) {
  backward_sequence(work, scratch, 0);
}

static void inputs(const struct sentio_recurrent_input_gradient *work, float *scratch) {
  input_gradient(work, scratch, 0);
}

static void weights(const struct sentio_recurrent_weight_gradient *work, float *scratch) {
  weight_gradient(work, scratch, 0);
}

const struct recurrent_sequences sentio_recurrent_portable = {forward, backward, inputs, weights};
