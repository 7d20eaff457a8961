// Included once for each vector width, without a guard; see widths.h. Numbers travel in vectors of LANES,
// which the compiler maps to the registers of the chip that the file is included for.

typedef float NAME(vector) __attribute__((ext_vector_type(LANES)));
typedef NAME(vector) NAME(loose) __attribute__((aligned(4), may_alias));
typedef int32_t NAME(integers) __attribute__((ext_vector_type(LANES)));
#define VECTOR NAME(vector)
#define INTEGERS NAME(integers)

static inline __attribute__((always_inline)) VECTOR NAME(load)(const void *p) {
  return *(const NAME(loose) *)p;
}

static inline __attribute__((always_inline)) void NAME(store)(void *p, VECTOR v) {
  *(NAME(loose) *)p = v;
}

/// The larger, `b` where either is NaN.
static inline __attribute__((always_inline)) VECTOR NAME(larger)(VECTOR a, VECTOR b) {
  return a > b ? a : b;
}

/// e to the x for x ≤ 0, to 1.5 units of the last place; 0 from -88 down; NaN stays.
static inline __attribute__((always_inline)) VECTOR NAME(exp)(VECTOR x) {
  const VECTOR t = NAME(larger)((VECTOR)(-0x1.601e68p+6f), x);  // -127 ln 2, where 2^n becomes 0
  // The rounded exponent stands in the low bits, 127 higher: as a float's exponent counts.
  const VECTOR shifted = t * 0x1.715476p+0f + 0x1.8000fep+23f;
  const VECTOR n = shifted - 0x1.8000fep+23f;
  const VECTOR r = (t - n * 0x1.62e4p-1f) - n * 0x1.7f7d1cp-20f;
  VECTOR p = r * 0x1.6db410p-10f + 0x1.123b46p-7f;
  p = p * r + 0x1.55545ep-5f;
  p = p * r + 0x1.55548ep-3f;
  p = p * r + 0x1.0p-1f;
  p = p * (r * r) + r;
  return (p + 1.0f) * (VECTOR)((INTEGERS)shifted << 23);
}

#if LANES == 16
#define FOLD(v, JOIN)                              \
  const __auto_type eight = JOIN((v).lo, (v).hi);  \
  const __auto_type four = JOIN(eight.lo, eight.hi);
#elif LANES == 8
#define FOLD(v, JOIN) const __auto_type four = JOIN((v).lo, (v).hi);
#else
#define FOLD(v, JOIN) const __auto_type four = (v);
#endif
#define ADDED(a, b) ((a) + (b))
#define LARGER(a, b) ((a) > (b) ? (a) : (b))

static inline __attribute__((always_inline)) float NAME(sum)(VECTOR v) {
  FOLD(v, ADDED)
  const __auto_type two = four.lo + four.hi;
  return two.x + two.y;
}

static inline __attribute__((always_inline)) float NAME(maximum)(VECTOR v) {
  FOLD(v, LARGER)
  const __auto_type two = LARGER(four.lo, four.hi);
  return two.x > two.y ? two.x : two.y;
}
#undef FOLD
#undef ADDED
#undef LARGER

#if LANES == 16
#define LOW_HALVES(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH_HALVES(a, b) \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#elif LANES == 8
#define LOW_HALVES(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define HIGH_HALVES(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#else
#define LOW_HALVES(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define HIGH_HALVES(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#endif

/// Turns LANES vectors of rows into those of columns: dealing two halves of a deck together, as often as
/// the number of cards can be halved.
static inline __attribute__((always_inline)) void NAME(transpose)(VECTOR v[LANES]) {
  VECTOR w[LANES];
#pragma clang loop unroll(full)
  for (int round = 1; round < LANES; round *= 2) {
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES / 2; i++) {
      w[2 * i] = LOW_HALVES(v[i], v[i + LANES / 2]);
      w[2 * i + 1] = HIGH_HALVES(v[i], v[i + LANES / 2]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES; i++) v[i] = w[i];
  }
}
#undef LOW_HALVES
#undef HIGH_HALVES
