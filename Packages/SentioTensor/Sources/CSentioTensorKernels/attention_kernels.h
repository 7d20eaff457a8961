// The chapters of the kernels in their order, once for each width and kind of factor; see attention.c.
// clang-format off
#include "vectors.h"

// A tile takes 24 of 32 registers, or 12 of 16.
#if LANES == 16
#define PANEL_VECTORS 4
#else
#define PANEL_VECTORS 2
#endif

// The packing functions for rows of the caller's arrays.
#ifdef NARROW_ARRAYS
#define OUTER(name) NAME(outer_##name)
#else
#define OUTER(name) NAME(name)
#endif

#include "attention_product.h"
#include "attention_pack.h"
#include "attention_scores.h"
#include "attention_forward.h"
#include "attention_backward.h"

static size_t NAME(scratch)(const struct sentio_attention *a, int backward) {
  return backward ? NAME(backward_layout)(a, a->keys, NULL).size : NAME(forward_layout)(a, NULL).size;
}
#undef VECTOR
#undef INTEGERS
#undef PANEL_VECTORS
#undef OUTER
