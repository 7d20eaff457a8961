#include "dropout.h"

#include "loops.h"
#include "random.h"

SENTIO_CLONES static void drop(const float *x, float *out, const uint32_t *words, size_t count,
                               uint32_t last, float scale) {
  ELEMENTS(count) out[i] = words[i] <= last ? 0.0f : x[i] * scale;
}

void sentio_dropout(const float *x, float *out, size_t count, uint64_t key, uint64_t stream,
                    uint64_t position, uint32_t last, float scale) {
  // The words are made a cache's worth at a time and kept nowhere.
  enum { WORDS = 1024 };
  uint32_t words[WORDS];
  for (size_t done = 0; done < count; done += WORDS) {
    const size_t n = count - done < WORDS ? count - done : WORDS;
    sentio_philox_words(key, stream, position + done, words, n);
    drop(x + done, out + done, words, n, last, scale);
  }
}

BINARY(masked, y == 0.0f ? 0.0f : x *y)
