#ifndef CSENTIO_NN_UPDATE_H
#define CSENTIO_NN_UPDATE_H

#include <stddef.h>

/// What happens to a gradient and to a weight before the rule proper: g ← clamp(scale·g, ±limit) +
/// coupled·w, and w ← shrink·w.
struct sentio_preparation {
  float scale, limit, coupled, shrink;
};

/// w ← w − rate·u, with u the momentum's mean of gradients. `velocity` may be null.
struct sentio_sgd {
  struct sentio_preparation before;
  float rate, momentum;
  int nesterov;
};
void sentio_sgd_step(const struct sentio_sgd *rule, float *w, const float *g, float *velocity,
                     size_t count);

/// w ← w − rate·g / (√square + epsilon). `mean` is null where not centred, `velocity` without momentum.
/// `kept` and `share` are smoothing and its complement, which single precision would round apart.
struct sentio_rms_prop {
  struct sentio_preparation before;
  float rate, kept, share, momentum, epsilon;
};
void sentio_rms_prop_step(const struct sentio_rms_prop *rule, float *w, const float *g,
                          float *square, float *mean, float *velocity, size_t count);

/// w ← w − rate·first / (√second·inverse_root + epsilon). `largest` is null but for AMSGrad.
/// `share1` is 1 − beta1, `kept2` beta2 and `share2` its complement.
struct sentio_adam {
  struct sentio_preparation before;
  float rate, share1, kept2, share2, inverse_root, epsilon;
};
void sentio_adam_step(const struct sentio_adam *rule, float *w, const float *g, float *first,
                      float *second, float *largest, size_t count);

/// mean ← mean + share·(x − mean).
void sentio_follow(float *mean, const float *x, float share, size_t count);

/// sum ← sum + factor·x.
void sentio_accumulate(float *sum, const float *x, float factor, size_t count);

/// Σ x², in an order that does not depend on the chip.
double sentio_sum_of_squares(const float *x, size_t count);

#endif
