#include "recurrent.h"

#include "processor.h"
#include "recurrent_sequences.h"
// For the layout of scratch memory only.
#define WIDTH 4
#define TILE_ROWS 2
#include "recurrent_backward.h"
#include "recurrent_forward.h"

size_t sentio_recurrent_gates(enum sentio_recurrent_cell cell) {
  return cell == SENTIO_RECURRENT_LSTM ? 4 : is_gru(cell) ? 3 : 1;
}

static int has(uint32_t wanted) { return (sentio_cpu_features() & wanted) == wanted; }

static const uint32_t wide = SENTIO_CPU_AVX512F | SENTIO_CPU_AVX512BW | SENTIO_CPU_AVX512DQ |
                             SENTIO_CPU_AVX512VL | SENTIO_CPU_FMA;

int sentio_recurrent_has_narrow(void) { return has(wide | SENTIO_CPU_AVX512_BF16); }

static const struct recurrent_sequences *sequences(const struct sentio_recurrent_layer *layer) {
#if defined(__x86_64__)
  if (layer->narrow) return &sentio_recurrent_avx512_bf16;
  const int best = layer->instructions == SENTIO_RECURRENT_BEST;
  if (best && has(wide)) return &sentio_recurrent_avx512;
  if (layer->instructions != SENTIO_RECURRENT_PORTABLE && has(SENTIO_CPU_AVX2 | SENTIO_CPU_FMA)) {
    return &sentio_recurrent_avx2;
  }
#endif
  return &sentio_recurrent_portable;
}

void sentio_recurrent_forward(const struct sentio_recurrent_forward *work, float *scratch) {
  sequences(&work->layer)->forward(work, scratch);
}

void sentio_recurrent_backward(const struct sentio_recurrent_backward *work, float *scratch) {
  sequences(&work->layer)->backward(work, scratch);
}

size_t sentio_recurrent_forward_scratch(const struct sentio_recurrent_forward *work) {
  struct forward_state state;
  return forward_layout(work, NULL, &state);
}

size_t sentio_recurrent_backward_scratch(const struct sentio_recurrent_backward *work) {
  struct backward_state state;
  return backward_layout(work, NULL, &state);
}
