#ifndef CSENTIO_TENSOR_RANDOM_H
#define CSENTIO_TENSOR_RANDOM_H

#include <stddef.h>
#include <stdint.h>

// Philox4x32-10: word `w` of stream `stream` under `key` is word w mod 4 of the block with counter
// (w / 4, stream). All results are the same bits on every chip and for every split of the work.

/// One block: four words for a counter of four and a key of two.
void sentio_philox_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/// `count` words from word `position` on.
void sentio_philox_words(uint64_t key, uint64_t stream, uint64_t position, uint32_t *out,
                         size_t count);

/// Maps words to [0, 1): multiples of 2^-24.
void sentio_words_to_uniform(const uint32_t *words, float *out, size_t count);

/// Maps 2·pairs words to as many standard normal numbers (Box and Muller); `out` may be `words`.
void sentio_words_to_normal(const uint32_t *words, float *out, size_t pairs);

#endif
