#include "recurrent.h"

#include <stdatomic.h>

#include "processor.h"
#include "recurrent_sequences.h"
// For the layout of scratch memory only.
#define WIDTH 4
#define TILE_ROWS 2
#include "recurrent_backward.h"
#include "recurrent_forward.h"
#include "recurrent_gradients.h"

size_t sentio_recurrent_gates(enum sentio_recurrent_cell cell) {
  return cell == SENTIO_RECURRENT_LSTM ? 4 : is_gru(cell) ? 3 : 1;
}

/// Asked once: in a virtual machine the instruction that tells costs microseconds.
static int has(uint32_t wanted) {
  static _Atomic uint32_t known;
  const uint32_t asked = UINT32_C(1) << 31;
  uint32_t features = atomic_load_explicit(&known, memory_order_relaxed);
  if (!features) {
    features = sentio_cpu_features() | asked;
    atomic_store_explicit(&known, features, memory_order_relaxed);
  }
  return (features & wanted) == wanted;
}

static const uint32_t wide = SENTIO_CPU_AVX512F | SENTIO_CPU_AVX512BW | SENTIO_CPU_AVX512DQ |
                             SENTIO_CPU_AVX512VL | SENTIO_CPU_FMA;

int sentio_recurrent_has_narrow(void) { return has(wide | SENTIO_CPU_AVX512_BF16); }

static const struct recurrent_sequences *sequences(enum sentio_recurrent_instructions wanted,
                                                   int narrow) {
#if defined(__x86_64__)
  if (narrow) return &sentio_recurrent_avx512_bf16;
  if (wanted == SENTIO_RECURRENT_BEST && has(wide)) return &sentio_recurrent_avx512;
  if (wanted != SENTIO_RECURRENT_PORTABLE && has(SENTIO_CPU_AVX2 | SENTIO_CPU_FMA)) {
    return &sentio_recurrent_avx2;
  }
#endif
  return &sentio_recurrent_portable;
}

void sentio_recurrent_forward(const struct sentio_recurrent_forward *work, float *scratch) {
  sequences(work->layer.instructions, work->layer.narrow)->forward(work, scratch);
}

void sentio_recurrent_backward(const struct sentio_recurrent_backward *work, float *scratch) {
  sequences(work->layer.instructions, work->layer.narrow)->backward(work, scratch);
}

size_t sentio_recurrent_forward_scratch(const struct sentio_recurrent_forward *work) {
  struct forward_state state;
  return forward_layout(work, NULL, &state);
}

size_t sentio_recurrent_backward_scratch(const struct sentio_recurrent_backward *work) {
  struct backward_state state;
  return backward_layout(work, NULL, &state);
}

size_t sentio_recurrent_input_gradient_scratch(const struct sentio_recurrent_input_gradient *work) {
  return inputs_scratch(work);
}

size_t sentio_recurrent_weight_gradient_scratch(
    const struct sentio_recurrent_weight_gradient *work) {
  return weights_scratch(work);
}

void sentio_recurrent_input_gradient(const struct sentio_recurrent_input_gradient *work,
                                     float *scratch) {
  sequences(work->instructions, work->narrow)->input_gradient(work, scratch);
}

void sentio_recurrent_weight_gradient(const struct sentio_recurrent_weight_gradient *work,
                                      float *scratch) {
  sequences(work->instructions, work->narrow)->weight_gradient(work, scratch);
}
