#ifndef CSENTIO_TENSOR_ROW_SUM_H
#define CSENTIO_TENSOR_ROW_SUM_H

#include <stddef.h>

enum { LANES = 32, BLOCK = 512 };

// The loops below keep LANES partial results in arrays that the compiler holds in registers: the
// order of additions is written down, and so is the same in every clone.
#define ROW_SUM(total, columns, TERM)                                              \
  do {                                                                             \
    double sums_[LANES] = {0};                                                     \
    size_t j_ = 0;                                                                 \
    while (j_ + LANES <= (columns)) {                                              \
      const size_t rest_ = (columns) - j_;                                         \
      const size_t end_ = j_ + (rest_ < BLOCK ? rest_ / LANES * LANES : BLOCK);    \
      float lanes_[LANES] = {0};                                                   \
      for (; j_ < end_; j_ += LANES) {                                             \
        for (int l_ = 0; l_ < LANES; l_++) {                                       \
          const size_t i = j_ + (size_t)l_;                                        \
          lanes_[l_] += (TERM);                                                    \
        }                                                                          \
      }                                                                            \
      for (int l_ = 0; l_ < LANES; l_++) sums_[l_] += (double)lanes_[l_];          \
    }                                                                              \
    total = 0;                                                                     \
    for (; j_ < (columns); j_++) {                                                 \
      const size_t i = j_;                                                         \
      total += (double)(TERM);                                                     \
    }                                                                              \
    for (int half_ = LANES / 2; half_ > 0; half_ /= 2) {                           \
      for (int l_ = 0; l_ < half_; l_++) sums_[l_] += sums_[l_ + half_];           \
    }                                                                              \
    total += sums_[0];                                                             \
  } while (0)

#endif
